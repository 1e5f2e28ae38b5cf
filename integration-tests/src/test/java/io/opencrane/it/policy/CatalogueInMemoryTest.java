package io.opencrane.it.policy;

import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import java.util.List;

class CatalogueInMemoryTest extends CatalogueScenarios {
    @Override
    ObjectStore startObjects(List<String> namespaces) {
        return PolicyScenariosInMemoryTest.memory(world, namespaces)
                .serve(ObjectType.CILIUM_NETWORK_POLICY)
                .objects();
    }
}
