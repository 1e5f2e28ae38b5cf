package io.opencrane.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.ClusterTenantDeletion;
import io.opencrane.api.clustertenant.ClusterTenantPatch;
import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.ClusterTenantService;
import io.opencrane.api.clustertenant.NewClusterTenant;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.clustertenant.QuotaUse;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.reconcile.ClusterTenantReconciler;
import io.opencrane.k8s.reconcile.NamespaceAccess;
import io.opencrane.k8s.reconcile.NetworkBaseline;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.projection.InMemoryProjection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** The example of docs/customers.md; {@link ReadmeTest} runs it and compares the two. */
final class CustomersExample {
    private static final List<String> SEEN = new ArrayList<>();

    private CustomersExample() {}

    static void run() {
        TestClock clock = TestClock.at("2026-01-10T12:00:00Z");
        InstanceScope scope = InstanceScope.wholeCluster("opencrane");
        KubernetesCluster cluster =
                KubernetesCluster.over(InMemoryCluster.create(scope, clock).objects(), scope);
        OpenCrane openCrane = OpenCrane.builder()
                .cluster(cluster)
                .projection(new InMemoryProjection(clock))
                .clock(clock)
                .pause(howLong -> {
                    clock.pause(howLong);
                    reconcile(cluster, Runnable::run, NetworkFence.of(Settings.defaults()), NamespaceAccess.NONE);
                })
                .build();
        SEEN.clear();

        example(
                openCrane,
                NewTenant.builder("ada", "Ada", "ada@acme.com")
                        .clusterTenantRef("acme")
                        .build());

        assertThat(SEEN).contains("cpu: 100m of 4", "pods: 1 of 10");
        for (int i = 0; i < 3; i++) {
            reconcile(cluster, Runnable::run, NetworkFence.of(Settings.defaults()), NamespaceAccess.NONE);
        }
        assertThat(openCrane.clusterTenants().find("acme")).isEmpty();
    }

    // spotless:off
    private static void example(OpenCrane openCrane, NewTenant ada) {
        // docs/customers.md begins
        ClusterTenantService customers = openCrane.clusterTenants();   // needs InstanceScope.wholeCluster(home)

        customers.create(NewClusterTenant.builder("acme", "ACME Corp", Quota.builder().cpu(Quantity.parse("4")).pods(10L).build())
                .baseDomain("acme.example.com").build());
        customers.awaitPhase("acme", ClusterTenantPhase.READY, Duration.ofMinutes(5));

        if (customers.quotaFit("acme", List.of(ada.spec())).stream().allMatch(QuotaUse::fits)) {
            openCrane.tenants().create(ada);
        }
        customers.status("acme").quota().forEach(use -> report(use)); // cpu: 100m of 4
        customers.update("acme", ClusterTenantPatch.builder().dedicatedNodes("gold").build());
        customers.delete("acme", ClusterTenantDeletion.careful().withTenants());
        // docs/customers.md ends
    }

    /** What the platform does while the example waits. */
    private static void reconcile(
            KubernetesCluster cluster, Executor executor, NetworkFence fence, NamespaceAccess access) {
        // the reconciler of docs/customers.md begins
        ClusterTenantReconciler customers = ClusterTenantReconciler.builder(cluster, NetworkBaseline.of(fence))   // the same scope; .reaching(...) for dedicated clusters
                .provisioners(Provisioners.calledOn(executor).discover(Thread.currentThread().getContextClassLoader()).build())
                .namespaceAccess(access)         // a RoleBinding in it, for the instance that serves the customer
                .build();
        customers.reconcile("acme");
        // the reconciler of docs/customers.md ends
    }
    // spotless:on

    private static void report(QuotaUse use) {
        SEEN.add(use.toString());
    }
}
