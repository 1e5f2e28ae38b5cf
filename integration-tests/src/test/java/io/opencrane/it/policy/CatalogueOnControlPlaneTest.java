package io.opencrane.it.policy;

import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** One connection for all rows, and a namespace for each. */
@ControlPlaneTest
class CatalogueOnControlPlaneTest extends CatalogueScenarios {
    private static RealCluster cluster;

    @BeforeAll
    static void installCilium(ControlPlane controlPlane) {
        cluster = RealCluster.of(controlPlane);
        cluster.installCilium();
    }

    /** The server is shared: others count on its not having Cilium. */
    @AfterAll
    static void removeCilium() {
        cluster.removeCilium();
        cluster.close();
    }

    @Override
    ObjectStore startObjects(List<String> namespaces) {
        return cluster.with(namespaces);
    }
}
