package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.AccessPolicyReconciler;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A place is forgotten only when the server says that nothing is left in it, whatever a cache or a label says. */
class NothingStaysBehindTest {
    private final PolicyWorld world = PolicyWorld.fresh();

    @BeforeEach
    void start() {
        world.on(PolicyScenariosInMemoryTest.memory(world, List.of(world.home, world.second))
                .objects());
        world.customer("acme", world.second, IsolationTier.SHARED);
        world.tenant("ada", spec -> spec.team("research").clusterTenantRef("acme"));
    }

    @Test
    void anObjectThatTheCacheHasNotSeenYetGoesWithTheLastTenant() {
        AccessPolicyId lab = new AccessPolicyId(world.home, "lab");
        AccessPolicyReconciler cached = AccessPolicyReconciler.builder(
                        world.direct(),
                        Settings.builder()
                                .namespace(world.home)
                                .podNamespace(world.home)
                                .build())
                .reader(new BehindOnNetworks(ObjectReader.of(world.objects())))
                .build();
        world.createPolicy(lab, forTeam("research", PolicyScenarios.OFFICE));
        cached.reconcile(lab);
        assertThat(world.networks(world.second)).containsExactly("opencrane-policy-lab");

        world.changeTenant("ada", spec -> spec.team("sales"));
        cached.reconcile(lab);

        assertThat(world.networks(world.second)).isEmpty();
    }

    @Test
    void anObjectThatLostItsLabelGoesWithTheLastTenant() {
        world.policy("lab", forTeam("research", PolicyScenarios.OFFICE));
        ObjectRef network = PolicyWorld.network(world.second, "lab");
        world.json(network, "[{\"op\":\"remove\",\"path\":\"/metadata/labels/opencrane.io~1policy\"}]");

        world.changeTenant("ada", spec -> spec.team("sales"));
        world.reconcile("lab");

        assertThat(world.networks(world.second)).isEmpty();
    }

    /** Its watch of networks has not caught up. */
    private record BehindOnNetworks(ObjectReader server) implements ObjectReader {
        @Override
        public Optional<GenericKubernetesResource> get(ObjectRef ref) {
            return server.get(ref);
        }

        @Override
        public List<GenericKubernetesResource> list(ObjectType type, String namespace, Filter filter) {
            return type.equals(ObjectType.NETWORK_POLICY) ? List.of() : server.list(type, namespace, filter);
        }
    }
}
