package io.opencrane.it.policy;

import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.cluster.InMemoryCluster;
import java.util.List;

class PolicyScenariosInMemoryTest extends PolicyScenarios {
    @Override
    ObjectStore startObjects(List<String> namespaces) {
        return memory(world, namespaces).objects();
    }

    static InMemoryCluster memory(PolicyWorld world, List<String> namespaces) {
        InMemoryCluster cluster = InMemoryCluster.create(world.scope(), world.clock);
        namespaces.forEach(cluster::createNamespace);
        return cluster;
    }
}
