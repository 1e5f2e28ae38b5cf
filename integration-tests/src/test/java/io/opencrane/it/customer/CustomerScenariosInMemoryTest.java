package io.opencrane.it.customer;

import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.cluster.InMemoryCluster;
import java.time.InstantSource;

class CustomerScenariosInMemoryTest extends CustomerScenarios {
    @Override
    ObjectStore startObjects() {
        return InMemoryCluster.create(InstanceScope.wholeCluster(home), InstantSource.system())
                .objects();
    }
}
