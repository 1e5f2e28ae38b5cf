package io.opencrane.samples.operator;

import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.reconcile.ClusterTenantReconciler;
import io.opencrane.k8s.reconcile.NetworkBaseline;
import io.opencrane.k8s.remote.KubeconfigClusters;
import io.opencrane.webhook.WebhookProvisioner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** What the operator has beside tenants' reconciler when it looks after customers: who makes their clusters, and how they are reached. */
final class Platform implements AutoCloseable {
    private final ExecutorService calls = Executors.newCachedThreadPool(Platform::daemon);
    private final Provisioners provisioners;
    private final KubeconfigClusters clusters;
    private final NetworkBaseline baseline;

    Platform(Settings settings, NetworkFence fence, KubernetesCluster home) {
        Provisioners.Builder found = Provisioners.calledOn(calls).discover(Platform.class.getClassLoader());
        settings.provisioner()
                .ifPresent(webhook -> found.add(WebhookProvisioner.from(webhook).build()));
        provisioners = found.build();
        baseline = NetworkBaseline.of(fence);
        clusters = KubeconfigClusters.over(home.objects()).build();
    }

    /** A provisioner that hangs must not keep the process. */
    private static Thread daemon(Runnable call) {
        Thread thread = new Thread(call, "provisioner");
        thread.setDaemon(true);
        return thread;
    }

    KubeconfigClusters clusters() {
        return clusters;
    }

    /** Reads by request: a cache that is behind the informer that woke it would miss the change, and nothing would tell again. */
    ClusterTenantReconciler reconciler(KubernetesCluster cluster) {
        return ClusterTenantReconciler.builder(cluster, baseline)
                .provisioners(provisioners)
                .build();
    }

    @Override
    public void close() {
        clusters.close();
        calls.shutdownNow();
    }
}
