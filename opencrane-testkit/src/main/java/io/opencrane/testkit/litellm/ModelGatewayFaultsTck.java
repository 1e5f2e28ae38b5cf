package io.opencrane.testkit.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ModelGateway.NewKey;
import io.opencrane.core.port.ModelGateway.Team;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What a {@link ModelGateway} over HTTP must survive, against {@link FakeLiteLlm}: lost answers, late commits, outages told as something
 * else, and releases that differ (litellm.md §7, §8).
 */
public abstract class ModelGatewayFaultsTck extends GatewayFleetFaultsCases {
    /** For subclasses. */
    protected ModelGatewayFaultsTck() {}

    @Test
    void aKeyWhoseAnswerIsLostIsRegisteredOnce() {
        proxy.failNext("POST /key/generate", LiteLlmFault.loseAnswer());
        gateway.registerKey(KEY);
        assertOneLiveKey();
        assertThat(proxy.requests()).filteredOn("POST /key/generate"::equals).hasSize(1);
    }

    @Test
    void aKeyWhoseAnswerComesTooLateIsRegisteredOnce() {
        proxy.failNext("POST /key/generate", LiteLlmFault.withholdAnswer());
        gateway.registerKey(KEY);
        assertOneLiveKey();
    }

    @Test
    void aKeyThatIsCommittedLateIsRegisteredOnce() {
        for (int requests = 0; requests < 8; requests++) {
            proxy.failNext("POST /key/generate", LiteLlmFault.commitLater(requests));
            gateway.registerKey(KEY);
            // Lets the late commit happen whenever the gateway was done before it.
            for (int i = 0; i < 8; i++) {
                gateway.health();
            }
            assertOneLiveKey();
            gateway.deleteKey(HASH);
        }
    }

    @Test
    void aRequestThatNeverArrivedIsRepeated() {
        proxy.failNext("POST /key/generate", LiteLlmFault.dropRequest());
        gateway.registerKey(KEY);
        assertOneLiveKey();
    }

    @Test
    void passingServerErrorsAreSurvived() {
        for (int status : List.of(429, 500, 502, 503)) {
            proxy.failNext("POST /key/generate", LiteLlmFault.status(status));
            proxy.failNext("GET /team/info", LiteLlmFault.status(status));
            gateway.registerKey(KEY);
            assertOneLiveKey();
            proxy.failNext("POST /key/delete", LiteLlmFault.status(status));
            gateway.deleteKey(HASH);
            assertThat(proxy.keys()).isEmpty();
        }
    }

    @Test
    void aFailureAfterTheLastAttemptCanBeRepeated() {
        proxy.failNext("POST /key/generate", 3, LiteLlmFault.status(503));
        assertFails(() -> gateway.registerKey(KEY), ErrorCode.UPSTREAM_ERROR, true);
        gateway.registerKey(KEY);
        assertOneLiveKey();
    }

    @Test
    void aRequestThatIsRefusedIsNotRepeated() {
        proxy.failNext("POST /key/generate", LiteLlmFault.status(422));
        assertFails(() -> gateway.registerKey(KEY), ErrorCode.UPSTREAM_ERROR, false);
        assertThat(proxy.requests()).filteredOn("POST /key/generate"::equals).hasSize(1);
    }

    @Test
    void anAliasHeldByAnotherKeyIsToldEvenAfterALostRequest() {
        gateway.registerKey(
                new NewKey(SecretText.of("sk-zyxwvutsrqponmlkjihgfedcba"), KEY.alias(), KEY.teamId(), Map.of()));
        proxy.failNext("POST /key/generate", LiteLlmFault.dropRequest());
        assertFails(() -> gateway.registerKey(KEY), ErrorCode.NAME_TAKEN, false);
    }

    @Test
    void aReleaseThatRefusesKnownKeysIsUnderstood() {
        proxy.enable(LiteLlmQuirk.KNOWN_KEY_REFUSED);
        gateway.registerKey(KEY);
        gateway.registerKey(KEY);
        assertOneLiveKey();
        NewKey renamed = new NewKey(SECRET, "oc-faults/2", KEY.teamId(), Map.of());
        assertFails(() -> gateway.registerKey(renamed), ErrorCode.CONFLICT, false);
    }

