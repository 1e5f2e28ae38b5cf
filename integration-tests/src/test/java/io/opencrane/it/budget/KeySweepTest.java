package io.opencrane.it.budget;

import static io.opencrane.it.budget.BudgetWorld.ACME;
import static io.opencrane.it.budget.BudgetWorld.ACME_TEAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.opencrane.api.budget.KeyFinding;
import io.opencrane.api.budget.KeyFinding.Kind;
import io.opencrane.api.budget.KeyFinding.Outcome;
import io.opencrane.api.budget.KeyReport;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.ModelGateway.NewKey;
import io.opencrane.core.port.ModelGateway.Team;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.litellm.FakeLiteLlm.KeySnapshot;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeySweepTest {
    private static final SecretText STRAY = SecretText.of("sk-strayStrayStrayStrayStray");

    private final Faults faults = new Faults();
    private final BudgetWorld world = new BudgetWorld(faults, 2);
    private final LiteLlmGateway admin = LiteLlmGateway.builder(world.liteLlm.endpoint(), BudgetWorld.MASTER_KEY)
            .build();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aSoundInstanceHasNothingToSweep() {
        world.create("acme", "200");
        world.budgets.rotateKey(ACME, ACME_TEAM + "/1"); // in the middle of a rotation two keys are right

        assertThat(sweep(RepairMode.APPLY).findings()).isEmpty();
        assertThat(world.keysOf(ACME_TEAM)).hasSize(2);
    }

    @Test
    void aKeyWithoutATenantIsReportedAndEndedOnRequest() {
        stray("gone", "budget");

        assertThat(sweep(RepairMode.DRY_RUN).findings())
                .extracting(KeyFinding::kind, KeyFinding::tenant, KeyFinding::outcome)
                .contains(tuple(Kind.ORPHAN_KEY, new TenantId("opencrane", "gone"), Outcome.REPORTED));
        assertThat(world.liteLlm.isLive(STRAY)).isTrue();

        KeyReport swept = sweep(RepairMode.APPLY);
        assertThat(swept.isSound()).isTrue();
        assertThat(world.liteLlm.keys()).isEmpty();
        assertThat(world.liteLlm.teams()).isEmpty();
        assertThat(sweep(RepairMode.APPLY).findings()).isEmpty();
    }

    @Test
    void aKeyThatIsNotInItsTenantsSecretIsEndedAndTheOneThatIsLives() {
        world.create("acme", "200");
        admin.registerKey(new NewKey(STRAY, "stray", ACME_TEAM, metadata("acme", "budget")));

        assertThat(sweep(RepairMode.APPLY).findings())
                .extracting(KeyFinding::kind, KeyFinding::subject, KeyFinding::outcome)
                .containsExactly(tuple(Kind.ORPHAN_KEY, "stray", Outcome.MENDED));
        world.assertExactlyOneLiveKey(ACME, ACME_TEAM);
    }

    @Test
    void keysAndTeamsOfAnotherInstanceOrOfNobodyAreNotTouched() {
        stray("acme", "another-instance");
        world.liteLlm.addKey("somebodys", null, null, BigDecimal.ZERO);
        world.liteLlm.addTeam("somebodys", null, null, null, BigDecimal.ZERO);

        assertThat(sweep(RepairMode.APPLY).findings()).isEmpty();
        assertThat(world.liteLlm.keys()).hasSize(2);
        assertThat(world.liteLlm.teams()).hasSize(2);
    }

    @Test
    void aTeamThatSpentInThePeriodStaysSoThatATenantMadeAnewGetsNoNewBudget() {
        world.create("acme", "200");
        world.liteLlm.call(world.key(ACME), "gpt-5", new BigDecimal("150"));
        world.tenants().delete(ACME);
        world.reconcile(ACME);

        assertThat(sweep(RepairMode.APPLY).findings())
                .extracting(KeyFinding::kind, KeyFinding::outcome)
                .containsExactly(tuple(Kind.ORPHAN_TEAM, Outcome.NEEDS_A_PERSON));

        world.create("acme", "200");
        assertThat(world.budgets.spend(ACME).totalCostUsd()).isEqualByComparingTo("150");
    }

    @Test
    void aBlockOutlivesItsTenantAndTheSweep() {
        world.create("acme", "200");
        world.budgets.block(ACME, "Stolen token.");
        world.tenants().delete(ACME);
        world.reconcile(ACME);

        sweep(RepairMode.APPLY);
        world.create("acme", "200");

        assertThat(world.liteLlm.isLive(world.key(ACME))).isFalse();
    }

    @Test
    void aSecretWhoseKeyIsDeadGetsTheSameKeyBack() {
        world.create("acme", "200");
        SecretText key = world.key(ACME);
        world.liteLlm.clear();

        assertThat(sweep(RepairMode.DRY_RUN).findings())
                .extracting(KeyFinding::kind)
                .containsExactly(Kind.DEAD_KEY);
        assertThat(sweep(RepairMode.APPLY).isSound()).isTrue();
        assertThat(world.key(ACME)).isEqualTo(key);
        world.assertExactlyOneLiveKey(ACME, ACME_TEAM);
    }

    @Test
    void aTenantWithoutAKeyIsReconciledAndThenHasOne() {
        world.create("acme", "200");
        world.deleteSecret(ACME);

        assertThat(sweep(RepairMode.APPLY).findings())
                .extracting(KeyFinding::kind, KeyFinding::outcome)
                .containsExactly(tuple(Kind.NO_KEY, Outcome.MENDED));
        world.settle(ACME);

        world.assertExactlyOneLiveKey(ACME, ACME_TEAM);
        assertThat(sweep(RepairMode.APPLY).findings()).isEmpty();
    }

    @Test
    void aKeyOfThePlatformThatIsNotTakenOverYetIsLeftToItsReconciler() {
        SecretText theirs = world.liteLlm.addKey("tenant-acme", new BigDecimal("50"), null, BigDecimal.ZERO);
        world.platformSecret(ACME, theirs, "tenant-acme", "50");
        world.liteLlm.stop();
        world.tenants().create(NewTenant.builder("acme", "ACME", "a@acme.com").build());
        world.reconcile(ACME);
        world.liteLlm.start();

        assertThat(sweep(RepairMode.APPLY).findings()).isEmpty();
        assertThat(world.liteLlm.isLive(theirs)).isTrue();
    }

    @Test
    void aSecretThatIsSomebodyElsesIsNamedAndKeepsTheOthersFromNothing() {
        world.create("acme", "200");
        world.create("beta", "200");
        world.objects.patch(
                new TenantChildren("beta", "opencrane").modelKey(),
                Target.OBJECT,
                PatchType.MERGE,
                "{\"metadata\":{\"annotations\":{\"opencrane.io/tenant-namespace\":\"elsewhere\"}}}");
        admin.registerKey(new NewKey(STRAY, "stray", ACME_TEAM, metadata("acme", "budget")));

        assertThat(sweep(RepairMode.APPLY).findings())
                .extracting(KeyFinding::kind, KeyFinding::outcome)
                .containsExactlyInAnyOrder(
                        tuple(Kind.UNREADABLE_RECORD, Outcome.NEEDS_A_PERSON), tuple(Kind.ORPHAN_KEY, Outcome.MENDED));
        assertThat(world.keysOf("oc-budget-opencrane-beta")).hasSize(1);
    }

    @Test
    void unlessEveryTenantCouldBeListedNothingIsTouched() {
        world.create("acme", "200");
        stray("gone", "budget");
        faults.failWhile(call -> call.is(ObjectStore.class, "list"), Failure.UPSTREAM_ERROR);

        assertThatThrownBy(() -> sweep(RepairMode.APPLY)).isInstanceOf(OpenCraneException.class);

        assertThat(world.liteLlm.isLive(STRAY)).isTrue();
        assertThat(world.keysOf(ACME_TEAM)).hasSize(1);
    }

    @Test
    void manyOrphansAreFoundAcrossThePagesOfTheGatewaysList() {
        admin.ensureTeam(new Team("oc-budget-opencrane-gone", "gone", null, metadata("gone", "budget")));
        for (int i = 0; i < 250; i++) {
            admin.registerKey(new NewKey(
                    SecretText.of("sk-strayStrayStrayStrayStray" + i),
                    "stray-" + i,
                    "oc-budget-opencrane-gone",
                    metadata("gone", "budget")));
        }

        assertThat(sweep(RepairMode.APPLY).findings())
                .filteredOn(finding -> finding.kind() == Kind.ORPHAN_KEY)
                .hasSize(250);
        assertThat(world.liteLlm.keys()).extracting(KeySnapshot::alias).isEmpty();
    }

    private KeyReport sweep(RepairMode mode) {
        return world.budgets.sweep(mode);
    }

    private void stray(String tenant, String instance) {
        String team = "oc-" + instance + "-opencrane-" + tenant;
        admin.ensureTeam(new Team(team, tenant, null, metadata(tenant, instance)));
        admin.registerKey(new NewKey(STRAY, team + "/1", team, metadata(tenant, instance)));
    }

    private static Map<String, String> metadata(String tenant, String instance) {
        return Map.of("opencrane_instance", instance, "opencrane_namespace", "opencrane", "opencrane_tenant", tenant);
    }
}
