package io.opencrane.it.cluster;

import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.cluster.ObjectStoreTck;

/** The fake behaves like the real server, as far as the contract tests look. */
class InMemoryObjectStoreTest extends ObjectStoreTck {
    private final InMemoryCluster cluster =
            InMemoryCluster.create(InstanceScope.namespace("opencrane"), TestClock.at("2026-01-01T00:00:00Z"));

    @Override
    public ObjectStore objects() {
        return cluster.objects();
    }

    @Override
    public boolean hasControllers() {
        return true;
    }
}