    @Test
    void aTeamWhoseAnswerIsLostIsMadeOnce() {
        proxy.failNext("POST /team/new", LiteLlmFault.loseAnswer());
        gateway.ensureTeam(new Team("oc-second", "Second", BigDecimal.ONE, Map.of()));
        assertThat(proxy.teams())
                .extracting(FakeLiteLlm.TeamSnapshot::teamId)
                .containsExactly("oc-faults", "oc-second");
    }

    @Test
    void aTeamThatSomebodyElseJustMadeIsConverged() {
        for (boolean asDetail : new boolean[] {false, true}) {
            if (asDetail) {
                proxy.enable(LiteLlmQuirk.TEAM_EXISTS_AS_DETAIL);
            }
            proxy.spend("oc-faults", BigDecimal.ONE);
            proxy.failNext("GET /team/info", LiteLlmFault.lookupFailsAsNotFound());
            gateway.ensureTeam(new Team("oc-faults", "Faults", new BigDecimal("77"), Map.of()));
            assertThat(proxy.teams()).singleElement().satisfies(team -> {
                assertThat(team.maxBudgetUsd()).isEqualByComparingTo("77");
                assertThat(team.spendUsd()).isPositive();
            });
            gateway.ensureTeam(TEAM);
        }
    }

    @Test
    void aTeamIsNotAbsentBecauseOneLookupFailed() {
        proxy.failNext("GET /team/info", LiteLlmFault.lookupFailsAsNotFound());
        assertThat(gateway.findTeam("oc-faults")).isPresent();
    }

    @Test
    void aBudgetChangeDoesNotSkipAResetThatIsDue() {
        now.set(Instant.parse("2026-02-01T00:05:00Z"));
        gateway.ensureTeam(new Team("oc-faults", "Faults", new BigDecimal("20"), Map.of()));
        assertThat(proxy.teams().get(0).budgetResetAt()).isEqualTo("2026-02-01T00:00:00Z");
    }

    @Test
    void aNewTeamsBudgetHasAPeriod() {
        assertThat(proxy.teams().get(0).budgetDuration()).isEqualTo("1mo");
        assertThat(gateway.findTeam("oc-faults").orElseThrow().budgetResetAt()).isEqualTo("2026-02-01T00:00:00Z");
    }

    @Test
    void aBudgetWithoutAPeriodGetsOne() {
        administer("/team/new", "{\"team_id\":\"oc-old\",\"team_alias\":\"Old\",\"max_budget\":10}");
        assertThat(proxy.teams().get(1).budgetDuration()).isNull();

        gateway.ensureTeam(new Team("oc-old", "Old", new BigDecimal("10"), Map.of()));

        assertThat(proxy.teams().get(1).budgetDuration()).isEqualTo("1mo");
        assertThat(gateway.findTeam("oc-old").orElseThrow().budgetResetAt()).isEqualTo("2026-02-01T00:00:00Z");
    }

    @Test
    void aDeletionWhoseAnswerIsLostSucceeds() {
        gateway.registerKey(KEY);
        proxy.failNext("POST /key/delete", LiteLlmFault.loseAnswer());
        gateway.deleteKey(HASH);
        assertThat(proxy.keys()).isEmpty();
    }

    @Test
    void foreignKeysAreNotListedWhereFiltersAreIgnored() {
        gateway.registerKey(KEY);
        gateway.ensureTeam(new Team("oc-other", "Other", null, Map.of()));
        gateway.registerKey(
                new NewKey(SecretText.of("sk-zyxwvutsrqponmlkjihgfedcba"), "oc-other/1", "oc-other", Map.of()));
        proxy.enable(LiteLlmQuirk.LIST_IGNORES_FILTERS);
        assertThat(gateway.keysOf("oc-faults")).hasSize(1);
    }

