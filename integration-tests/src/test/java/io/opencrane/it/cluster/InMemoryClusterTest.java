package io.opencrane.it.cluster;

import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.Cluster;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.ClusterTck;
import io.opencrane.testkit.cluster.InMemoryCluster;

/** The core's cluster over the fake behaves like one over the real server. */
class InMemoryClusterTest extends ClusterTck {
    private final InMemoryCluster cluster =
            InMemoryCluster.create(InstanceScope.namespace("opencrane"), TestClock.at("2026-01-01T00:00:00Z"));

    @Override
    public ObjectStore objects() {
        return cluster.objects();
    }

    @Override
    public Cluster cluster(InstanceScope scope) {
        return KubernetesCluster.over(cluster.objects(), scope);
    }
}
