package io.opencrane.litellm;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.ModelGateway;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The model gateway on a LiteLLM proxy (contract: litellm.md).
 *
 * <p>Every operation may be repeated, by the caller and by this class, which repeats whole operations and never a single request: a lost
 * answer is settled by reading what LiteLLM has, so no key is registered twice and none is orphaned. What LiteLLM says is believed only as
 * far as it can be: a 404 or a 401 counts when LiteLLM also says that its database is connected, and a change counts when a read shows it.
 * A deletion is true in LiteLLM's database; other replicas of LiteLLM may honour a key from their cache for about a minute.
 *
 * <p>Failures are {@link OpenCraneException}s: {@code UNAUTHORIZED} and {@code FORBIDDEN} for the master key, {@code TIMEOUT} when there
 * was no answer in time, {@code UPSTREAM_ERROR} otherwise. After five exchanges in a row without an answer, calls fail at once for half a
 * minute, with the failure of the last of them, those about a spend path apart from all others; {@link #health} goes on asking. No key
 * shows in messages, causes or logs, and of its hash eight digits at the most. Thread-safe. It starts no thread of its own; the JDK's HTTP
 * client does, unless one is given.
 */
public final class LiteLlmGateway implements ModelGateway {
    private final Endpoint endpoint;
    private final Readiness readiness;
    private final Teams teams;
    private final TeamList teamList;
    private final Keys keys;
    private final Placement placement;
    private final Admission admission;
    private final Spending spending;
    private final Retries retries;

    LiteLlmGateway(LiteLlmGatewayBuilder settings, HttpClient client) {
        endpoint = settings.endpoint;
        HostHeaders headers = new HostHeaders(settings.headers);
        Scrubber scrubber = new Scrubber(settings.masterKey, headers::sent);
        Transport transport = transport("LiteLLM", settings, client, headers, scrubber);
        readiness = new Readiness(transport);
        Failures failures = new Failures(readiness, scrubber);
        teams = new Teams(transport, failures);
        teamList = new TeamList(transport, failures);
        keys = new Keys(transport, failures);
        placement = new Placement(transport, failures, teams, keys);
        admission = new Admission(transport, failures, readiness);
        // What is dead behind the path is not LiteLLM.
        Transport spendPath = transport("The spend path", settings, client, headers, scrubber);
        spending = new Spending(spendPath, failures, teams, new Usage(transport, failures, keys), settings.spendPath);
        retries = new Retries(
                settings.maxAttempts,
                settings.firstDelay,
                () -> ThreadLocalRandom.current().nextDouble());
    }

    /** With a circuit of its own. */
    private static Transport transport(
            String whose, LiteLlmGatewayBuilder settings, HttpClient client, HostHeaders headers, Scrubber scrubber) {
        Circuit circuit = new Circuit(whose, settings.failures, settings.open, settings.clock, scrubber);
        return new Transport(
                client, settings.endpoint, settings.masterKey, settings.limits(), headers, circuit, settings.clock);
    }

    /**
     * Starts a gateway.
     *
     * @param endpoint where LiteLLM listens, http or https, with a path prefix if it is behind one
     * @param masterKey LiteLLM's master key
     * @return a builder with defaults for everything else
     * @throws IllegalArgumentException if the endpoint is not such a URL, or the key cannot be sent in a header
     */
    public static LiteLlmGatewayBuilder builder(URI endpoint, SecretText masterKey) {
        return new LiteLlmGatewayBuilder(endpoint, masterKey);
    }

    @Override
    public void ensureTeam(Team team) {
        requireText(team.teamId(), "LiteLLM team", "teamId");
        BigDecimal budget = team.monthlyBudgetUsd();
        if (budget != null && budget.signum() < 0) {
            throw refused(
                    "LiteLLM team " + team.teamId(),
                    "monthlyBudgetUsd",
                    Problem.Code.OUT_OF_RANGE,
                    "A monthly budget must be zero or more; leave it out for an unlimited team.");
        }
        retries.run(attempt -> teams.ensure(team));
    }

    @Override
    public Optional<TeamState> findTeam(String teamId) {
        requireText(teamId, "LiteLLM team", "teamId");
        return retries.call(attempt -> teams.find(teamId).map(spending::of));
    }

    /** {@inheritDoc} With a spend path, every one of them is a request more. */
    @Override
    public List<TeamState> teams(Map<String, String> metadata) {
        Map<String, String> wanted = Map.copyOf(metadata);
        return retries.call(
                attempt -> teamList.having(wanted).stream().map(spending::of).toList());
    }

    @Override
    public void blockTeam(String teamId, boolean blocked) {
        requireText(teamId, "LiteLLM team", "teamId");
        retries.run(attempt -> teams.block(teamId, blocked));
    }

    /** {@inheritDoc} LiteLLM deletes the keys with the team; what it left is deleted one by one. */
    @Override
    public void deleteTeam(String teamId) {
        requireText(teamId, "LiteLLM team", "teamId");
        retries.run(attempt -> {
            teams.delete(teamId);
            keys.ofTeam(teamId).forEach(key -> keys.delete(key.keyHash()));
        });
    }

    /** {@inheritDoc} A spend path knows no days: it tells of the budget's current period. */
    @Override
    public List<ModelUsage> usage(String teamId, LocalDate from, LocalDate to) {
        requireText(teamId, "LiteLLM team", "teamId");
        if (to.isBefore(from)) {
            throw refused(
                    "LiteLLM team " + teamId, "to", Problem.Code.OUT_OF_RANGE, "The last day is before the first.");
        }
        return retries.call(attempt -> spending.usage(teamId, from, to));
    }

    @Override
    public String spendSource() {
        return endpoint + spending.source();
    }

    /** {@inheritDoc} The team is looked up first: LiteLLM would mint a key for an unknown one, which then fails when used. */
    @Override
    public void registerKey(NewKey key) {
        requireText(key.alias(), "LiteLLM key", "alias");
        String subject = "LiteLLM key " + key.alias();
        if (!key.secret().reveal().matches("sk-[A-Za-z0-9_-]{22,}")) {
            throw refused(
                    subject,
                    "secret",
                    Problem.Code.MALFORMED,
                    "A key must be sk- and at least 22 letters, digits, dashes or underscores.");
        }
        retries.run(attempt -> {
            if (!teams.exists(key.teamId())) {
                throw new OpenCraneException(
                        ErrorCode.NOT_FOUND, subject, "There is no LiteLLM team " + key.teamId() + "; make it first.");
            }
            keys.register(key, attempt);
        });
    }

    @Override
    public Optional<KeyState> findKey(String keyHash) {
        requireHash(keyHash);
        return retries.call(attempt -> keys.find(keyHash, Keys.subject(keyHash)));
    }

    @Override
    public List<KeyState> keysOf(String teamId) {
        requireText(teamId, "LiteLLM team", "teamId");
        return retries.call(attempt -> keys.ofTeam(teamId));
    }

    @Override
    public List<KeyState> keys(Map<String, String> metadata) {
        Map<String, String> wanted = Map.copyOf(metadata);
        return retries.call(attempt -> keys.having(wanted));
    }

    @Override
    public void placeKey(String keyHash, String teamId, Map<String, String> metadata) {
        requireHash(keyHash);
        requireText(teamId, Keys.subject(keyHash), "teamId");
        Map<String, String> added = Map.copyOf(metadata);
        retries.run(attempt -> placement.place(keyHash, teamId, added, attempt));
    }

    @Override
    public boolean accepts(SecretText key) {
        if (!HostHeaders.isWord(key)) {
            throw refused(
                    "LiteLLM key", "key", Problem.Code.MALFORMED, "A key must be printable ASCII without spaces.");
        }
        return retries.call(attempt -> admission.accepts(key));
    }

    @Override
    public void deleteKey(String keyHash) {
        requireHash(keyHash);
        retries.run(attempt -> keys.delete(keyHash));
    }

    /** {@inheritDoc} LiteLLM is asked even while calls fail at once because it did not answer. */
    @Override
    public GatewayHealth health() {
        return readiness.probe();
    }

    /**
     * Names the endpoint only.
     *
     * @return for example {@code LiteLlmGateway[http://litellm:4000]}
     */
    @Override
    public String toString() {
        return "LiteLlmGateway[" + endpoint + "]";
    }

    private static void requireText(String value, String subject, String path) {
        if (value.isBlank()) {
            throw refused(subject, path, Problem.Code.REQUIRED, "It cannot be blank.");
        }
    }

    /** Stops a raw key from being taken for a hash: it would end in a URL, and so in access logs. */
    private static void requireHash(String keyHash) {
        if (!keyHash.matches("[0-9a-f]{64}")) {
            throw refused(
                    "LiteLLM key", "keyHash", Problem.Code.MALFORMED, "A key is named by its lower-case hex SHA-256.");
        }
    }

    private static ValidationException refused(String subject, String path, Problem.Code code, String sentence) {
        return new ValidationException(subject, List.of(new Problem(path, code, sentence)));
    }
}
