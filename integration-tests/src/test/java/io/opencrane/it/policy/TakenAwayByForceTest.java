package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.remote.CustomerClusters.Session;
import io.opencrane.testkit.cluster.InMemoryCustomerClusters;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is left of policies whose custom resource went without being cleaned up, in clusters that answer and some that do not. */
class TakenAwayByForceTest {
    private static final String BOUND = "tenants";

    private final Faults outage = new Faults();
    private final InMemoryCustomerClusters clusters = new InMemoryCustomerClusters(InstantSource.system());
    private final PolicyWorld world = PolicyWorld.fresh().reaching(this::open);

    @BeforeEach
    void start() {
        world.on(PolicyScenariosInMemoryTest.memory(world, List.of(world.home, world.second))
                .objects());
        for (String customer : List.of("gold", "silver")) {
            clusters.of(customer).createNamespace(BOUND);
            world.customer(customer, BOUND, IsolationTier.DEDICATED_CLUSTER);
            world.tenant("of-" + customer, spec -> spec.team("research").clusterTenantRef(customer));
        }
    }

    /** Only gold's cluster can be away. */
    private Session open(ClusterTenant customer) {
        Session real = clusters.open(customer);
        if (!customer.metadata().name().equals("gold")) {
            return real;
        }
        ObjectStore objects = outage.wrap(ObjectStore.class, real.objects());
        return new Session() {
            @Override
            public ObjectStore objects() {
                return objects;
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }

    private AccessPolicyId take(String policy) {
        world.deletePolicy(policy);
        world.direct().resources().removeFinalizer(world.findPolicy(policy).orElseThrow());
        return new AccessPolicyId(world.home, policy);
    }

    private Optional<GenericKubernetesResource> in(String customer) {
        return clusters.of(customer).objects().get(PolicyWorld.network(BOUND, "lab"));
    }

    @Test
    void whoHasAnotherPolicyByNowDoesNotReachWhatIsKeptForOthers() {
        world.tenant("ada", spec -> spec.policyRef("lab"));
        world.tenant("bob", spec -> spec.team("research"));
        world.policy("lab", forTeam("research", PolicyScenarios.OFFICE));
        world.reconcile(new TenantId(world.home, "ada"));
        world.reconcile("lab"); // which her status woke
        AccessPolicyId lab = take("lab");
        world.reconcile(new TenantId(world.home, "ada"));
        world.reconcile(new TenantId(world.home, "bob"));

        world.reconcile(lab);

        GenericKubernetesResource kept = world.live(world.network("lab"));
        assertThat(Rendered.tenants(kept)).containsExactly("ada");
        assertThat(Rendered.egress(kept)).containsExactly("dns", "10.20.0.0/16 tcp 443");
        assertThat(world.writes(() -> world.reconcile(lab))).isEmpty();
    }

    @Test
    void aClusterThatIsAwayDoesNotKeepTheOthersFromBeingClearedUp() {
        world.policy("lab", forTeam("research"));
        AccessPolicyId lab = take("lab");
        outage.failWhile(call -> true, Failure.UPSTREAM_ERROR);

        assertThatThrownBy(() -> world.reconcile(lab)).isInstanceOf(OpenCraneException.class);
        assertThat(in("silver")).isEmpty();

        outage.clear();
        world.reconcile(lab);
        assertThat(in("gold")).isEmpty();
    }

    @Test
    void aClusterThatWentWithItsCustomerIsNotWaitedFor() {
        world.policy("lab", forTeam("research"));
        AccessPolicyId lab = take("lab");
        world.direct()
                .resources()
                .delete(world.direct()
                        .resources()
                        .find(ClusterTenant.class, "", "gold")
                        .orElseThrow());

        world.reconcile(lab);

        assertThat(in("silver")).isEmpty();
    }
}
