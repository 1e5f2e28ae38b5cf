package io.opencrane.it.policy;

import io.opencrane.k8s.object.ObjectStore;
import java.util.List;

class ForeignHandsInMemoryTest extends ForeignHandsScenarios {
    @Override
    ObjectStore startObjects(List<String> namespaces) {
        return PolicyScenariosInMemoryTest.memory(world, namespaces).objects();
    }
}
