package io.opencrane.testkit.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ModelGateway.ModelUsage;
import io.opencrane.core.port.ModelGateway.NewKey;
import io.opencrane.core.port.ModelGateway.Team;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The half of {@link ModelGatewayFaultsTck} about fleets and existing installs. */
abstract class GatewayFleetFaultsCases {
    static final SecretText MASTER = SecretText.of("sk-master-of-the-faults-0123456789");
    static final SecretText SECRET = SecretText.of("sk-abcdefghijklmnopqrstuvwxyz");
    static final NewKey KEY = new NewKey(SECRET, "oc-faults/1", "oc-faults", Map.of("instance", "i"));
    static final Team TEAM = new Team("oc-faults", "Faults", new BigDecimal("10"), Map.of("tenant", "t"));
    static final String HASH = ProxyState.sha256(SECRET.reveal());
    private static final SecretText FOREIGN = SecretText.of("sk-foreignFOREIGNforeignFOREIGN");
    private static final LocalDate DAY = LocalDate.parse("2026-01-31");
    private static final int MOST_REQUESTS = 8;

    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T23:00:00Z"));
    final FakeLiteLlm proxy = FakeLiteLlm.start(MASTER, now::get);
    ModelGateway gateway;

    /**
     * Makes the gateway under test: it gives up on a request within a second, tries an operation three times with short waits, and goes on
     * asking however often it gets no answer.
     *
     * @param endpoint where the proxy listens
     * @param masterKey what it sends
     * @return the gateway
     */
    protected abstract ModelGateway connect(URI endpoint, SecretText masterKey);

    @BeforeEach
    final void makeTheTeam() {
        gateway = connect(proxy.endpoint(), MASTER);
        gateway.ensureTeam(TEAM);
    }

    @AfterEach
    final void stopTheProxy() {
        proxy.close();
    }

    /** In no team, with a budget, an expiry and metadata that is not all text. */
    private SecretText foreignKey() {
        administer(
                "/key/generate",
                "{\"key\":\"" + FOREIGN.reveal() + "\",\"key_alias\":\"foreign\",\"max_budget\":10,"
                        + "\"budget_duration\":\"30d\",\"duration\":\"30d\",\"spend\":2,"
                        + "\"metadata\":{\"tenant\":\"t\",\"tags\":[1]}}");
        return FOREIGN;
    }

