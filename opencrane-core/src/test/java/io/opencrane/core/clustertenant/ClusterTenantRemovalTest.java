package io.opencrane.core.clustertenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantDeletion;
import io.opencrane.api.clustertenant.ClusterTenantService;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.support.InMemoryCluster;
import io.opencrane.core.support.InMemoryProjection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong between looking and deleting. */
class ClusterTenantRemovalTest {
    private static final ClusterTenantDeletion CAREFUL = ClusterTenantDeletion.careful();

    private final InMemoryCluster cluster = new InMemoryCluster(InstanceScope.wholeCluster("opencrane"));
    private final InMemoryProjection projection = new InMemoryProjection();
    private final ClusterTenantService service =
            OpenCrane.builder().cluster(cluster).projection(projection).build().clusterTenants();

    @BeforeEach
    void makeACustomer() {
        cluster.put(acme(Map.of(), null));
    }

    private static ClusterTenant acme(Map<String, String> annotations, @Nullable Instant deletedAt) {
        return new ClusterTenant(
                new ResourceMetadata("", "acme", "", "", 1, null, deletedAt, Map.of(), annotations, List.of()),
                ClusterTenantSpec.builder("ACME").build(),
                ClusterTenantStatus.empty().toBuilder()
                        .boundNamespace("opencrane-acme")
                        .build());
    }

    private void tenant(String name, @Nullable String ref, @Nullable String namespace) {
        cluster.put(new Tenant(
                ResourceMetadata.of("opencrane", name),
                TenantSpec.builder("Name", "a@b").clusterTenantRef(ref).build(),
                TenantStatus.empty().toBuilder()
                        .placement(namespace == null ? null : new Placement("", namespace))
                        .build()));
    }

    private boolean purges() {
        return CustomerPurge.isConfirmed(cluster.customers.get("acme"));
    }

    private static AbstractThrowableAssert<?, ?> refused(ErrorCode code, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void purgingNeedsTheNameTypedAndAsksNothingWithoutIt() {
        refused(ErrorCode.VALIDATION_ERROR, () -> service.delete("acme", CAREFUL.purging("acmee")));
        assertThat(cluster.calls).isEmpty();
    }

    @Test
    void theWishIsWrittenBeforeTheDeletion() {
        boolean[] wished = new boolean[1];
        cluster.beforeDelete.add(() -> wished[0] = purges());

        ClusterTenant last = service.delete("acme", CAREFUL.purging("acme")).clusterTenant();

        assertThat(wished[0]).isTrue();
        assertThat(CustomerPurge.isConfirmed(last)).isTrue();
        assertThat(cluster.customers).isEmpty();
        assertThat(projection.log.get(0).metadata().asMap()).containsEntry("purge", true);
    }

    @Test
    void anOrdinaryDeletionTakesBackTheWishThatACrashLeftBehind() {
        cluster.put(acme(Map.of(CustomerPurge.ANNOTATION, "acme"), null));
        boolean[] wished = {true};
        cluster.beforeDelete.add(() -> wished[0] = purges());

        service.delete("acme");

        assertThat(wished[0]).isFalse();
        assertThat(cluster.customers).isEmpty();
    }

    @Test
    void onItsWayOutTheWishIsAddedAndNotTakenBack() {
        cluster.put(acme(Map.of(), Instant.EPOCH));

        service.delete("acme", CAREFUL.purging("acme"));
        service.delete("acme");

        assertThat(purges()).isTrue();
        assertThat(cluster.calls).doesNotContain("delete");
    }

    @Test
    void aTenantThatMovesAwayIsNeverDeletedAlong() {
        tenant("moving", "other", "opencrane-acme");
        tenant("named", "acme", null);

        refused(ErrorCode.IN_USE, () -> service.delete("acme", CAREFUL.withTenants()))
                .hasMessageContaining("opencrane/moving")
                .hasMessageContaining("wait until they have moved");
        assertThat(cluster.tenants).hasSize(2);
        assertThat(cluster.calls).doesNotContain("delete");
    }

    @Test
    void aTenantThatWasMovedAfterItWasListedStays() {
        tenant("one", "acme", null);
        cluster.afterPage.add(() -> tenant("one", "other", null));

        service.delete("acme", CAREFUL.withTenants());

        assertThat(cluster.tenants.get("opencrane/one").spec().clusterTenantRef())
                .isEqualTo("other");
        assertThat(cluster.customers).isEmpty();
    }

    @Test
    void aTenantThatNamedAnotherAfterItWasListedAndIsStillThereRefusesTheDeletion() {
        tenant("one", "acme", "opencrane-acme");
        cluster.afterPage.add(() -> tenant("one", "other", "opencrane-acme"));

        refused(
                        ErrorCode.IN_USE,
                        () -> service.delete("acme", CAREFUL.withTenants().purging("acme")))
                .hasMessageContaining("opencrane/one")
                .hasMessageContaining("wait until they have moved");
        assertThat(cluster.tenants).containsOnlyKeys("opencrane/one");
        assertThat(purges()).isFalse();
        assertThat(cluster.calls).doesNotContain("delete");
    }

    @Test
    void theAuditEntryCountsTheTenantsThatWereDeleted() {
        tenant("one", "acme", null);
        tenant("two", "acme", null);
        cluster.afterPage.add(() -> tenant("one", "other", null));

        service.delete("acme", CAREFUL.withTenants());

        assertThat(projection.log.get(projection.log.size() - 1).metadata().asMap())
                .containsEntry("tenants", 1L);
    }

    @Test
    void aConcurrentChangeIsMetByReadingAgain() {
        cluster.beforePatch.add(() -> cluster.put(cluster.customers.get("acme")));

        service.delete("acme", CAREFUL.purging("acme"));

        assertThat(cluster.customers).isEmpty();
    }

    @Test
    void oneThatKeepsChangingIsGivenUp() {
        for (int i = 0; i < 9; i++) {
            cluster.beforePatch.add(() -> cluster.put(cluster.customers.get("acme")));
        }

        refused(ErrorCode.CONFLICT, () -> service.delete("acme", CAREFUL.purging("acme")))
                .satisfies(
                        e -> assertThat(((OpenCraneException) e).isRetryable()).isTrue());
        assertThat(cluster.calls).doesNotContain("delete");
    }

    @Test
    void anotherCustomerOfTheNameIsLeftAlone() {
        cluster.beforeDelete.add(() -> cluster.put(acme(Map.of(), null)));

        refused(ErrorCode.CONFLICT, () -> service.delete("acme")).hasMessageContaining("left alone");
        assertThat(cluster.customers).containsOnlyKeys("acme");
    }
}
