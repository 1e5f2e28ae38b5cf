package io.opencrane.it.policy;

import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

@ControlPlaneTest
class PolicyScenariosOnControlPlaneTest extends PolicyScenarios {
    private final RealCluster cluster;

    PolicyScenariosOnControlPlaneTest(ControlPlane controlPlane) {
        cluster = RealCluster.of(controlPlane);
    }

    @Override
    ObjectStore startObjects(List<String> namespaces) {
        return cluster.with(namespaces);
    }

    @AfterEach
    void disconnect() {
        cluster.close();
    }
}
