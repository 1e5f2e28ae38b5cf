package io.opencrane.it.policy;

import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.cluster.InMemoryCluster;
import java.util.List;

class CiliumScenariosInMemoryTest extends CiliumScenarios {
    private InMemoryCluster cluster;

    @Override
    ObjectStore startObjects(List<String> namespaces) {
        cluster = PolicyScenariosInMemoryTest.memory(world, namespaces);
        return cluster.objects();
    }

    @Override
    void installCilium() {
        cluster.serve(ObjectType.CILIUM_NETWORK_POLICY);
    }
}
