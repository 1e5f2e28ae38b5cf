package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.condition;
import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.Domains;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.cluster.InMemoryCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one object cannot have does not keep another from being narrowed, and what is not in force is not said to be. */
class ErrorsDoNotHideOthersTest {
    private static final String LONG = "a".repeat(64);

    private final PolicyWorld world = PolicyWorld.fresh();

    @BeforeEach
    void start() {
        InMemoryCluster cluster = PolicyScenariosInMemoryTest.memory(world, List.of(world.home, world.second));
        cluster.serve(ObjectType.CILIUM_NETWORK_POLICY);
        world.on(cluster.objects());
        world.tenant("ada", spec -> spec.team("research"));
    }

    @Test
    void namesAreClosedAlthoughSomebodyElseHasTheNameOfTheNetwork() {
        world.policy(
                "lab",
                spec -> forTeam("research")
                        .apply(spec)
                        .domains(new Domains(List.of("github.com", "example.com"), List.of(), true)));
        ObjectRef network = world.network("lab");
        world.objects().delete(network, world.live(network).getMetadata().getUid());
        world.objects().create(PolicyWorld.object(network, Map.of("podSelector", Map.of())));

        AccessPolicy narrower =
                world.changePolicy("lab", spec -> spec.domains(new Domains(List.of("example.com"), List.of(), true)));

        assertThat(condition(narrower, "NetworkApplied")).isEqualTo("NAME_TAKEN");
        assertThat(Rendered.names(world.live(PolicyWorld.cilium(world.home, "lab"))))
                .containsExactly("example.com");
    }

    @Test
    void aPolicyWithTooLongANameDoesNotSayThatItIsInForce() {
        AccessPolicy policy = world.policy(
                LONG,
                spec -> forTeam("research").apply(spec).domains(new Domains(List.of("github.com"), List.of(), true)));

        assertThat(condition(policy, "Accepted")).isEqualTo("NAME_TOO_LONG");
        assertThat(condition(policy, "NetworkApplied")).isEqualTo("NAME_TOO_LONG");
        assertThat(condition(policy, "DomainsEnforced")).isEqualTo("NAME_TOO_LONG");
        assertThat(condition(policy, "Ready")).isEqualTo("NAME_TOO_LONG");
        assertThat(world.writes(() -> world.reconcile(LONG))).isEmpty();
    }

    /** A server refuses a selector by a label that cannot be. */
    @Test
    void aPolicyWithTooLongANameThatIsGoneLeavesNothingToLookFor() {
        world.policy(LONG, forTeam("research"));
        world.deletePolicy(LONG);
        world.faults.restart();

        world.reconcile(new AccessPolicyId(world.home, LONG));

        assertThat(world.faults.calls())
                .isNotEmpty()
                .noneMatch(call -> call.method().equals("list"));
        assertThat(world.findPolicy(LONG)).isEmpty();
    }
}
