package io.opencrane.core.tenant;

import static io.opencrane.core.support.InMemoryCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.PurgeOutcome;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantChange;
import io.opencrane.api.tenant.TenantField;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.settings.HostingProvider;
import io.opencrane.core.support.InMemoryCluster;
import io.opencrane.core.support.InMemoryProjection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DefaultTenantServiceTest {
    private static final TenantId ACME = new TenantId("opencrane", "acme");

    private final InMemoryCluster cluster = new InMemoryCluster(InstanceScope.namespace("opencrane"));
    private final InMemoryProjection projection = new InMemoryProjection();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(1_800_000_000L));
    private final Deque<Runnable> whileWaiting = new ArrayDeque<>();
    private final TenantService service =
            TenantServices.using(cluster, projection, HostingProvider.ONPREM, now::get, this::pause);
    private final TenantService bare =
            TenantServices.using(cluster, null, HostingProvider.ONPREM, now::get, this::pause);

    private void pause(Duration howLong) {
        now.updateAndGet(then -> then.plus(howLong));
        if (!whileWaiting.isEmpty()) {
            whileWaiting.pop().run();
        }
    }

    private static NewTenant.Builder acme() {
        return NewTenant.builder("acme", "ACME Corp", "owner@acme.com")
                .team("engineering")
                .monthlyBudgetUsd("200");
    }

    private static AbstractThrowableAssert<?, ?> refused(ErrorCode code, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private Tenant stored() {
        return cluster.tenants.get("opencrane/acme");
    }

    private void markDeleting() {
        cluster.edit(
                ACME,
                tenant -> tenant.withMetadata(new ResourceMetadata(
                        "opencrane",
                        "acme",
                        tenant.metadata().uid(),
                        "",
                        1,
                        null,
                        Instant.EPOCH,
                        Map.of(),
                        Map.of(),
                        java.util.List.of())));
    }

    @Test
    void aTenantIsCreatedWithRowAndAuditEntry() {
        TenantChange change = service.create(acme().createRequest("r-1").build());

        assertThat(change.projection()).isEqualTo(ProjectionOutcome.WRITTEN);
        assertThat(change.tenant()).isEqualTo(stored());
        assertThat(stored().metadata().annotations()).containsEntry("opencrane.io/create-request", "r-1");
        assertThat(projection.rows).containsOnlyKeys("opencrane/acme");
        assertThat(projection.log).singleElement().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("tenant.create");
            assertThat(entry.tenant()).isEqualTo(ACME);
            assertThat(entry.timestamp()).isEqualTo(now.get());
            assertThat(entry.message()).isEqualTo("Tenant opencrane/acme created.");
        });
    }

    @Test
    void aRefusedTenantWritesNothingAndNamesTheScopeToo() {
        ValidationException e = catchThrowableOfType(
                ValidationException.class,
                () -> service.create(NewTenant.builder("acme", "", "x")
                        .namespace("elsewhere")
                        .build()));

        assertThat(e.problems())
                .extracting(Problem::path)
                .containsExactly("spec.displayName", "spec.email", "namespace");
        assertThat(cluster.calls).isEmpty();
        assertThat(projection.log).isEmpty();
    }

    @Test
    void creatingAgainAfterACrashBeforeTheRowMendsTheRow() {
        cluster.put(new Tenant(
                ResourceMetadata.of("opencrane", "acme"), acme().build().spec(), TenantStatus.empty()));

        TenantChange change = service.create(acme().build());

        assertThat(change.projection()).isEqualTo(ProjectionOutcome.WRITTEN);
        assertThat(projection.rows).containsOnlyKeys("opencrane/acme");
        assertThat(cluster.tenants).hasSize(1);
    }

    @Test
    void creatingAgainAfterALostResponseIsASuccess() {
        cluster.afterCreate.add(failure(ErrorCode.TIMEOUT));
        refused(
                ErrorCode.TIMEOUT,
                () -> service.create(acme().createRequest("r").build()));

        assertThat(service.create(acme().createRequest("r").build()).tenant()).isEqualTo(stored());
    }

    @Test
    void anAnswerOfTakenForOurOwnObjectIsASuccess() {
        cluster.afterCreate.add(failure(ErrorCode.ALREADY_EXISTS));

        assertThat(service.create(acme().build()).tenant()).isEqualTo(stored());
    }

    @Test
    void theServersDefaultsMakeNoOtherSpec() {
        service.create(acme().build());
        cluster.edit(
                ACME,
                tenant -> tenant.withSpec(tenant.spec().toBuilder()
                        .openclawVersion("latest")
                        .monthlyBudgetUsd("200.00")
                        .build()));

        assertThat(service.create(acme().build()).tenant()).isEqualTo(stored());
    }

    @Test
    void anotherSpecUnderTheNameIsRefused() {
        service.create(acme().build());

        refused(
                ErrorCode.ALREADY_EXISTS,
                () -> service.create(acme().team("sales").build()));
    }

    @Test
    void anotherRequestForTheSameSpecIsRefused() {
        service.create(acme().createRequest("one").build());

        refused(
                ErrorCode.ALREADY_EXISTS,
                () -> service.create(acme().createRequest("two").build()));
        assertThat(service.create(acme().build()).tenant()).isEqualTo(stored());
    }

    @Test
    void aNameOnItsWayOutIsWorthARetry() {
        service.create(acme().build());
        markDeleting();

        refused(ErrorCode.BEING_DELETED, () -> service.create(acme().build()))
                .satisfies(
                        e -> assertThat(((OpenCraneException) e).isRetryable()).isTrue());
        refused(ErrorCode.BEING_DELETED, () -> service.suspend(ACME));
    }

    @Test
    void aFailedRowIsPendingNeverAFailedCall() {
        projection.down = failure(ErrorCode.UPSTREAM_ERROR);
        assertThat(service.create(acme().build()).projection()).isEqualTo(ProjectionOutcome.PENDING);

        projection.down = new IllegalStateException("a stranger's, with a secret");
        assertThat(service.suspend(ACME).projection()).isEqualTo(ProjectionOutcome.PENDING);
        assertThat(service.restart(ACME)).isEqualTo(1);
        assertThat(service.delete(ACME).projection()).isEqualTo(ProjectionOutcome.PENDING);
        assertThat(cluster.tenants).isEmpty();
    }

    @Test
    void aRowThatPostgresCannotHoldIsPending() {
        TenantSpec spec = TenantSpec.builder("a\u0000b", "a@b").build();
        cluster.put(new Tenant(ResourceMetadata.of("opencrane", "acme"), spec, TenantStatus.empty()));

        assertThat(service.suspend(ACME).projection()).isEqualTo(ProjectionOutcome.PENDING);
        assertThat(stored().spec().suspended()).isTrue();
    }

    @Test
    void withoutProjectionThereIsNoRow() {
        assertThat(bare.create(acme().build()).projection()).isEqualTo(ProjectionOutcome.NONE);
        assertThat(bare.delete(ACME).projection()).isEqualTo(ProjectionOutcome.NONE);
    }

    @Test
    void absenceIsOnlyWhatTheServerSays() {
        assertThat(service.find(ACME)).isEmpty();
        refused(ErrorCode.TENANT_NOT_FOUND, () -> service.get(ACME)).hasMessageContaining("Tenant opencrane/acme");
        refused(
                ErrorCode.TENANT_NOT_FOUND,
                () -> service.update(ACME, TenantPatch.builder().build()));
        refused(ErrorCode.TENANT_NOT_FOUND, () -> service.restart(ACME));
    }

    @Test
    void aNamespaceOutsideTheScopeIsRefusedEverywhere() {
        TenantId foreign = new TenantId("elsewhere", "acme");

        refused(ErrorCode.VALIDATION_ERROR, () -> service.get(foreign));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.find(foreign));
        refused(
                ErrorCode.VALIDATION_ERROR,
                () -> service.update(foreign, TenantPatch.builder().build()));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.suspend(foreign));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.restart(foreign));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.requestReconcile(foreign));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.delete(foreign));
        assertThat(cluster.calls).isEmpty();
    }

    @Test
    void aPatchSetsClearsAndLeavesTheRest() {
        service.create(acme().policyRef("base").build());

        TenantChange change = service.update(
                ACME,
                TenantPatch.builder()
                        .team("sales")
                        .clear(TenantField.POLICY_REF, TenantField.MONTHLY_BUDGET_USD)
                        .build());

        TenantSpec spec = change.tenant().spec();
        assertThat(spec.team()).isEqualTo("sales");
        assertThat(spec.policyRef()).isNull();
        assertThat(spec.monthlyBudgetUsd()).isNull();
        assertThat(spec.email()).isEqualTo("owner@acme.com");
        assertThat(projection.rows.get("opencrane/acme").team()).isEqualTo("sales");
        assertThat(projection.actions()).containsExactly("tenant.create", "tenant.update");
    }

    @Test
    void aPatchIsValidatedAsItsResult() {
        service.create(acme().build());

        refused(
                ErrorCode.VALIDATION_ERROR,
                () -> service.update(ACME, TenantPatch.builder().email("x").build()));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.pinVersion(ACME, "../1"));
        assertThat(cluster.calls).doesNotContain("patch");
    }

    @Test
    void anUnversionedPatchIsAppliedOnTopOfAConcurrentChange() {
        service.create(acme().build());
        cluster.beforePatch.add(() -> cluster.edit(
                ACME, t -> t.withSpec(t.spec().toBuilder().team("other").build())));

        TenantChange change =
                service.update(ACME, TenantPatch.builder().policyRef("base").build());

        assertThat(change.tenant().spec().team()).isEqualTo("other");
        assertThat(change.tenant().spec().policyRef()).isEqualTo("base");
    }

    @Test
    void aPatchThatKeepsLosingGivesUpAfterThreeAttempts() {
        service.create(acme().build());
        for (int i = 0; i < 5; i++) {
            cluster.beforePatch.add(() -> cluster.edit(ACME, t -> t));
        }

        refused(ErrorCode.CONFLICT, () -> service.suspend(ACME))
                .satisfies(
                        e -> assertThat(((OpenCraneException) e).isRetryable()).isTrue());
        assertThat(cluster.calls.stream().filter("patch"::equals)).hasSize(3);
    }

    @Test
    void aVersionedPatchIsNeverAppliedToAnythingElse() {
        Tenant seen = service.create(acme().build()).tenant();
        TenantPatch patch =
                TenantPatch.builder().team("sales").ifUnchangedSince(seen).build();
        cluster.beforePatch.add(() -> cluster.edit(
                ACME, t -> t.withSpec(t.spec().toBuilder().team("other").build())));

        refused(ErrorCode.CONFLICT, () -> service.update(ACME, patch));
        refused(ErrorCode.CONFLICT, () -> service.update(ACME, patch));
        assertThat(stored().spec().team()).isEqualTo("other");
        assertThat(cluster.calls.stream().filter("patch"::equals)).hasSize(1);
    }

    @Test
    void aConflictWithOurOwnWriteIsASuccess() {
        Tenant seen = service.create(acme().build()).tenant();
        cluster.afterPatch.add(failure(ErrorCode.CONFLICT));

        TenantChange change = service.update(
                ACME, TenantPatch.builder().team("sales").ifUnchangedSince(seen).build());

        assertThat(change.tenant()).isEqualTo(stored());
    }

    @Test
    void sleepingAndWakingTouchOnlyThatField() {
        Tenant before = service.create(acme().build()).tenant();

        assertThat(service.suspend(ACME).tenant().spec().suspended()).isTrue();
        assertThat(service.resume(ACME).tenant().spec()).isEqualTo(before.spec());
        assertThat(service.pinVersion(ACME, "1.2.3").tenant().spec().openclawVersion())
                .isEqualTo("1.2.3");
        assertThat(projection.actions())
                .containsExactly("tenant.create", "tenant.suspend", "tenant.resume", "tenant.pin-version");
    }

    @Test
    void aRequestedReconcileAlwaysHasANewValue() {
        service.create(acme().build());

        assertThat(reconcileAt(service.requestReconcile(ACME))).isEqualTo("1800000000");
        assertThat(reconcileAt(service.requestReconcile(ACME))).isEqualTo("1800000001");
        cluster.edit(
                ACME,
                t -> t.withMetadata(t.metadata().withAnnotations(Map.of()))
                        .withStatus(t.status().toBuilder()
                                .observedReconcileAt("1800000000")
                                .build()));
        assertThat(reconcileAt(service.requestReconcile(ACME))).isEqualTo("1800000001");
    }

    private static String reconcileAt(TenantChange change) {
        return reconcileAt(change.tenant());
    }

    private static String reconcileAt(Tenant tenant) {
        return tenant.metadata().annotations().get("opencrane.io/reconcile-at");
    }

    @Test
    void aRestartDeletesPodsAndIsAudited() {
        service.create(acme().build());
        cluster.pods = 2;

        assertThat(service.restart(ACME)).isEqualTo(2);
        assertThat(projection.actions()).endsWith("tenant.restart");
        assertThat(projection.log.get(1).metadata().asMap()).containsEntry("deletedPods", 2L);
    }

    @Test
    void aDeletionRemovesResourceAndRow() {
        Tenant tenant = service.create(acme().build()).tenant();

        TenantChange change = service.delete(ACME);

        assertThat(change).isEqualTo(new TenantChange(tenant, ProjectionOutcome.WRITTEN));
        assertThat(cluster.tenants).isEmpty();
        assertThat(projection.rows).isEmpty();
        assertThat(projection.actions()).endsWith("tenant.delete");
    }

    @Test
    void aDeletionThatWasKilledBeforeTheRowIsEndedByTheNext() {
        service.create(acme().build());
        cluster.tenants.clear();

        refused(ErrorCode.TENANT_NOT_FOUND, () -> service.delete(ACME));

        assertThat(projection.rows).isEmpty();
        projection.down = failure(ErrorCode.TIMEOUT);
        refused(ErrorCode.TENANT_NOT_FOUND, () -> service.delete(ACME));
    }

    @Test
    void deletingWhatIsOnItsWayOutAsksNoSecondTime() {
        service.create(acme().build());
        markDeleting();

        assertThat(service.delete(ACME).projection()).isEqualTo(ProjectionOutcome.WRITTEN);
        assertThat(cluster.calls).doesNotContain("delete");
        assertThat(projection.rows).isEmpty();
    }

    @Test
    void theRowOfATenantCreatedMeanwhileSurvivesALateDeletion() {
        cluster.afterFind.add(() -> service.create(acme().build()));

        refused(ErrorCode.TENANT_NOT_FOUND, () -> service.delete(ACME));

        assertThat(cluster.tenants).containsOnlyKeys("opencrane/acme");
        assertThat(projection.rows).containsOnlyKeys("opencrane/acme");
    }

    private void create() {
        service.create(NewTenant.builder("acme", "ACME Corp", "owner@acme.com").build());
    }

    private void status(UnaryOperator<TenantStatus.Builder> change) {
        cluster.edit(
                ACME,
                tenant -> tenant.withStatus(
                        change.apply(tenant.status().toBuilder()).build()));
    }

    @Test
    void rollingBackPinsTheVersionThatRanLast() {
        create();
        status(status -> status.lastRunningVersion("1.2.0"));
        service.pinVersion(ACME, "1.3.0-broken");

        Tenant back = service.rollBack(ACME).tenant();

        assertThat(back.spec().openclawVersion()).isEqualTo("1.2.0");
    }

    @Test
    void thereIsNothingToRollBackToWhenNothingRanOrTheSameIsPinned() {
        create();
        refused(ErrorCode.CONFLICT, () -> service.rollBack(ACME));
        service.pinVersion(ACME, "1.2.0");
        status(status -> status.lastRunningVersion("1.2.0"));
        refused(ErrorCode.CONFLICT, () -> service.rollBack(ACME));
    }

    @Test
    void awaitingAPhaseEndsWhenAStatusOfThePresentSpecSaysSo() {
        create();
        whileWaiting.add(() -> {});
        whileWaiting.add(
                () -> status(status -> status.phase(TenantPhase.RUNNING, null).observedGeneration(0)));
        whileWaiting.add(
                () -> status(status -> status.phase(TenantPhase.RUNNING, null).observedGeneration(1)));

        Tenant tenant = service.awaitPhase(ACME, TenantPhase.RUNNING, Duration.ofMinutes(1));

        assertThat(tenant.status().observedGeneration()).isEqualTo(1);
        assertThat(whileWaiting).isEmpty();
    }

    @Test
    void awaitingInVainSaysWhatItIsInstead() {
        create();
        status(status -> status.phase(TenantPhase.ERROR, "PolicyNotFound").observedGeneration(1));
        Instant before = now.get();

        assertThatThrownBy(() -> service.awaitPhase(ACME, TenantPhase.RUNNING, Duration.ofSeconds(30)))
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT))
                .hasMessageContaining("PolicyNotFound")
                .hasMessageContaining("30 s");
        assertThat(Duration.between(before, now.get())).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void awaitingATenantThatIsNotThereFailsAtOnce() {
        refused(ErrorCode.TENANT_NOT_FOUND, () -> service.awaitPhase(ACME, TenantPhase.RUNNING, Duration.ofMinutes(1)));
        service.awaitDeleted(ACME, Duration.ofMinutes(1));
    }

    @Test
    void aPurgeNeedsTheNameTypedAndDeletesNothingWithoutIt() {
        create();
        cluster.calls.clear();

        refused(ErrorCode.VALIDATION_ERROR, () -> service.purge(ACME, "acmee"));

        assertThat(cluster.calls).isEmpty();
    }

    @Test
    void purgingATenantThatIsGoneDeletesWhatItLeft() {
        assertThat(service.purge(ACME, "acme")).isEqualTo(PurgeOutcome.DONE);
        assertThat(service.purge(ACME, "acme")).isEqualTo(PurgeOutcome.NOTHING_LEFT);
    }

    @Test
    void aPurgeLeavesNoRowBehind() {
        create();

        assertThat(service.purge(ACME, "acme")).isEqualTo(PurgeOutcome.DONE);

        assertThat(projection.rows).isEmpty();
        assertThat(projection.log).last().extracting(AuditEntry::action).isEqualTo("tenant.purge");
    }

    @Test
    void aPurgeRemovesTheRowThatAnEarlierOneLeftBehind() {
        create();
        cluster.tenants.clear();

        service.purge(ACME, "acme");

        assertThat(projection.rows).isEmpty();
    }

    @Test
    void aRollBackWhoseResponseWasLostIsNotAConflict() {
        create();
        status(status -> status.lastRunningVersion("1.2.0"));
        cluster.afterPatch.add(InMemoryCluster.failure(ErrorCode.CONFLICT));

        TenantChange back = service.rollBack(ACME);

        assertThat(back.tenant().spec().openclawVersion()).isEqualTo("1.2.0");
        assertThat(projection.log).last().extracting(AuditEntry::action).isEqualTo("tenant.roll-back");
    }
}
