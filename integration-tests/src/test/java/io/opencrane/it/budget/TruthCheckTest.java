package io.opencrane.it.budget;

import static io.opencrane.it.budget.BudgetWorld.ACME;
import static io.opencrane.it.budget.BudgetWorld.ACME_TEAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.opencrane.api.budget.BudgetService;
import io.opencrane.api.budget.KeyFinding;
import io.opencrane.api.budget.KeyFinding.Kind;
import io.opencrane.api.budget.KeyFinding.Outcome;
import io.opencrane.api.budget.KeyReport;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.litellm.LiteLlmQuirk;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people and bugs do to LiteLLM's records behind the library's back, found and, where it can be, mended. */
class TruthCheckTest {
    private final BudgetWorld world = new BudgetWorld();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void create() {
        world.create("acme", "200");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aSoundTenantHasNoFindings() {
        world.liteLlm.call(world.key(ACME), "gpt-5", new BigDecimal("60"));

        assertThat(check(RepairMode.DRY_RUN).findings()).isEmpty();
    }

    @Test
    void aBudgetOfItsOwnOnTheKeyIsFoundAndTakenAway() {
        administer("/key/update", "{\"key\":\"%s\",\"max_budget\":1.5}");

        assertFoundAndMended(Kind.OWN_BUDGET);
    }

    @Test
    void aKeyThatWouldExpireIsFoundAndMended() {
        administer("/key/update", "{\"key\":\"%s\",\"duration\":\"30d\"}");

        assertFoundAndMended(Kind.EXPIRES);
    }

    @Test
    void aCeilingThatSomebodyChangedAtTheGatewayIsSetBack() {
        administer("/team/update", "{\"team_id\":\"" + ACME_TEAM + "\",\"max_budget\":9000}");

        assertFoundAndMended(Kind.BUDGET_DIFFERS);
        assertThat(world.team(ACME_TEAM).maxBudgetUsd()).isEqualByComparingTo("200");
    }

    @Test
    void aPeriodThatSomebodyChangedAtTheGatewayIsSetBack() {
        administer("/team/update", "{\"team_id\":\"" + ACME_TEAM + "\",\"budget_duration\":\"7d\"}");

        assertFoundAndMended(Kind.WRONG_PERIOD);
        assertThat(world.team(ACME_TEAM).budgetDuration()).isEqualTo("1mo");
    }

    @Test
    void aDeletedTeamComesBackWithCeilingAndKey() {
        SecretText key = world.key(ACME);
        administer("/team/delete", "{\"team_ids\":[\"" + ACME_TEAM + "\"]}");

        KeyReport mended = check(RepairMode.APPLY);

        assertThat(mended.findings())
                .extracting(KeyFinding::kind, KeyFinding::outcome)
                .containsExactly(tuple(Kind.DEAD_KEY, Outcome.MENDED), tuple(Kind.NO_TEAM, Outcome.MENDED));
        assertThat(world.liteLlm.isLive(key)).isTrue();
        assertThat(world.team(ACME_TEAM).maxBudgetUsd()).isEqualByComparingTo("200");
    }

    @Test
    void aKeyThatSomebodyBlockedNeedsAPerson() {
        administer("/key/block", "{\"key\":\"%s\"}");

        assertThat(check(RepairMode.APPLY).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.KEY_BLOCKED);
            assertThat(finding.outcome()).isEqualTo(Outcome.NEEDS_A_PERSON);
        });
    }

    @Test
    void aReplicaThatStillKnowsABlockedTenantIsFound() {
        world.liteLlm.enable(LiteLlmQuirk.KEYS_ARE_CACHED);
        check(RepairMode.DRY_RUN); // the key is used once, and cached
        administer("/key/block", "{\"key\":\"%s\"}");

        assertThat(check(RepairMode.DRY_RUN).findings())
                .extracting(KeyFinding::kind)
                .contains(Kind.KEY_BLOCKED, Kind.STILL_ACCEPTED);

        world.clock.advance(Duration.ofSeconds(61));
        assertThat(check(RepairMode.DRY_RUN).findings())
                .extracting(KeyFinding::kind)
                .containsExactly(Kind.KEY_BLOCKED);
    }

    @Test
    void aCounterThatLostWhatWasBookedIsFound() {
        world.liteLlm.call(world.key(ACME), "gpt-5", new BigDecimal("60"));
        world.liteLlm.spend(ACME_TEAM, new BigDecimal("25")); // counted, but never booked by model

        assertThat(check(RepairMode.APPLY).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.SPEND_DISAGREES);
            assertThat(finding.message()).contains("85", "60");
        });
    }

    @Test
    void aKeyThatSomebodyPutIntoAnotherTeamIsNeverSaidToBeUnderTheTenantsBudgetOrBlock() {
        world.liteLlm.addTeam("research", null, null, null, BigDecimal.ZERO);
        administer("/key/update", "{\"key\":\"%s\",\"team_id\":\"research\"}");

        assertThatThrownBy(() -> world.budgets.ensureKey(ACME)).hasMessageContaining("CONFLICT");
        assertThatThrownBy(() -> world.budgets.block(ACME, "Stolen token."))
                .hasMessageContaining("CONFLICT")
                .hasMessageContaining("revoke it");

        assertThat(world.team(ACME_TEAM).blocked()).isTrue();
        assertThat(world.liteLlm.isLive(world.key(ACME))).isTrue();
        world.budgets.revokeKey(ACME);
        world.settle(ACME);
        assertThat(world.liteLlm.isLive(world.key(ACME))).isFalse();
    }

    @Test
    void theDayOnWhichAMonthBeginsElsewhereIsNoDisagreement() {
        BudgetService inTokyo = OpenCrane.builder()
                .cluster(KubernetesCluster.over(world.objects, InstanceScope.namespace("opencrane")))
                .modelGateway(LiteLlmGateway.builder(world.liteLlm.endpoint(), BudgetWorld.MASTER_KEY)
                        .build())
                .settings(Settings.builder()
                        .namespace("opencrane")
                        .watchNamespaces("opencrane")
                        .instanceId("budget")
                        .liteLlmEnabled(true)
                        .liteLlmEndpoint(world.liteLlm.endpoint())
                        .liteLlmMasterKey(BudgetWorld.MASTER_KEY)
                        .liteLlmTimezone(ZoneId.of("Asia/Tokyo"))
                        .build())
                .clock(world.clock)
                .build()
                .budgets();
        world.clock.set(Instant.parse("2026-01-31T10:00:00Z"));
        world.liteLlm.call(world.key(ACME), "gpt-5", new BigDecimal("60")); // still January in Tokyo
        world.clock.set(Instant.parse("2026-02-01T12:00:00Z"));
        world.liteLlm.call(world.key(ACME), "gpt-5", new BigDecimal("5"));

        assertThat(inTokyo.checkTruth(ACME, RepairMode.DRY_RUN).findings()).isEmpty();

        world.liteLlm.spend(ACME_TEAM, new BigDecimal("100"));
        assertThat(inTokyo.checkTruth(ACME, RepairMode.DRY_RUN).findings())
                .extracting(KeyFinding::kind)
                .containsExactly(Kind.SPEND_DISAGREES);
    }

    private KeyReport check(RepairMode mode) {
        return world.budgets.checkTruth(ACME, mode);
    }

    private void assertFoundAndMended(Kind kind) {
        SecretText key = world.key(ACME);
        assertThat(check(RepairMode.DRY_RUN).findings())
                .extracting(KeyFinding::kind)
                .containsExactly(kind);
        assertThat(check(RepairMode.APPLY).findings())
                .singleElement()
                .extracting(KeyFinding::outcome)
                .isEqualTo(Outcome.MENDED);
        assertThat(check(RepairMode.DRY_RUN).findings()).isEmpty();
        assertThat(world.key(ACME)).isEqualTo(key);
    }

    /** As an administrator with curl; {@code %s} stands for the hash of the tenant's key. */
    private void administer(String path, String body) {
        String hash = world.keysOf(ACME_TEAM).get(0).hash();
        HttpRequest request = HttpRequest.newBuilder(world.liteLlm.endpoint().resolve(path))
                .header("Authorization", "Bearer " + BudgetWorld.MASTER_KEY.reveal())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.formatted(hash)))
                .build();
        try {
            assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
