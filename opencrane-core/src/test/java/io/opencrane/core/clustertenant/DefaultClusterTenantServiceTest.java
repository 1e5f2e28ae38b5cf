package io.opencrane.core.clustertenant;

import static io.opencrane.core.support.InMemoryCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantChange;
import io.opencrane.api.clustertenant.ClusterTenantDeletion;
import io.opencrane.api.clustertenant.ClusterTenantOverview;
import io.opencrane.api.clustertenant.ClusterTenantPatch;
import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.ClusterTenantQuery;
import io.opencrane.api.clustertenant.ClusterTenantService;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.ClusterTenantSummary;
import io.opencrane.api.clustertenant.Compute;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.NewClusterTenant;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.clustertenant.QuotaUse;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.StatusRequest;
import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.core.resource.ScannedPage;
import io.opencrane.core.support.InMemoryCluster;
import io.opencrane.core.support.InMemoryProjection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DefaultClusterTenantServiceTest {
    private final InMemoryCluster cluster = new InMemoryCluster(InstanceScope.wholeCluster("opencrane"));
    private final InMemoryProjection projection = new InMemoryProjection();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.ofEpochSecond(1_800_000_000L));
    private final Deque<Runnable> whileWaiting = new ArrayDeque<>();
    private final OpenCrane openCrane = openCrane(Provisioners.none());
    private final ClusterTenantService service = openCrane.clusterTenants();

    private OpenCrane openCrane(Provisioners provisioners) {
        return OpenCrane.builder()
                .cluster(cluster)
                .projection(projection)
                .provisioners(provisioners)
                .clock(now::get)
                .pause(this::pause)
                .build();
    }

    private void pause(Duration howLong) {
        now.updateAndGet(then -> then.plus(howLong));
        if (!whileWaiting.isEmpty()) {
            whileWaiting.pop().run();
        }
    }

    private static Quota.Builder tenPods() {
        return Quota.builder().pods(10L).cpu(Quantity.parse("4"));
    }

    private static NewClusterTenant.Builder acme() {
        return NewClusterTenant.builder("acme", "ACME Corp", tenPods().build()).baseDomain("acme.example.com");
    }

    private static ClusterTenantPatch patch(UnaryOperator<ClusterTenantPatch.Builder> change) {
        return change.apply(ClusterTenantPatch.builder()).build();
    }

    private static AbstractThrowableAssert<?, ?> refused(ErrorCode code, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private ClusterTenant stored() {
        return cluster.customers.get("acme");
    }

    private void status(UnaryOperator<ClusterTenantStatus.Builder> change) {
        cluster.put(
                stored().withStatus(change.apply(stored().status().toBuilder()).build()));
    }

    private void markDeleting() {
        ResourceMetadata now = stored().metadata();
        cluster.put(stored().withMetadata(new ResourceMetadata(
                "",
                now.name(),
                now.uid(),
                "",
                1,
                now.creationTimestamp(),
                Instant.EPOCH,
                now.labels(),
                now.annotations(),
                List.of("opencrane.io/cleanup"))));
    }

    private void tenant(String name, UnaryOperator<NewTenant.Builder> change) {
        openCrane
                .tenants()
                .create(change.apply(NewTenant.builder(name, "Name", "a@b").clusterTenantRef("acme"))
                        .build());
    }

    @Test
    void aCustomerIsCreatedWithAnAuditEntryThatIsAboutNoTenant() {
        ClusterTenantChange change = service.create(
                acme().createRequest("r-1").dedicatedNodes("gold").build());

        assertThat(change.projection()).isEqualTo(ProjectionOutcome.WRITTEN);
        assertThat(change.clusterTenant()).isEqualTo(stored());
        assertThat(stored().spec().compute()).isEqualTo(Compute.dedicated("gold"));
        assertThat(stored().metadata().annotations()).containsEntry("opencrane.io/create-request", "r-1");
        assertThat(projection.log).singleElement().satisfies(entry -> {
            assertThat(entry.action()).isEqualTo("cluster-tenant.create");
            assertThat(entry.tenant()).isNull();
            assertThat(entry.resource()).isEqualTo("ClusterTenant acme");
            assertThat(entry.message()).isEqualTo("ClusterTenant acme created.");
            assertThat(entry.metadata().asMap())
                    .containsEntry("resourceVersion", stored().metadata().resourceVersion());
        });
    }

    @Test
    void aRefusedCustomerWritesNothingAndNamesEveryProblem() {
        ValidationException e = catchThrowableOfType(
                ValidationException.class,
                () -> service.create(
                        NewClusterTenant.builder("Acme", "", Quota.NONE).build()));

        assertThat(e.problems())
                .extracting(Problem::path)
                .containsExactly("name", "spec.displayName", "spec.resources.quota");
        assertThat(cluster.calls).isEmpty();
        assertThat(projection.log).isEmpty();
    }

    @Test
    void aTierWithoutProvisionerIsUnavailableAndOneWithIsNot() {
        NewClusterTenant own = acme().dedicatedCluster().build();

        refused(ErrorCode.TIER_UNAVAILABLE, () -> service.create(own));
        assertThat(cluster.calls).isEmpty();

        OpenCrane able = openCrane(
                Provisioners.calledOn(Runnable::run).add(new AcmeClusters()).build());
        assertThat(able.clusterTenants().create(own).clusterTenant().spec().isolationTier())
                .isEqualTo(IsolationTier.DEDICATED_CLUSTER);
    }

    @Test
    void creatingAgainIsASuccessForTheSameSpecAndRequestOnly() {
        cluster.afterCreate.add(failure(ErrorCode.TIMEOUT));
        refused(
                ErrorCode.TIMEOUT,
                () -> service.create(acme().createRequest("r").build()));

        assertThat(service.create(acme().createRequest("r").build()).clusterTenant())
                .isEqualTo(stored());
        assertThat(service.create(acme().quota(
                                        tenPods().cpu(Quantity.parse("4000m")).build())
                                .build())
                        .clusterTenant())
                .as("the same quota in another notation")
                .isEqualTo(stored());
        refused(
                ErrorCode.ALREADY_EXISTS,
                () -> service.create(acme().createRequest("other").build()));
        refused(
                ErrorCode.ALREADY_EXISTS,
                () -> service.create(acme().displayName("Other").build()));
        markDeleting();
        refused(ErrorCode.BEING_DELETED, () -> service.create(acme().build()));
    }

    @Test
    void anAuditEntryThatCannotBeWrittenIsPendingAndWithoutProjectionThereIsNone() {
        projection.down = failure(ErrorCode.UPSTREAM_ERROR);

        assertThat(service.create(acme().build()).projection()).isEqualTo(ProjectionOutcome.PENDING);
        assertThat(OpenCrane.builder()
                        .cluster(cluster)
                        .build()
                        .clusterTenants()
                        .delete("acme")
                        .projection())
                .isEqualTo(ProjectionOutcome.NONE);
    }

    @Test
    void absenceIsOnlyWhatTheServerSays() {
        assertThat(service.find("acme")).isEmpty();
        refused(ErrorCode.CLUSTER_TENANT_NOT_FOUND, () -> service.get("acme"))
                .hasMessageContaining("ClusterTenant acme");
        refused(ErrorCode.CLUSTER_TENANT_NOT_FOUND, () -> service.update("acme", patch(p -> p)));
        refused(ErrorCode.CLUSTER_TENANT_NOT_FOUND, () -> service.status("acme"));
        refused(ErrorCode.CLUSTER_TENANT_NOT_FOUND, () -> service.quotaFit("acme", List.of()));
        refused(ErrorCode.CLUSTER_TENANT_NOT_FOUND, () -> service.delete("acme"));
    }

    @Test
    void aHostThatSeesLessThanTheWholeClusterAsksForNothing() {
        InMemoryCluster narrow = new InMemoryCluster(InstanceScope.namespace("opencrane"));
        ClusterTenantService there = OpenCrane.builder().cluster(narrow).build().clusterTenants();

        List<ThrowingCallable> calls = List.of(
                () -> there.create(acme().build()),
                () -> there.get("acme"),
                () -> there.find("acme"),
                () -> there.list(ClusterTenantQuery.all()),
                () -> there.update("acme", patch(p -> p)),
                () -> there.status("acme"),
                () -> there.quotaFit("acme", List.of()),
                () -> there.quotaFit("acme", Quota.NONE),
                () -> there.awaitPhase("acme", ClusterTenantPhase.READY, Duration.ofSeconds(1)),
                () -> there.awaitDeleted("acme", Duration.ofSeconds(1)),
                () -> there.delete("acme"));

        assertThat(calls)
                .allSatisfy(call -> refused(ErrorCode.DEPENDENCY_NOT_CONFIGURED, call)
                        .hasMessageContaining("InstanceScope.wholeCluster"));
        assertThat(narrow.calls).isEmpty();
    }

    @Test
    void aPatchSetsClearsAndLeavesTheRest() {
        service.create(acme().build());

        ClusterTenantSpec spec = service.update(
                        "acme",
                        patch(p -> p.displayName("ACME Inc")
                                .clearBaseDomain()
                                .dedicatedNodes("gold")
                                .quota(Quota.builder().pods(20L).build())))
                .clusterTenant()
                .spec();

        assertThat(spec)
                .isEqualTo(NewClusterTenant.builder(
                                "acme", "ACME Inc", Quota.builder().pods(20L).build())
                        .dedicatedNodes("gold")
                        .build()
                        .spec());
        assertThat(stored().spec()).isEqualTo(spec);
        assertThat(service.update("acme", patch(p -> p.shared()))
                        .clusterTenant()
                        .spec()
                        .compute())
                .isEqualTo(Compute.SHARED);
        assertThat(projection.actions())
                .containsExactly("cluster-tenant.create", "cluster-tenant.update", "cluster-tenant.update");
        assertThatThrownBy(() -> patch(p -> p.baseDomain("a.com").clearBaseDomain()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPatchIsValidatedAsItsResult() {
        service.create(acme().build());

        refused(ErrorCode.VALIDATION_ERROR, () -> service.update("acme", patch(p -> p.quota(Quota.NONE))));
        refused(ErrorCode.VALIDATION_ERROR, () -> service.update("acme", patch(p -> p.baseDomain("x"))));
        refused(ErrorCode.TIER_UNAVAILABLE, () -> service.update("acme", patch(p -> p.dedicatedCluster())));
        assertThat(cluster.calls).doesNotContain("patch");
    }

    @Test
    void aTierThatCannotChangeAnyMoreSaysWhatToDoInstead() {
        service.create(acme().build());
        status(s -> s.boundNamespace("opencrane-acme"));

        refused(ErrorCode.MOVE_NEEDS_STATE_PLAN, () -> service.update("acme", patch(p -> p.dedicatedCluster())))
                .hasMessageContaining("make another ClusterTenant");
        assertThat(service.update("acme", patch(p -> p.dedicatedNodes("gold")))
                        .clusterTenant()
                        .spec()
                        .isolationTier())
                .isEqualTo(IsolationTier.DEDICATED_NODES);
    }

    @Test
    void aVersionedPatchIsNeverAppliedToAnythingElseAndOneWithoutIsAppliedOnTop() {
        ClusterTenant seen = service.create(acme().build()).clusterTenant();
        ClusterTenantPatch versioned = patch(p -> p.displayName("Mine").ifUnchangedSince(seen));
        cluster.beforePatch.add(() -> cluster.put(stored().withSpec(
                        stored().spec().toBuilder().baseDomain("b.com").build())));

        ClusterTenantSpec spec = service.update("acme", patch(p -> p.displayName("Ours")))
                .clusterTenant()
                .spec();

        assertThat(spec.displayName()).isEqualTo("Ours");
        assertThat(spec.baseDomain()).isEqualTo("b.com");
        refused(ErrorCode.CONFLICT, () -> service.update("acme", versioned));
        cluster.afterPatch.add(failure(ErrorCode.CONFLICT));
        assertThat(service.update("acme", patch(p -> p.displayName("Lost response")))
                        .clusterTenant())
                .isEqualTo(stored());
    }

    @Test
    void aQuotaIsNotLoweredBelowWhatTheAttachedTenantsAskFor() {
        service.create(acme().build());
        tenant("one", t -> t.resources(Quantity.parse("1500m"), Quantity.parse("1Gi")));
        tenant("two", t -> t);
        Quota tight = Quota.builder()
                .pods(1L)
                .cpu(Quantity.parse("1"))
                .storage(Quantity.parse("2Gi"))
                .build();
        cluster.calls.clear();

        ValidationException e = catchThrowableOfType(
                ValidationException.class, () -> service.update("acme", patch(p -> p.quota(tight))));

        assertThat(e.problems())
                .extracting(Problem::toString)
                .satisfiesExactly(
                        cpu -> assertThat(cpu)
                                .startsWith(
                                        "spec.resources.quota.cpu: The attached tenants ask for 1600m, 600m beyond the limit"),
                        pods -> assertThat(pods)
                                .startsWith(
                                        "spec.resources.quota.pods: The attached tenants ask for 2, 1 beyond the limit"));
        assertThat(cluster.calls).doesNotContain("patch");
        assertThat(service.quotaFit("acme", tight))
                .extracting(QuotaUse::fits)
                .containsExactly(false, true, true, false, true);
        openCrane.tenants().suspend(new TenantId("opencrane", "one"));
        assertThat(service.update("acme", patch(p -> p.quota(tight)))
                        .clusterTenant()
                        .spec())
                .isEqualTo(stored().spec());
    }

    @Test
    void anUpdateThatLowersNothingReadsNoTenants() {
        service.create(acme().build());
        cluster.calls.clear();

        service.update("acme", patch(p -> p.quota(tenPods().pods(11L).build())));

        assertThat(cluster.calls).containsExactly("find", "patch");
    }

    @Test
    void theStatusTellsWhoIsAttachedAndWhatTheyAskFor() {
        service.create(acme().build());
        tenant("one", t -> t);
        tenant("two", t -> t.resources(Quantity.parse("4"), Quantity.parse("1Gi")));
        openCrane.tenants().create(NewTenant.builder("other", "Name", "a@b").build());

        ClusterTenantOverview overview = service.status("acme");

        assertThat(overview.clusterTenant()).isEqualTo(stored());
        assertThat(overview.attached()).extracting(Object::toString).containsExactly("opencrane/one", "opencrane/two");
        assertThat(overview.quota())
                .extracting(QuotaUse::toString)
                .contains("cpu: 4100m of 4, 100m missing", "pods: 2 of 10");
    }

    @Test
    void furtherTenantsAreTriedBeforeTheyAreMade() {
        service.create(acme().build());
        tenant("one", t -> t.resources(Quantity.parse("3"), Quantity.parse("1Gi")));
        TenantSpec big = TenantSpec.builder("Name", "a@b")
                .resources(Quantity.parse("1"), Quantity.parse("1Gi"))
                .build();

        assertThat(service.quotaFit("acme", List.of(big))).allMatch(QuotaUse::fits);
        assertThat(service.quotaFit("acme", List.of(big, big)))
                .filteredOn(use -> !use.fits())
                .extracting(QuotaUse::toString)
                .containsExactly("cpu: 5 of 4, 1 missing");
    }

    @Test
    void customersAreListedByNameInPagesWithFilters() {
        for (String name : List.of("b", "a-b", "a", "c")) {
            service.create(NewClusterTenant.builder(
                            name,
                            "Customer " + name.toUpperCase(Locale.ROOT),
                            tenPods().build())
                    .build());
        }
        service.update("c", patch(p -> p.dedicatedNodes("gold")));

        Page<ClusterTenantSummary> first =
                service.list(ClusterTenantQuery.builder().limit(3).build());
        assertThat(names(first)).containsExactly("a", "a-b", "b");
        assertThat(first.source()).isEqualTo(Page.Source.CLUSTER);
        assertThat(names(service.list(
                        ClusterTenantQuery.builder().after(first.next()).build())))
                .containsExactly("c");
        assertThat(names(service.list(ClusterTenantQuery.builder()
                        .tier(IsolationTier.DEDICATED_NODES)
                        .build())))
                .containsExactly("c");
        assertThat(names(service.list(
                        ClusterTenantQuery.builder().text("customer A").build())))
                .containsExactly("a", "a-b");
        assertThat(names(service.list(ClusterTenantQuery.builder()
                        .phase(ClusterTenantPhase.READY)
                        .build())))
                .isEmpty();
        assertThat(names(service.list(ClusterTenantQuery.builder()
                        .phase(ClusterTenantPhase.PENDING)
                        .build())))
                .hasSize(4);
    }

    private static List<String> names(Page<ClusterTenantSummary> page) {
        return page.items().stream().map(ClusterTenantSummary::name).toList();
    }

    @Test
    void aListThatWouldReadTooMuchIsRefused() {
        for (int i = 0; i <= ScannedPage.MAX_SCAN; i++) {
            cluster.put(new ClusterTenant(
                    ResourceMetadata.of("", "c-%05d".formatted(i)),
                    ClusterTenantSpec.builder("Name").build(),
                    ClusterTenantStatus.empty()));
        }

        assertThat(service.list(ClusterTenantQuery.all()).items()).hasSize(100);
        refused(
                ErrorCode.LIST_TOO_LARGE,
                () -> service.list(ClusterTenantQuery.builder().text("nobody").build()));
    }

    @Test
    void awaitingAPhaseEndsWhenAStatusOfThePresentSpecSaysSo() {
        service.create(acme().build());
        whileWaiting.add(() -> status(s -> s.phase(ClusterTenantPhase.READY)));
        whileWaiting.add(() -> status(s -> s.observedGeneration(1)));

        assertThat(service.awaitPhase("acme", ClusterTenantPhase.READY, Duration.ofHours(2))
                        .status()
                        .observedGeneration())
                .isEqualTo(1);
        refused(ErrorCode.TIMEOUT, () -> service.awaitPhase("acme", ClusterTenantPhase.FAILED, Duration.ofSeconds(9)))
                .hasMessageContaining("READY");
        whileWaiting.add(() -> cluster.customers.clear());
        service.awaitDeleted("acme", Duration.ofSeconds(9));
    }

    @Test
    void aDeletionIsRefusedWhileTenantsAreAttachedAndNamesThem() {
        service.create(acme().build());
        for (int i = 0; i < 12; i++) {
            tenant("t-%02d".formatted(i), t -> t);
        }

        refused(ErrorCode.IN_USE, () -> service.delete("acme"))
                .hasMessageContaining("opencrane/t-00, opencrane/t-01")
                .hasMessageContaining("and 2 more");
        assertThat(cluster.calls).doesNotContain("delete");
    }

    @Test
    void aDeletionWithTenantsDeletesThemFirst() {
        service.create(acme().build());
        tenant("one", t -> t);
        tenant("two", t -> t);
        openCrane.tenants().create(NewTenant.builder("other", "Name", "a@b").build());

        service.delete("acme", ClusterTenantDeletion.careful().withTenants());

        assertThat(cluster.tenants).containsOnlyKeys("opencrane/other");
        assertThat(cluster.customers).isEmpty();
        assertThat(projection.actions()).endsWith("tenant.delete", "tenant.delete", "cluster-tenant.delete");
        assertThat(projection.log.get(projection.log.size() - 1).metadata().asMap())
                .containsEntry("tenants", 2L)
                .containsEntry("purge", false);
    }

    private static final class AcmeClusters implements ClusterTenantProvisioner {
        @Override
        public String id() {
            return "acme-clusters";
        }

        @Override
        public ProvisionerCapabilities capabilities() {
            return ProvisionerCapabilities.dedicatedClusters();
        }

        @Override
        public Provisioning provision(ProvisionRequest request) {
            throw new UnsupportedOperationException("the service provisions nothing");
        }

        @Override
        public Provisioning status(StatusRequest request) {
            throw new UnsupportedOperationException("the service provisions nothing");
        }

        @Override
        public Provisioning deprovision(DeprovisionRequest request) {
            throw new UnsupportedOperationException("the service provisions nothing");
        }
    }
}
