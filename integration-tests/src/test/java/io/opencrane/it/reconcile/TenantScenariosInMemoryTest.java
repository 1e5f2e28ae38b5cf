package io.opencrane.it.reconcile;

import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import java.time.InstantSource;

class TenantScenariosInMemoryTest extends TenantScenarios {
    @Override
    ObjectStore startObjects() {
        return InMemoryCluster.create(InstanceScope.namespace(namespace), InstantSource.system())
                .objects();
    }

    @Override
    FakeKubelet kubelet(ObjectStore objects) {
        return FakeKubelet.withControllers(objects);
    }
}
