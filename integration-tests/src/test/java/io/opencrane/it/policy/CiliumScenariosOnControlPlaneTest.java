package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.condition;
import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.Domains;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cilium is nothing but its CRD here: what it does with its objects is its own affair. */
@ControlPlaneTest
class CiliumScenariosOnControlPlaneTest extends CiliumScenarios {
    private final RealCluster cluster;

    CiliumScenariosOnControlPlaneTest(ControlPlane controlPlane) {
        cluster = RealCluster.of(controlPlane);
    }

    @Override
    ObjectStore startObjects(List<String> namespaces) {
        return cluster.with(namespaces);
    }

    @Override
    void installCilium() {
        cluster.installCilium();
    }

    @Test
    void whenCiliumGoesItIsToldAgain() {
        installCilium();
        world.policy(
                "lab",
                spec -> forTeam("research").apply(spec).domains(new Domains(List.of("github.com"), List.of(), true)));
        assertThat(condition(world.reconcile("lab"), "DomainsEnforced")).isEqualTo("True");

        cluster.removeCilium();

        AccessPolicy policy = world.reconcile("lab");
        assertThat(condition(policy, "DomainsEnforced")).isEqualTo("CiliumAbsent");
        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();
    }

    /** The server is shared: others count on its not having Cilium. */
    @AfterEach
    void disconnect() {
        cluster.removeCilium();
        cluster.close();
    }
}