    /** What was done before the gateway under test came. */
    final void administer(String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(proxy.endpoint() + path))
                .header("Authorization", "Bearer " + MASTER.reveal())
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        assertThat(HttpClient.newHttpClient()
                        .sendAsync(request, HttpResponse.BodyHandlers.discarding())
                        .join()
                        .statusCode())
                .isEqualTo(200);
    }

    private List<Runnable> calls(SecretText foreign) {
        return List.of(
                () -> gateway.teams(Map.of()),
                () -> gateway.keys(Map.of()),
                () -> gateway.blockTeam("oc-faults", true),
                () -> gateway.blockTeam("oc-faults", false),
                () -> gateway.usage("oc-faults", DAY, DAY),
                () -> gateway.accepts(SECRET),
                () -> gateway.placeKey(ProxyState.sha256(foreign.reveal()), "oc-faults", Map.of("x", "y")),
                () -> gateway.deleteTeam("oc-faults"));
    }

    @Test
    void whicheverAnswerIsLostTheOutcomeIsTheSame() {
        for (LiteLlmFault fault :
                List.of(LiteLlmFault.loseAnswer(), LiteLlmFault.dropRequest(), LiteLlmFault.status(503))) {
            for (int request = 0; request < MOST_REQUESTS; request++) {
                proxy.clear();
                gateway.ensureTeam(TEAM);
                gateway.registerKey(KEY);
                SecretText foreign = foreignKey();
                for (Runnable call : calls(foreign)) {
                    proxy.failAfter(request, fault);
                    call.run();
                    proxy.clearFaults();
                }
                assertThat(proxy.teams()).isEmpty();
                assertThat(proxy.keys()).isEmpty();
            }
        }
    }

    @Test
    void anOutageIsNoAnswerToAnyOfThem() {
        gateway.registerKey(KEY);
        SecretText foreign = foreignKey();
        for (LiteLlmDatabase outage : List.of(LiteLlmDatabase.LOST, LiteLlmDatabase.NEVER_CONNECTED)) {
            proxy.database(outage);
            for (Runnable call : calls(foreign)) {
                assertFails(call, ErrorCode.UPSTREAM_ERROR, true);
            }
        }
        proxy.database(LiteLlmDatabase.CONNECTED);
        assertThat(proxy.teams()).hasSize(1).noneMatch(FakeLiteLlm.TeamSnapshot::blocked);
        assertThat(proxy.keys()).hasSize(2);
    }

    @Test
    void aKeyIsNotRefusedBecauseTheDatabaseIsAway() {
        gateway.registerKey(KEY);
        proxy.enable(LiteLlmQuirk.OUTAGE_IS_UNAUTHORIZED);
        for (LiteLlmDatabase outage : List.of(LiteLlmDatabase.LOST, LiteLlmDatabase.NEVER_CONNECTED)) {
            proxy.database(outage);
            assertFails(() -> gateway.accepts(SECRET), ErrorCode.UPSTREAM_ERROR, true);
        }
    }

    @Test
    void aDeletedKeyIsLetInUntilEveryPodForgotIt() {
        proxy.enable(LiteLlmQuirk.KEYS_ARE_CACHED);
        gateway.registerKey(KEY);
        assertThat(gateway.accepts(SECRET)).isTrue();
        gateway.deleteKey(HASH);

        assertThat(gateway.accepts(SECRET)).isTrue();
        now.updateAndGet(then -> then.plusSeconds(61));
        assertThat(gateway.accepts(SECRET)).isFalse();
    }

    @Test
    void aKeyWhoseTeamIsNotThereIsRefused() {
        administer("/key/generate", "{\"key\":\"" + SECRET.reveal() + "\",\"team_id\":\"oc-gone\"}");

        assertThat(gateway.accepts(SECRET)).isFalse();
    }

    @Test
    void aWrongMasterKeyIsUnauthorizedForAllOfThem() {
        SecretText foreign = foreignKey();
        gateway = connect(proxy.endpoint(), SecretText.of("sk-not-the-master-key-0123456789"));
        List<Runnable> calls = calls(foreign);
        for (int i = 0; i < calls.size(); i++) {
            // Whether a key is let in is asked with that key.
            if (i != 5) {
                assertFails(calls.get(i), ErrorCode.UNAUTHORIZED, false);
            }
        }
    }

    @Test
    void aTeamIsNotAbsentForABlockOrAPlaceBecauseOneLookupFailed() {
        SecretText foreign = foreignKey();
        proxy.failNext("GET /team/info", LiteLlmFault.lookupFailsAsNotFound());
        gateway.blockTeam("oc-faults", true);
        proxy.failNext("GET /team/info", LiteLlmFault.lookupFailsAsNotFound());
        gateway.placeKey(ProxyState.sha256(foreign.reveal()), "oc-faults", Map.of());

        assertThat(gateway.keysOf("oc-faults")).hasSize(1);
        assertThat(gateway.findTeam("oc-faults").orElseThrow().blocked()).isTrue();
    }

    @Test
    void aTeamIsNotDeletedBecauseLookupsFail() {
        proxy.failNext("POST /team/delete", 9, LiteLlmFault.lookupFailsAsNotFound());
        proxy.failNext("GET /team/info", LiteLlmFault.lookupFailsAsNotFound());

        assertFails(() -> gateway.deleteTeam("oc-faults"), ErrorCode.UPSTREAM_ERROR, true);
    }

    @Test
    void anOlderReleaseListsItsTeamsToo() {
        gateway.registerKey(KEY);
        List<TeamState> paged = gateway.teams(Map.of("tenant", "t"));
        proxy.enable(LiteLlmQuirk.NO_TEAM_LIST_V2);

        assertThat(gateway.teams(Map.of("tenant", "t"))).hasSize(1).isEqualTo(paged);
        assertThat(gateway.teams(Map.of("tenant", "u"))).isEmpty();
    }

    @Test
    void anOlderReleaseTellsTheUsageOfTheKeysThatAreLeft() {
        gateway.registerKey(KEY);
        gateway.ensureTeam(new Team("oc-other", "Other", null, Map.of()));
        NewKey other = new NewKey(SecretText.of("sk-zyxwvutsrqponmlkjihgfedcba"), "oc-other/1", "oc-other", Map.of());
        gateway.registerKey(other);
        proxy.call(SECRET, "m", new BigDecimal("2"));
        proxy.call(other.secret(), "m", new BigDecimal("3"));
        List<ModelUsage> daily = gateway.usage("oc-faults", DAY, DAY);
        proxy.enable(LiteLlmQuirk.NO_TEAM_DAILY_ACTIVITY);

        assertThat(daily).singleElement().satisfies(usage -> {
            assertThat(usage.costUsd()).isEqualByComparingTo("2");
            assertThat(usage.requests()).isEqualTo(1);
        });
        assertThat(gateway.usage("oc-faults", DAY, DAY)).isEqualTo(daily);
    }

    @Test
    void aPlacedKeyStaysTheSameInEveryDialect() {
        for (boolean newer : new boolean[] {false, true}) {
            if (newer) {
                proxy.enable(LiteLlmQuirk.UPDATE_UNKNOWN_KEY_IS_404);
            }
            assertFails(() -> gateway.placeKey("3".repeat(64), "oc-faults", Map.of()), ErrorCode.NOT_FOUND, false);
        }
        SecretText foreign = foreignKey();
        gateway.placeKey(ProxyState.sha256(foreign.reveal()), "oc-faults", Map.of("x", "y"));
        assertThat(proxy.keys()).singleElement().satisfies(key -> {
            assertThat(key.alias()).isEqualTo("foreign");
            assertThat(key.spendUsd()).isEqualByComparingTo("2");
            assertThat(key.maxBudgetUsd()).isNull();
            assertThat(key.expires()).isNull();
            assertThat(key.metadata()).isEqualTo(Map.of("tenant", "t", "x", "y"));
        });
    }

    @Test
    void placingAKeyThatIsPlacedWritesNothing() {
        gateway.registerKey(KEY);
        int before = proxy.requestCount();

        gateway.placeKey(HASH, "oc-faults", Map.of("instance", "i"));

        assertThat(proxy.requests().subList(before, proxy.requestCount())).allMatch(each -> each.startsWith("GET "));
    }

    @Test
    void foreignKeysAreLeftOutOfADeletionWhereFiltersAreIgnored() {
        gateway.registerKey(KEY);
        foreignKey();
        proxy.enable(LiteLlmQuirk.LIST_IGNORES_FILTERS);

        gateway.deleteTeam("oc-faults");

        assertThat(proxy.keys())
                .singleElement()
                .satisfies(key -> assertThat(key.alias()).isEqualTo("foreign"));
    }

    static void assertFails(Runnable call, ErrorCode code, boolean retryable) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(OpenCraneException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.isRetryable()).as(e.getMessage()).isEqualTo(retryable);
        });
    }
}
