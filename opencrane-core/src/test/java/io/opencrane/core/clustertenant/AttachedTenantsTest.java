package io.opencrane.core.clustertenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.support.InMemoryCluster;
import io.opencrane.core.tenant.TenantScan;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttachedTenantsTest {
    private final InMemoryCluster cluster = new InMemoryCluster(InstanceScope.wholeCluster("opencrane"));

    private static ClusterTenant acme(@Nullable String boundNamespace) {
        return new ClusterTenant(
                ResourceMetadata.of("", "acme"),
                ClusterTenantSpec.builder("ACME").build(),
                ClusterTenantStatus.empty().toBuilder()
                        .boundNamespace(boundNamespace)
                        .build());
    }

    private static Tenant tenant(String name, @Nullable String ref, @Nullable Placement placement) {
        return new Tenant(
                ResourceMetadata.of("opencrane", name),
                TenantSpec.builder("Name", "a@b").clusterTenantRef(ref).build(),
                TenantStatus.empty().toBuilder().placement(placement).build());
    }

    @ParameterizedTest
    @CsvSource({
        // ref, cluster, namespace, bound namespace, attached
        "acme, , , opencrane-acme, true",
        "acme, , opencrane-other, opencrane-acme, true",
        "other, , opencrane-acme, opencrane-acme, true",
        "other, acme, tenants, opencrane-acme, true",
        "other, acme, tenants, , true",
        "other, acme, '', , true",
        "other, other, opencrane-acme, opencrane-acme, false",
        "other, , opencrane-other, opencrane-acme, false",
        "other, , , opencrane-acme, false",
        ", , , opencrane-acme, false",
        ", , opencrane-acme, , false",
        ", , opencrane, opencrane-acme, false",
        ", , '', '', false",
    })
    void whoNamesTheCustomerOrStillLivesWithItIsAttached(
            @Nullable String ref,
            @Nullable String inCluster,
            @Nullable String namespace,
            @Nullable String bound,
            boolean attached) {
        Placement placement = namespace == null ? null : new Placement(inCluster == null ? "" : inCluster, namespace);

        assertThat(AttachedTenants.isAttached(tenant("one", ref, placement), acme(bound)))
                .isEqualTo(attached);
    }

    /** A provisioner names the namespace in the customer's own cluster, and the install's may be of the same name. */
    @Test
    void aNamespaceOfTheNameAtHomeIsNotTheOneInTheCustomersOwnCluster() {
        Tenant atHome = tenant("one", null, new Placement("", "opencrane"));
        ClusterTenant begun = acme("opencrane");
        ClusterTenant ready = begun.withStatus(begun.status().toBuilder()
                .kubeconfigSecretRef(new SecretKeyRef("opencrane", "acme", "kubeconfig"))
                .build());

        assertThat(AttachedTenants.isAttached(atHome, ready)).isFalse();
        assertThat(AttachedTenants.isAttached(tenant("two", null, new Placement("acme", "opencrane")), ready))
                .isTrue();
    }

    @Test
    void theyAreFoundInEveryNamespaceInPages() {
        for (int i = 0; i < TenantScan.CHUNK + 20; i++) {
            cluster.put(tenant("t-%04d".formatted(i), i % 100 == 0 ? "acme" : null, null));
        }
        Tenant elsewhere = tenant("far", "acme", null);
        cluster.put(elsewhere.withMetadata(ResourceMetadata.of("zoo", "far")));

        assertThat(AttachedTenants.ids(cluster, acme(null)))
                .extracting(TenantId::toString)
                .containsExactly(
                        "opencrane/t-0000",
                        "opencrane/t-0100",
                        "opencrane/t-0200",
                        "opencrane/t-0300",
                        "opencrane/t-0400",
                        "opencrane/t-0500",
                        "zoo/far");
        assertThat(cluster.calls).containsExactly("page", "page");
    }
}
