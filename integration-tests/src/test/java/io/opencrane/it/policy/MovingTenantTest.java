package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.fault.Faults;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A tenant that moves from home into a customer's namespace: its policy's objects are where its pods are. */
class MovingTenantTest {
    private static final Placement HOME = new Placement("", "opencrane");
    private static final Placement BOUND = new Placement("", "opencrane-gold");

    private final PolicyWorld world = PolicyWorld.of("opencrane", new Faults());

    @Test
    void aTenantThatMovesOnIsUnderThePolicyWhereItIs() {
        world.on(PolicyScenariosInMemoryTest.memory(world, List.of(BOUND.namespace()))
                .objects());
        FakeKubelet kubelet = FakeKubelet.withControllers(world.objects());
        world.customer("gold", BOUND.namespace(), IsolationTier.SHARED);
        world.tenant("ada", spec -> spec.team("research"));
        world.policy("lab", forTeam("research", PolicyScenarios.OFFICE));
        kubelet.runOnce();
        world.merge(
                ObjectType.of(ResourceKind.TENANT).named("opencrane", "ada"),
                "{\"metadata\":{\"annotations\":{\"opencrane.io/accept-empty-state\":\"opencrane-gold\"}}}");

        Tenant tenant = world.changeTenant("ada", spec -> spec.clusterTenantRef("gold"));
        assertThat(tenant.status().placement()).as("its pod still runs").isEqualTo(HOME);
        AccessPolicy policy = world.reconcile("lab");
        assertThat(policy.status().placements()).containsExactly(HOME);
        for (int i = 0; i < 5 && tenant.status().placement().equals(HOME); i++) {
            kubelet.runOnce();
            tenant = world.reconcile(new TenantId("opencrane", "ada"));
        }
        assertThat(tenant.status().placement()).isEqualTo(BOUND);
        assertThat(world.live(NetworkFence.tenantBaseline(BOUND.namespace())))
                .as("the fence is there before its pod")
                .isNotNull();

        policy = world.reconcile("lab");

        assertThat(policy.status().placements()).containsExactly(BOUND);
        assertThat(world.networks(HOME.namespace())).isEmpty();
        assertThat(Rendered.tenants(world.live(PolicyWorld.network(BOUND.namespace(), "lab"))))
                .containsExactly("ada");
    }
}
