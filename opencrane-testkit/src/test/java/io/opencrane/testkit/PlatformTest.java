package io.opencrane.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.NewClusterTenant;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.OpenCrane;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.reconcile.ClusterTenantReconciler;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.cluster.InMemoryCustomerClusters;
import io.opencrane.testkit.provisioner.FakeProvisioner;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a platform's own unit test looks like. */
@OpenCraneTest(platform = true)
class PlatformTest {
    private static final Quota QUOTA = Quota.builder().pods(5L).build();

    @Test
    void aTenantOfACustomerWithAClusterOfItsOwnRunsThere(
            OpenCrane openCrane,
            ClusterTenantReconciler customers,
            TenantReconciler tenants,
            FakeProvisioner provisioner,
            InMemoryCluster home,
            InMemoryCustomerClusters clusters,
            TestClock clock) {
        provisioner.takes(Duration.ofMinutes(30));
        openCrane
                .clusterTenants()
                .create(NewClusterTenant.builder("gold", "Gold Corp", QUOTA)
                        .dedicatedCluster()
                        .build());
        openCrane
                .tenants()
                .create(NewTenant.builder("ada", "Ada", "ada@example.com")
                        .clusterTenantRef("gold")
                        .build());
        customers.reconcile("gold");
        clock.advance(Duration.ofMinutes(31));
        customers.reconcile("gold");

        Tenant ada = tenants.reconcile(new TenantId("opencrane", "ada"))
                .orElseThrow()
                .tenant();

        assertThat(openCrane.clusterTenants().get("gold").status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(ada.status().placement().cluster()).isEqualTo("gold");
        TenantChildren children =
                new TenantChildren("ada", ada.status().placement().namespace());
        assertThat(clusters.of("gold").objects().get(children.deployment())).isPresent();
        assertThat(home.objects().get(children.deployment())).isEmpty();
    }
}
