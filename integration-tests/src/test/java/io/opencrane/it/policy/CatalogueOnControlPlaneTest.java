package io.opencrane.it.policy;

import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

@ControlPlaneTest
class CatalogueOnControlPlaneTest extends CatalogueScenarios {
    private static RealCluster withCilium;
    private final RealCluster cluster;

    CatalogueOnControlPlaneTest(ControlPlane controlPlane) {
        cluster = RealCluster.of(controlPlane);
    }

    @BeforeAll
    static void installCilium(ControlPlane controlPlane) {
        withCilium = RealCluster.of(controlPlane);
        withCilium.installCilium();
    }

    /** The server is shared: others count on its not having Cilium. */
    @AfterAll
    static void removeCilium() {
        withCilium.removeCilium();
        withCilium.close();
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
