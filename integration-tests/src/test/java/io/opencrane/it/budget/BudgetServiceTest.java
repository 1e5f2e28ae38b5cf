package io.opencrane.it.budget;

import static io.opencrane.it.budget.BudgetWorld.ACME;
import static io.opencrane.it.budget.BudgetWorld.ACME_TEAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.BudgetEvent;
import io.opencrane.api.budget.BudgetEvent.Kind;
import io.opencrane.api.budget.KeyChange;
import io.opencrane.api.budget.KeyRevocation;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.budget.Spend;
import io.opencrane.api.budget.Spend.Freshness;
import io.opencrane.api.budget.Spend.ModelSpend;
import io.opencrane.api.budget.ThresholdReport;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantField;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.litellm.LiteLlmGateway;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BudgetServiceTest {
    private final BudgetWorld world = new BudgetWorld();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aKeyThatTheGatewayLostIsRegisteredAgainAndPodsNoticeNothing() {
        world.create("acme", "200");
        SecretText key = world.key(ACME);
        world.liteLlm.clear();

        KeyChange change = world.budgets.ensureKey(ACME);

        assertThat(change.projection()).isEqualTo(ProjectionOutcome.WRITTEN);
        assertThat(change.key().keyAlias()).isEqualTo(ACME_TEAM + "/1");
        assertThat(change.key().monthlyBudgetUsd()).isEqualByComparingTo("200");
        assertThat(world.key(ACME)).isEqualTo(key);
        assertThat(world.tenants().get(ACME).metadata().annotations()).doesNotContainKey("opencrane.io/reconcile-at");
        world.assertExactlyOneLiveKey(ACME, ACME_TEAM);
    }

    @Test
    void aTenantWhoseSecretWasDeletedGetsAKeyThatItsPodsWillRollTo() {
        world.create("acme", "200");
        world.deleteSecret(ACME);

        KeyChange change = world.budgets.ensureKey(ACME);

        assertThat(change.key().keyAlias()).isEqualTo(ACME_TEAM + "/2");
        assertThat(world.tenants().get(ACME).metadata().annotations()).containsKey("opencrane.io/reconcile-at");
        world.settle(ACME);
        assertThat(world.podRevision(ACME)).isEqualTo(2);
        world.assertExactlyOneLiveKey(ACME, ACME_TEAM);
    }

    @Test
    void rotationNeverPassesThroughAMomentWithoutAWorkingKey() {
        world.create("acme", "200");
        SecretText old = world.key(ACME);
        world.liteLlm.call(old, "gpt-5", new BigDecimal("60"));

        KeyChange change = world.budgets.rotateKey(ACME, ACME_TEAM + "/1");

        SecretText fresh = world.key(ACME);
        assertThat(change.key().keyAlias()).isEqualTo(ACME_TEAM + "/2");
        assertThat(fresh).isNotEqualTo(old);
        assertThat(world.liteLlm.isLive(old)).as("until the pod has rolled").isTrue();
        assertThat(world.liteLlm.isLive(fresh)).isTrue();
        assertThat(world.podRevision(ACME)).isEqualTo(1);

        world.settle(ACME);
        world.reconcile(ACME);
        assertThat(world.podRevision(ACME)).isEqualTo(2);
        assertThat(world.liteLlm.isLive(old)).as("after the pod has rolled").isFalse();
        world.assertExactlyOneLiveKey(ACME, ACME_TEAM);
        assertThat(world.budgets.spend(ACME).totalCostUsd())
                .as("spend survives a rotation")
                .isEqualByComparingTo("60");
    }

    @Test
    void aRotationThatIsAskedForTwiceHappensOnce() {
        world.create("acme", "200");
        world.budgets.rotateKey(ACME, ACME_TEAM + "/1");

        assertThat(world.budgets.rotateKey(ACME, ACME_TEAM + "/1").key().keyAlias())
                .isEqualTo(ACME_TEAM + "/2");
        refused(ErrorCode.IN_USE, () -> world.budgets.rotateKey(ACME, ACME_TEAM + "/2"));
    }

    @Test
    void revokingEndsTheKeyAtTheGatewayAndTheNextReconcileGivesANewOne() {
        world.create("acme", "200");
        SecretText old = world.key(ACME);

        KeyRevocation revoked = world.budgets.revokeKey(ACME);

        assertThat(revoked.status()).isEqualTo("revoked");
        assertThat(revoked.secretDeleted()).isTrue();
        assertThat(world.liteLlm.isLive(old)).isFalse();
        world.settle(ACME);
        assertThat(world.podRevision(ACME)).isEqualTo(2);
        world.assertExactlyOneLiveKey(ACME, ACME_TEAM);
        assertThat(world.budgets.keys(ACME))
                .satisfiesExactly(now -> assertThat(now.revokedAt()).isNull(), then -> {
                    assertThat(then.keyAlias()).isEqualTo(ACME_TEAM + "/1");
                    assertThat(then.revokedAt()).isEqualTo(world.clock.instant());
                });
    }

    @Test
    void aKeyIsNotForgottenWhileTheGatewayCannotEndIt() {
        world.create("acme", "200");
        SecretText key = world.key(ACME);
        world.liteLlm.stop();

        refused(ErrorCode.UPSTREAM_ERROR, () -> world.budgets.revokeKey(ACME));

        assertThat(world.key(ACME)).isEqualTo(key);
        world.liteLlm.start();
    }

    @Test
    void aBlockedTenantStaysBlockedWhateverBecomesOfItsKeyAndBudget() {
        world.create("acme", "200");
        world.budgets.block(ACME, "Suspected theft of its token.");
        assertThat(world.liteLlm.isLive(world.key(ACME))).isFalse();

        world.budgets.rotateKey(ACME, ACME_TEAM + "/1");
        world.tenants()
                .update(ACME, TenantPatch.builder().monthlyBudgetUsd("900").build());
        world.settle(ACME);
        world.budgets.ensureKey(ACME);
        assertThat(world.liteLlm.isLive(world.key(ACME))).isFalse();
        assertThat(world.budgets.spend(ACME).blocked()).isTrue();

        world.budgets.unblock(ACME, "False alarm.");
        assertThat(world.liteLlm.isLive(world.key(ACME))).isTrue();
        assertThat(world.projection.audit(ACME, 100))
                .filteredOn(entry -> entry.action().endsWith("block"))
                .extracting(AuditEntry::action)
                .containsExactly("key.unblock", "key.block");
    }

    @Test
    void aBlockReachesAKeyOfThePlatformThatIsNotTakenOverYet() {
        SecretText theirs = world.liteLlm.addKey("tenant-acme", new BigDecimal("50"), null, BigDecimal.ZERO);
        world.platformSecret(ACME, theirs, "tenant-acme", "50");
        world.liteLlm.stop();
        world.tenants().create(NewTenant.builder("acme", "ACME", "a@acme.com").build());
        world.reconcile(ACME);
        world.liteLlm.start();
        assertThat(world.liteLlm.isLive(theirs)).isTrue();

        world.budgets.block(ACME, "Suspected theft of its token.");

        assertThat(world.key(ACME)).isEqualTo(theirs);
        assertThat(world.liteLlm.isLive(theirs)).isFalse();
    }

    @Test
    void aTenantThatIsBlockedBeforeItsFirstReconcileIsAskedForIt() {
        SecretText theirs = world.liteLlm.addKey("tenant-acme", new BigDecimal("50"), null, BigDecimal.ZERO);
        world.platformSecret(ACME, theirs, "tenant-acme", "50");
        world.tenants().create(NewTenant.builder("acme", "ACME", "a@acme.com").build());

        world.budgets.block(ACME, "Suspected theft of its token.");

        assertThat(world.tenants().get(ACME).metadata().annotations()).containsKey("opencrane.io/reconcile-at");
        world.settle(ACME);
        assertThat(world.liteLlm.isLive(theirs)).isFalse();
    }

    @Test
    void aBlockNeedsAReason() {
        world.create("acme", "200");

        assertThatThrownBy(() -> world.budgets.block(ACME, " ")).isInstanceOf(ValidationException.class);
        assertThat(world.team(ACME_TEAM).blocked()).isFalse();
    }

    @Test
    void budgetsChangeInPlaceAndNullAndZeroAreDifferent() {
        world.create("acme", "200");
        SecretText key = world.key(ACME);
        long generation = world.deploymentGeneration(ACME);

        world.tenants().update(ACME, TenantPatch.builder().monthlyBudgetUsd("0").build());
        world.reconcile(ACME);
        assertThat(world.team(ACME_TEAM).maxBudgetUsd()).isEqualByComparingTo("0");
        assertThat(world.budgets.spend(ACME).exceeded()).isTrue();

        world.tenants()
                .update(
                        ACME,
                        TenantPatch.builder()
                                .clear(TenantField.MONTHLY_BUDGET_USD)
                                .build());
        world.reconcile(ACME);
        assertThat(world.team(ACME_TEAM).maxBudgetUsd()).isNull();
        assertThat(world.team(ACME_TEAM).budgetDuration()).isEqualTo("1mo");
        assertThat(world.budgets.spend(ACME)).satisfies(spend -> {
            assertThat(spend.exceeded()).isFalse();
            assertThat(spend.monthlyBudgetUsd()).isNull();
            assertThat(spend.remainingBudgetUsd()).isNull();
        });
        assertThat(world.key(ACME)).isEqualTo(key);
        assertThat(world.deploymentGeneration(ACME)).as("no pod rolls").isEqualTo(generation);
    }

    @Test
    void historyNamesEveryKeyAndNeverTheKeyItself() {
        world.create("acme", "200");
        world.budgets.ensureKey(ACME);
        world.clock.advance(Duration.ofDays(1));
        world.budgets.rotateKey(ACME, ACME_TEAM + "/1");
        world.settle(ACME);
        world.reconcile(ACME);
        world.clock.advance(Duration.ofDays(1));

        List<ModelKeyMetadata> keys = world.budgets.keys(ACME);

        assertThat(keys).extracting(ModelKeyMetadata::keyAlias).containsExactly(ACME_TEAM + "/2", ACME_TEAM + "/1");
        assertThat(keys.get(0).revokedAt()).isNull();
        assertThat(keys.get(1).revokedAt()).as("when its end was seen").isEqualTo(world.clock.instant());
        assertThat(keys.toString()).doesNotContain("sk-");
    }

    @Test
    void keysAreKnownWhileTheGatewayIsDown() {
        world.create("acme", "200");
        world.liteLlm.stop();

        assertThat(world.budgets.keys(ACME)).hasSize(1);
        world.liteLlm.start();
    }

    @Test
    void spendIsToldAgainstTheBudgetThatIsEnforcedAndByModel() {
        world.create("acme", "100");
        world.liteLlm.call(world.key(ACME), "gpt-5", new BigDecimal("30.5"));
        world.liteLlm.call(world.key(ACME), "gpt-5", new BigDecimal("20"));
        world.liteLlm.call(world.key(ACME), "haiku", new BigDecimal("1.25"));

        Spend spend = world.budgets.spend(ACME);

        assertThat(spend.tenantName()).isEqualTo("acme");
        assertThat(spend.endpoint()).startsWith(world.liteLlm.endpoint().toString());
        assertThat(spend.totalCostUsd()).isEqualByComparingTo("51.75");
        assertThat(spend.remainingBudgetUsd()).isEqualByComparingTo("48.25");
        assertThat(spend.exceeded()).isFalse();
        assertThat(spend.freshness()).isEqualTo(Freshness.CURRENT);
        assertThat(spend.resetsAt()).isEqualTo("2026-02-01T00:00:00Z");
        assertThat(spend.topModels()).extracting(ModelSpend::model).containsExactly("gpt-5", "haiku");
        assertThat(spend.topModels().get(0)).satisfies(model -> {
            assertThat(model.costUsd()).isEqualByComparingTo("50.5");
            assertThat(model.requests()).isEqualTo(2);
        });
    }

    @Test
    void spendOfAMonthThatIsOverIsSaidToBe() {
        world.create("acme", "100");
        world.liteLlm.call(world.key(ACME), "gpt-5", new BigDecimal("130"));
        assertThat(world.budgets.spend(ACME)).satisfies(spend -> {
            assertThat(spend.exceeded()).isTrue();
            assertThat(spend.remainingBudgetUsd()).isZero();
        });

        world.clock.set(Instant.parse("2026-02-01T00:05:00Z"));
        assertThat(world.budgets.spend(ACME).freshness()).isEqualTo(Freshness.RESET_DUE);

        world.clock.set(Instant.parse("2026-02-01T00:11:00Z"));
        assertThat(world.budgets.spend(ACME)).satisfies(spend -> {
            assertThat(spend.freshness()).isEqualTo(Freshness.CURRENT);
            assertThat(spend.totalCostUsd()).isZero();
        });
    }

    @Test
    void thresholdsAreToldOnceEachAndAcrossARestart() {
        world.create("acme", "100");
        world.create("quiet", "100");
        List<BudgetEvent> told = new ArrayList<>();

        world.liteLlm.spend(ACME_TEAM, new BigDecimal("85"));
        world.budgets.checkThresholds(told::add);
        world.budgets.checkThresholds(told::add);
        OpenCrane restarted = OpenCrane.builder()
                .cluster(KubernetesCluster.over(world.objects, InstanceScope.namespace("opencrane")))
                .projection(world.projection)
                .modelGateway(LiteLlmGateway.builder(world.liteLlm.endpoint(), BudgetWorld.MASTER_KEY)
                        .build())
                .settings(world.openCrane.settings())
                .clock(world.clock)
                .build();
        restarted.budgets().checkThresholds(told::add);
        assertThat(told)
                .extracting(BudgetEvent::tenant, BudgetEvent::kind, BudgetEvent::percent)
                .containsExactly(tuple(ACME, Kind.NEAR_LIMIT, 80));

        world.liteLlm.spend(ACME_TEAM, new BigDecimal("15"));
        world.budgets.checkThresholds(told::add);
        world.tenants()
                .update(ACME, TenantPatch.builder().monthlyBudgetUsd("1000").build());
        world.reconcile(ACME);
        world.budgets.checkThresholds(told::add);
        assertThat(told).extracting(BudgetEvent::kind).containsExactly(Kind.NEAR_LIMIT, Kind.EXCEEDED, Kind.RECOVERED);
    }

    @Test
    void aListenerThatFailsIsToldAgainAndKeepsNobodyElseFromBeingToldOf() {
        world.create("acme", "100");
        world.create("beta", "100");
        world.liteLlm.spend(ACME_TEAM, new BigDecimal("100"));
        world.liteLlm.spend("oc-budget-opencrane-beta", new BigDecimal("100"));
        AtomicInteger calls = new AtomicInteger();

        ThresholdReport first = world.budgets.checkThresholds(event -> {
            if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("the mail server is down");
            }
        });
        ThresholdReport second = world.budgets.checkThresholds(event -> {});

        assertThat(first.failed()).isEqualTo(1);
        assertThat(first.events()).extracting(BudgetEvent::tenant).containsExactly(new TenantId("opencrane", "beta"));
        assertThat(second.events()).extracting(BudgetEvent::tenant).containsExactly(ACME);
    }

    @Test
    void ceilingsAreStoredAndCheckedBeforeABudgetIsRaised() {
        world.create("acme", "200");
        world.create("beta", "100");
        world.budgets.setCeiling(BudgetAccount.global(), new BigDecimal("350"));
        world.budgets.setCeiling(BudgetAccount.install(), new BigDecimal("320.5"));

        assertThat(world.budgets.ceiling(BudgetAccount.global()))
                .hasValueSatisfying(c -> assertThat(c).isEqualByComparingTo("350"));
        assertThat(world.budgets.checkCeilings(ACME, new BigDecimal("220.5"))).allMatch(check -> check.fits());
        assertThat(world.budgets.checkCeilings(ACME, new BigDecimal("230")))
                .satisfiesExactly(global -> assertThat(global.fits()).isTrue(), install -> {
                    assertThat(install.fits()).isFalse();
                    assertThat(install.excessUsd()).isEqualByComparingTo("9.5");
                });
        assertThat(world.budgets.checkCeilingsForNew("gold", new BigDecimal("51")))
                .singleElement()
                .satisfies(global -> assertThat(global.fits()).isFalse());

        world.budgets.setCeiling(BudgetAccount.install(), null);
        assertThat(world.budgets.ceiling(BudgetAccount.install())).isEmpty();
        assertThatThrownBy(() -> world.budgets.setCeiling(BudgetAccount.global(), new BigDecimal("-1")))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    void aHostWithoutGatewayOrProjectionIsToldWhatIsMissing() {
        world.create("acme", "200");
        OpenCrane bare = OpenCrane.builder()
                .cluster(KubernetesCluster.over(world.objects, InstanceScope.namespace("opencrane")))
                .build();
        OpenCrane enabled = OpenCrane.builder()
                .cluster(KubernetesCluster.over(world.objects, InstanceScope.namespace("opencrane")))
                .settings(world.openCrane.settings())
                .build();

        assertThat(refused(
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                        () -> bare.budgets().spend(ACME)))
                .contains("LITELLM_ENABLED");
        assertThat(refused(
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                        () -> enabled.budgets().ensureKey(ACME)))
                .contains("modelGateway(...)");
        assertThat(refused(
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                        () -> bare.budgets().setCeiling(BudgetAccount.global(), BigDecimal.ONE)))
                .contains("projection(...)");
        assertThat(bare.budgets().keys(ACME)).hasSize(1);
        assertThat(Settings.defaults().modelGateway().enabled()).isFalse();
    }

    @Test
    void aTenantThatIsNotThereOrNotReconciledIsSaidToBe() {
        refused(ErrorCode.TENANT_NOT_FOUND, () -> world.budgets.spend(ACME));
        world.tenants().create(NewTenant.builder("acme", "ACME", "a@acme.com").build());

        refused(ErrorCode.CONFLICT, () -> world.budgets.ensureKey(ACME));
        refused(ErrorCode.NOT_FOUND, () -> world.budgets.spend(ACME));
        assertThat(world.budgets.keys(ACME)).isEmpty();
    }

    private static String refused(ErrorCode code, ThrowingCallable call) {
        OpenCraneException e = catchThrowableOfType(OpenCraneException.class, call);
        assertThat(e).isNotNull();
        assertThat(e.code()).isEqualTo(code);
        return String.valueOf(e.getMessage());
    }
}
