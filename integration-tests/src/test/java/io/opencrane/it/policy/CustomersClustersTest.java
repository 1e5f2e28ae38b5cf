package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.condition;
import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static io.opencrane.it.policy.PolicyWorld.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.tenant.Placement;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.remote.CustomerClusters.Session;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.cluster.InMemoryCustomerClusters;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies whose tenants run in clusters of their customers: gold's, silver's, and some at home. */
class CustomersClustersTest {
    private static final String BOUND = "tenants";

    private final Faults outage = new Faults();
    private final InMemoryCustomerClusters clusters = new InMemoryCustomerClusters(InstantSource.system());
    private final PolicyWorld world = PolicyWorld.of(
                    "pol-" + UUID.randomUUID().toString().substring(0, 8), new Faults())
            .reaching(this::open);

    @BeforeEach
    void start() {
        world.on(PolicyScenariosInMemoryTest.memory(world, List.of()).objects());
        for (String customer : List.of("gold", "silver")) {
            clusters.of(customer).createNamespace(BOUND);
            world.customer(customer, BOUND, IsolationTier.DEDICATED_CLUSTER);
            world.tenant("of-" + customer, spec -> spec.team("research").clusterTenantRef(customer));
        }
        world.tenant("ada", spec -> spec.team("research"));
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

    private Optional<GenericKubernetesResource> in(String customer, ObjectRef ref) {
        return clusters.of(customer).objects().get(ref);
    }

    private static ObjectRef there() {
        return PolicyWorld.network(BOUND, "lab");
    }

    @Test
    void aPolicyIsInForceInEveryClusterWhereItsTenantsRun() {
        AccessPolicy policy = world.policy("lab", forTeam("research", PolicyScenarios.OFFICE));

        assertThat(in("gold", there()).map(Rendered::tenants)).contains(List.of("of-gold"));
        assertThat(in("silver", there()).map(Rendered::tenants)).contains(List.of("of-silver"));
        assertThat(Rendered.tenants(world.live(world.network("lab")))).containsExactly("ada");
        assertThat(policy.status().placements())
                .containsExactlyInAnyOrder(
                        new Placement("", world.home), new Placement("gold", BOUND), new Placement("silver", BOUND));
        assertThat(condition(policy, "Ready")).isEqualTo("True");
        assertThat(in("gold", NetworkFence.tenantBaseline(BOUND)))
                .as("the fence is where the pods are")
                .isPresent();
        assertThat(world.reconcile(policy).requeueAfter())
                .as("nobody watches a customer's cluster for us")
                .contains(Duration.ofMinutes(5));
    }

    @Test
    void anIdlePolicyWritesNothingAnywhere() {
        world.policy("lab", forTeam("research", PolicyScenarios.OFFICE));
        outage.restart();

        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();

        assertThat(outage.calls()).isNotEmpty().noneMatch(call -> PolicyWorld.WRITES.contains(call.method()));
    }

    @Test
    void whereACustomersClusterIsAwayTheOthersArePutRightAndItIsTold() {
        world.policy("lab", forTeam("research", PolicyScenarios.OFFICE));
        outage.failWhile(call -> true, Failure.UPSTREAM_ERROR);

        AccessPolicy told = world.changePolicy("lab", forTeam("research", PolicyScenarios.MAIL));

        assertThat(condition(told, "NetworkApplied")).isEqualTo("UPSTREAM_ERROR");
        assertThat(message(told, "NetworkApplied")).contains("gold");
        assertThat(condition(told, "Ready")).isEqualTo("UPSTREAM_ERROR");
        assertThat(told.status().placements()).contains(new Placement("gold", BOUND));
        assertThat(in("silver", there()).map(Rendered::egress)).contains(List.of("dns", "10.30.0.25/32 tcp 25,587"));
        assertThat(Rendered.egress(world.live(world.network("lab"))))
                .containsExactly("dns", "10.30.0.25/32 tcp 25,587");
        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();

        outage.clear();
        assertThat(condition(world.reconcile("lab"), "Ready")).isEqualTo("True");
        assertThat(in("gold", there()).map(Rendered::egress)).contains(List.of("dns", "10.30.0.25/32 tcp 25,587"));
    }

    @Test
    void whatCannotBeRemovedIsRememberedUntilItsClusterIsBack() {
        world.policy("lab", forTeam("research"));
        world.deleteTenant("of-gold");
        outage.failWhile(call -> true, Failure.UPSTREAM_ERROR);

        AccessPolicy waits = world.reconcile("lab");
        assertThat(waits.status().placements()).contains(new Placement("gold", BOUND));

        outage.clear();
        AccessPolicy done = world.reconcile("lab");
        assertThat(done.status().placements()).doesNotContain(new Placement("gold", BOUND));
        assertThat(in("gold", there())).isEmpty();
    }

    @Test
    void aDeletionWaitsForAClusterThatIsAway() {
        world.policy("lab", forTeam("research"));
        world.deletePolicy("lab");
        outage.failWhile(call -> true, Failure.UPSTREAM_ERROR);
        AccessPolicy waits = world.reconcile("lab");

        assertThat(condition(waits, "NetworkApplied")).isEqualTo("UPSTREAM_ERROR");
        assertThat(world.networks(world.home)).isEmpty();
        assertThat(in("silver", there())).isEmpty();
        assertThat(in("gold", there())).isPresent();

        outage.clear();
        world.reconcile(new AccessPolicyId(world.home, "lab"));
        assertThat(world.findPolicy("lab")).isEmpty();
        assertThat(in("gold", there())).isEmpty();
    }

    @Test
    void aClusterThatWentWithItsCustomerIsForgotten() {
        world.policy("lab", forTeam("research"));
        world.deleteTenant("of-gold");
        world.direct()
                .resources()
                .delete(world.direct()
                        .resources()
                        .find(ClusterTenant.class, "", "gold")
                        .orElseThrow());

        AccessPolicy left = world.reconcile("lab");

        assertThat(condition(left, "Ready")).isEqualTo("True");
        assertThat(left.status().placements())
                .containsExactlyInAnyOrder(new Placement("", world.home), new Placement("silver", BOUND));
    }

    @Test
    void eachClusterHasCiliumOrNot() {
        clusters.of("gold").serve(ObjectType.CILIUM_NETWORK_POLICY);

        AccessPolicy policy = world.policy("lab", CustomersClustersTest::withNames);

        assertThat(in("gold", PolicyWorld.cilium(BOUND, "lab")).map(Rendered::names))
                .contains(List.of("github.com"));
        assertThat(condition(policy, "DomainsEnforced")).isEqualTo("CiliumAbsent");
        assertThat(message(policy, "DomainsEnforced"))
                .contains(world.home, "silver")
                .doesNotContain("gold");
    }

    private static AccessPolicySpec.Builder withNames(AccessPolicySpec.Builder spec) {
        return forTeam("research").apply(spec).domains(new Domains(List.of("github.com"), List.of(), true));
    }

    @Test
    void aTenantThatMovesTakesItsPolicyAlong() {
        world.policy("lab", forTeam("research", PolicyScenarios.OFFICE));
        InMemoryCluster gold = clusters.of("gold");

        world.deleteTenant("of-silver");
        world.tenant("of-silver", spec -> spec.team("research").clusterTenantRef("gold"));
        world.reconcile("lab");

        assertThat(gold.objects().get(there()).map(Rendered::tenants)).contains(List.of("of-gold", "of-silver"));
        assertThat(in("silver", there())).isEmpty();
    }
}
