package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.resource.SecretText;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A LiteLLM proxy on a free port of the loopback interface, for tests: real HTTP, teams and keys in memory, LiteLLM's answers and LiteLLM's
 * wrong turns (litellm.md §9, F1–F29). It keeps no raw key. Other languages control it over HTTP as {@link FakeLiteLlmServer} says. Thread-safe; {@link #close()} frees port and threads.
 */
public final class FakeLiteLlm implements AutoCloseable {
    private final ProxyState state;
    private final Proxy proxy;
    private final String pathPrefix;
    private final Listener listener;

    private FakeLiteLlm(SecretText masterKey, InstantSource clock, String pathPrefix, int port) {
        this.state = new ProxyState(masterKey, clock);
        this.proxy = new Proxy(state, pathPrefix);
        this.pathPrefix = pathPrefix;
        this.listener = new Listener(proxy, port);
    }

    /**
     * Starts a proxy with the system's clock.
     *
     * @param masterKey what administrators send
     * @return the running proxy
     */
    public static FakeLiteLlm start(SecretText masterKey) {
        return start(masterKey, InstantSource.system());
    }

    /**
     * Starts a proxy.
     *
     * @param masterKey what administrators send
     * @param clock decides when budgets reset, ten minutes after they are due, and when keys expire
     * @return the running proxy
     */
    public static FakeLiteLlm start(SecretText masterKey, InstantSource clock) {
        return start(masterKey, clock, "");
    }

    /**
     * Starts a proxy that serves below a path, as behind an ingress.
     *
     * @param masterKey what administrators send
     * @param clock decides when budgets reset, ten minutes after they are due, and when keys expire
     * @param pathPrefix for example {@code /llm}, or empty
     * @return the running proxy
     */
    public static FakeLiteLlm start(SecretText masterKey, InstantSource clock, String pathPrefix) {
        return new FakeLiteLlm(masterKey, clock, pathPrefix, 0);
    }

    /** On a port of choice, 0 for any free one. */
    static FakeLiteLlm listen(SecretText masterKey, int port) {
        return new FakeLiteLlm(masterKey, InstantSource.system(), "", port);
    }

    /**
     * Where it listens, the same after {@link #stop()} and {@link #start()}.
     *
     * @return for example {@code http://127.0.0.1:40123}
     */
    public URI endpoint() {
        return URI.create(listener.url() + pathPrefix);
    }

    /** Refuses connections from now on. What it knows is kept. */
    public void stop() {
        proxy.releaseAnswers();
        listener.stop();
    }

    /** Takes connections again, on the same port. Does nothing while it runs. */
    public void start() {
        listener.start();
    }

    /** Stops for good. */
    @Override
    public void close() {
        stop();
    }

    /**
     * Lets the next matching request go wrong. Planned faults apply in order.
     *
     * @param route method and path, for example {@code POST /key/generate} or {@code POST /key/{key}/reset_spend}, or {@code *}
     * @param fault what goes wrong
     */
    public void failNext(String route, LiteLlmFault fault) {
        failNext(route, 1, fault);
    }

    /**
     * Lets the next matching requests go wrong. Planned faults apply in order.
     *
     * @param route method and path, for example {@code POST /key/generate} or {@code POST /key/{key}/reset_spend}, or {@code *}
     * @param times how many, 1 or more
     * @param fault what goes wrong
     * @throws IllegalArgumentException if less than 1
     */
    public void failNext(String route, int times, LiteLlmFault fault) {
        proxy.plan(route, times, fault);
    }

    /**
     * Lets further requests pass, whatever they are, and the one after them go wrong, so that a test can cut the k-th request. Goes before the
     * faults of {@link #failNext}. Several count on their own; of two that are due at once, the later planned waits for the next request.
     *
     * @param requests how many pass, 0 or more
     * @param fault what goes wrong then
     * @throws IllegalArgumentException if less than 0
     */
    public void failAfter(int requests, LiteLlmFault fault) {
        proxy.planAfter(requests, fault);
    }

    /** Forgets the planned faults. */
    public void clearFaults() {
        proxy.clearFaults();
    }

    /** Sends the answers that {@link LiteLlmFault#withholdAnswer()} and {@link LiteLlmFault#answerLate} hold back so far. */
    public void releaseAnswers() {
        proxy.releaseAnswers();
    }

    /**
     * Behaves like another release.
     *
     * @param quirk where it differs
     */
    public void enable(LiteLlmQuirk quirk) {
        synchronized (state) {
            state.quirks.add(quirk);
        }
    }

    /**
     * Behaves like the most widely described release again.
     *
     * @param quirk where it no longer differs
     */
    public void disable(LiteLlmQuirk quirk) {
        synchronized (state) {
            state.quirks.remove(quirk);
        }
    }

    /**
     * Changes the state of the database. Its content is kept.
     *
     * @param database what becomes of it
     */
    public void database(LiteLlmDatabase database) {
        synchronized (state) {
            state.database = database;
        }
    }

    /**
     * Lets a team spend money, at once and without a call of a model.
     *
     * @param teamId the team
     * @param usd how much
     * @throws IllegalArgumentException if there is no such team
     */
    public void spend(String teamId, BigDecimal usd) {
        synchronized (state) {
            state.settle();
            state.spend(teamId, usd);
        }
    }

    /**
     * Books a call of a model at once: on the key, on the team that the key has, in the daily activity of today in UTC and in the spend log.
     * Nothing is asked: neither whether the key is let in nor whether its budget allows it.
     *
     * @param key the raw key
     * @param model the model, for example {@code gpt-5}
     * @param costUsd what it cost, 0 or more
     * @throws IllegalArgumentException if there is no such key
     */
    public void call(SecretText key, String model, BigDecimal costUsd) {
        call(ProxyState.sha256(key.reveal()), model, costUsd);
    }

    /**
     * Books a call of a model at once, as {@link #call(SecretText, String, BigDecimal)}.
     *
     * @param keyHash the lower-case hex SHA-256 of the raw key
     * @param model the model, for example {@code gpt-5}
     * @param costUsd what it cost, 0 or more
     * @throws IllegalArgumentException if there is no such key
     */
    public void call(String keyHash, String model, BigDecimal costUsd) {
        synchronized (state) {
            state.settle();
            state.bookNow(keyHash, model, costUsd);
        }
    }

    /**
     * Sets what a chat completion over HTTP costs; 0.01 USD where nothing is set. A call that costs nothing is let in whatever the budget.
     *
     * @param model the model
     * @param usdPerCall the price of a call, 0 or more
     */
    public void price(String model, BigDecimal usdPerCall) {
        synchronized (state) {
            state.book.price(model, usdPerCall);
        }
    }

    /**
     * Sets how long after a chat completion its spend shows; 10 seconds if nothing is set. Calls before this keep their time.
     *
     * @param delay of the proxy's clock; until then the call counts against budgets only
     */
    public void flushDelay(Duration delay) {
        synchronized (state) {
            state.book.flushDelay(delay);
        }
    }

    /**
     * Makes a key as another platform's administrator would: the secret is the proxy's, it has no team, and its budget is its own.
     *
     * @param alias its alias or null
     * @param maxBudgetUsd its ceiling or null
     * @param budgetDuration the period of its budget, for example {@code 30d}, or null
     * @param spentUsd what it spent so far
     * @return the raw key, which the proxy does not keep
     * @throws IllegalArgumentException if LiteLLM would refuse it, for example because the alias is taken
     */
    public SecretText addKey(
            @Nullable String alias,
            @Nullable BigDecimal maxBudgetUsd,
            @Nullable String budgetDuration,
            BigDecimal spentUsd) {
        ObjectNode body = Rows.object().put("spend", spentUsd).put("max_budget", maxBudgetUsd);
        body.put("key_alias", alias).put("budget_duration", budgetDuration);
        return SecretText.of(
                proxy.administer("POST /key/generate", body).path("key").textValue());
    }

    /**
     * Makes a team as another platform's administrator would.
     *
     * @param teamId its id
     * @param alias its name for people, or null
     * @param maxBudgetUsd its ceiling or null
     * @param budgetDuration the period of its budget, for example {@code 30d}, or null
     * @param spentUsd what it spent so far
     * @throws IllegalArgumentException if LiteLLM would refuse it, for example because the id is taken
     */
    public void addTeam(
            String teamId,
            @Nullable String alias,
            @Nullable BigDecimal maxBudgetUsd,
            @Nullable String budgetDuration,
            BigDecimal spentUsd) {
        ObjectNode body = Rows.object().put("team_id", teamId).put("max_budget", maxBudgetUsd);
        body.put("team_alias", alias).put("budget_duration", budgetDuration);
        proxy.administer("POST /team/new", body);
        spend(teamId, spentUsd);
    }

    /** Forgets every team, key and call of a model. Planned faults stay. */
    public void clear() {
        synchronized (state) {
            state.clear();
        }
    }

    /**
     * Whether a key would be let in now: known, neither blocked nor expired, its team there and not blocked, and the database connected.
     * Budgets and rate limits are not asked. With {@link LiteLlmQuirk#KEYS_ARE_CACHED}, as it was when it was last used.
     *
     * @param key the raw key
     * @return true if it works
     */
    public boolean isLive(SecretText key) {
        synchronized (state) {
            return proxy.access().isLive(key.reveal());
        }
    }

    /**
     * The keys it has.
     *
     * @return in the order in which they came
     */
    public List<KeySnapshot> keys() {
        synchronized (state) {
            state.settle();
            return state.keys.values().stream().map(KeySnapshot::of).toList();
        }
    }

    /**
     * The teams it has.
     *
     * @return in the order in which they came
     */
    public List<TeamSnapshot> teams() {
        synchronized (state) {
            state.settle();
            return state.teams.values().stream().map(TeamSnapshot::of).toList();
        }
    }

    /**
     * The requests so far, those that went wrong included.
     *
     * @return method and path of each, without the query, with {@code {key}} in place of a key
     */
    public List<String> requests() {
        return proxy.requests();
    }

    /**
     * How many requests there were so far.
     *
     * @return the number
     */
    public int requestCount() {
        return proxy.requests().size();
    }

    /**
     * A key as the proxy has it.
     *
     * @param hash the lower-case hex SHA-256 of the raw key
     * @param alias its alias or null
     * @param teamId its team or null
     * @param blocked whether it is blocked
     * @param spendUsd what it spent
     * @param metadata its text metadata
     * @param maxBudgetUsd its own ceiling or null
     * @param budgetDuration the period of its budget, or null
     * @param budgetResetAt when its spend resets, or null
     * @param expires when it expires, or null
     */
    public record KeySnapshot(
            String hash,
            @Nullable String alias,
            @Nullable String teamId,
            boolean blocked,
            BigDecimal spendUsd,
            Map<String, String> metadata,
            @Nullable BigDecimal maxBudgetUsd,
            @Nullable String budgetDuration,
            @Nullable Instant budgetResetAt,
            @Nullable Instant expires) {
        private static KeySnapshot of(ObjectNode row) {
            return new KeySnapshot(
                    row.path("token").asText(),
                    Rows.text(row.path("key_alias")),
                    Rows.text(row.path("team_id")),
                    row.path("blocked").asBoolean(),
                    Rows.spend(row),
                    Rows.metadata(row),
                    Rows.decimal(row.path("max_budget")),
                    Rows.text(row.path("budget_duration")),
                    BudgetCalendar.read(row.path("budget_reset_at")),
                    BudgetCalendar.read(row.path("expires")));
        }
    }

    /**
     * A team as the proxy has it.
     *
     * @param teamId its id
     * @param alias its name for people, or null
     * @param maxBudgetUsd its ceiling or null
     * @param budgetDuration the period of its budget, or null
     * @param budgetResetAt when its spend resets, or null
     * @param spendUsd what it spent
     * @param blocked whether it is blocked
     * @param metadata its text metadata
     */
    public record TeamSnapshot(
            String teamId,
            @Nullable String alias,
            @Nullable BigDecimal maxBudgetUsd,
            @Nullable String budgetDuration,
            @Nullable Instant budgetResetAt,
            BigDecimal spendUsd,
            boolean blocked,
            Map<String, String> metadata) {
        private static TeamSnapshot of(ObjectNode row) {
            return new TeamSnapshot(
                    row.path("team_id").asText(),
                    Rows.text(row.path("team_alias")),
                    Rows.decimal(row.path("max_budget")),
                    Rows.text(row.path("budget_duration")),
                    BudgetCalendar.read(row.path("budget_reset_at")),
                    Rows.spend(row),
                    row.path("blocked").asBoolean(),
                    Rows.metadata(row));
        }
    }
}