    @Test
    void aProxyThatCannotBeReachedIsAPassingFailureSoon() {
        proxy.stop();
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            assertFails(() -> gateway.findTeam("oc-faults"), ErrorCode.UPSTREAM_ERROR, true);
            assertFails(() -> gateway.registerKey(KEY), ErrorCode.UPSTREAM_ERROR, true);
        });
        assertThat(gateway.health().reachable()).isFalse();
        proxy.start();
        gateway.registerKey(KEY);
        assertOneLiveKey();
    }

    @Test
    void aProxyThatDoesNotAnswerIsATimeout() {
        proxy.failNext("GET /key/info", 9, LiteLlmFault.withholdAnswer());
        assertFails(() -> gateway.findKey(HASH), ErrorCode.TIMEOUT, true);
    }

    @Test
    void aWrongMasterKeyIsUnauthorizedAndNotTriedAgain() {
        ModelGateway stranger = connect(proxy.endpoint(), SecretText.of("sk-not-the-master-key-0123456789"));
        int before = proxy.requestCount();
        assertFails(() -> stranger.keysOf("oc-faults"), ErrorCode.UNAUTHORIZED, false);
        assertThat(proxy.requestCount() - before).isLessThanOrEqualTo(2);
        assertFails(() -> stranger.ensureTeam(TEAM), ErrorCode.UNAUTHORIZED, false);
        assertFails(() -> stranger.registerKey(KEY), ErrorCode.UNAUTHORIZED, false);
        assertFails(() -> stranger.deleteKey(HASH), ErrorCode.UNAUTHORIZED, false);
    }

    @Test
    void unauthorizedIsNotBelievedDuringAnOutage() {
        for (LiteLlmDatabase outage : List.of(LiteLlmDatabase.LOST, LiteLlmDatabase.NEVER_CONNECTED)) {
            proxy.database(outage);
            proxy.failNext("GET /key/list", 3, LiteLlmFault.status(401));
            assertFails(() -> gateway.keysOf("oc-faults"), ErrorCode.UPSTREAM_ERROR, true);
        }
    }

    @Test
    void anOutageIsNoAbsence() {
        gateway.registerKey(KEY);
        for (LiteLlmDatabase outage : List.of(LiteLlmDatabase.LOST, LiteLlmDatabase.NEVER_CONNECTED)) {
            proxy.database(outage);
            assertFails(() -> gateway.findTeam("oc-faults"), ErrorCode.UPSTREAM_ERROR, true);
            assertFails(() -> gateway.findKey(HASH), ErrorCode.UPSTREAM_ERROR, true);
            assertFails(() -> gateway.keysOf("oc-faults"), ErrorCode.UPSTREAM_ERROR, true);
            assertFails(() -> gateway.ensureTeam(TEAM), ErrorCode.UPSTREAM_ERROR, true);
            assertFails(() -> gateway.deleteKey(HASH), ErrorCode.UPSTREAM_ERROR, true);
        }
        proxy.database(LiteLlmDatabase.CONNECTED);
        assertOneLiveKey();
    }

    @Test
    void anOutageThatBeginsInTheMiddleIsNoAbsenceEither() {
        gateway.registerKey(KEY);
        proxy.failNext("GET /key/info", 3, LiteLlmFault.lookupFailsAsNotFound());
        proxy.failNext("GET /health/readiness", 3, LiteLlmFault.status(503));
        assertFails(() -> gateway.findKey(HASH), ErrorCode.UPSTREAM_ERROR, true);
    }

    @Test
    void healthIsAboutTheDatabaseNotTheProcess() {
        proxy.database(LiteLlmDatabase.NEVER_CONNECTED);
        assertThat(gateway.health().reachable()).isTrue();
        assertThat(gateway.health().isReady()).isFalse();
        proxy.database(LiteLlmDatabase.LOST);
        assertThat(gateway.health().isReady()).isFalse();
        proxy.database(LiteLlmDatabase.CONNECTED);
        assertThat(gateway.health().isReady()).isTrue();
    }

    @Test
    void aProxyBelowAPathIsReached() {
        try (FakeLiteLlm below = FakeLiteLlm.start(MASTER, now::get, "/llm")) {
            ModelGateway there = connect(URI.create(below.endpoint() + "/"), MASTER);
            there.ensureTeam(TEAM);
            there.registerKey(KEY);
            assertThat(below.isLive(SECRET)).isTrue();
            ModelGateway wrong = connect(URI.create(below.endpoint() + "/nowhere"), MASTER);
            assertThatThrownBy(() -> wrong.findTeam("oc-faults")).isInstanceOf(OpenCraneException.class);
            assertThatThrownBy(() -> wrong.ensureTeam(TEAM)).isInstanceOf(OpenCraneException.class);
        }
    }

    private void assertOneLiveKey() {
        assertThat(proxy.keys()).singleElement().satisfies(key -> {
            assertThat(key.hash()).isEqualTo(HASH);
            assertThat(key.alias()).isEqualTo(KEY.alias());
            assertThat(key.teamId()).isEqualTo(KEY.teamId());
        });
        assertThat(proxy.isLive(SECRET)).isTrue();
    }
}
