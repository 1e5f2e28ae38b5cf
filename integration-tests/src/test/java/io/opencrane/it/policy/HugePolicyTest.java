package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.condition;
import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** As large as policies get: the object stays below what etcd takes, and costs one apply. */
@ControlPlaneTest
class HugePolicyTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final int RULES = 5_000;

    private final PolicyWorld world = PolicyWorld.fresh();
    private final RealCluster cluster;

    HugePolicyTest(ControlPlane controlPlane) {
        cluster = RealCluster.of(controlPlane);
        world.on(cluster.with(List.of(world.home, world.second)));
    }

    @AfterEach
    void disconnect() {
        cluster.close();
    }

    private static String address(int i) {
        return "10." + i / 250 + "." + i % 250 + ".0/24";
    }

    @Test
    void rulesOnOnePortAreOneRuleAndOneApply() {
        GenericKubernetesResource network =
                huge("on one port", i -> new EgressRule(address(i), List.of(443), Protocol.TCP));

        List<Map<String, List<Object>>> egress = network.get("spec", "egress");
        assertThat(egress).hasSize(2);
        assertThat(egress.get(1).get("to")).hasSize(RULES);
    }

    @Test
    void rulesOnPortsOfTheirOwnAreOneApplyToo() {
        GenericKubernetesResource network =
                huge("on a port each", i -> new EgressRule(address(i), List.of(1024 + i), Protocol.TCP));

        assertThat(network.<List<Object>>get("spec", "egress")).hasSize(1 + RULES);
    }

    private GenericKubernetesResource huge(String what, IntFunction<EgressRule> rule) {
        List<EgressRule> rules = IntStream.range(0, RULES).mapToObj(rule).toList();
        world.placeTenant("ada", spec -> spec.team("research"));
        AccessPolicyId id = new AccessPolicyId(world.home, "lab");
        world.createPolicy(id, forTeam("research", rules.toArray(EgressRule[]::new)));
        List<AccessPolicy> after = new ArrayList<>();

        List<String> writes = world.writes(() -> after.add(world.reconcile("lab")));

        assertThat(condition(after.get(0), "Ready")).isEqualTo("True");
        assertThat(writes).filteredOn(write -> write.contains(".apply")).hasSize(1);
        assertThat(writes)
                .as("the finalizer, the places, the object, the status")
                .hasSize(4);
        world.restart();
        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();
        GenericKubernetesResource network = world.live(world.network("lab"));
        int withoutFields = bytes(network, false);
        int stored = bytes(network, true);
        System.out.printf(
                "%,d rules %s: a NetworkPolicy of %,d bytes, %,d with managed fields%n",
                RULES, what, withoutFields, stored);
        assertThat(stored).isLessThan(MEBIBYTE);
        return network;
    }

    private static int bytes(GenericKubernetesResource object, boolean managedFields) {
        try {
            GenericKubernetesResource copy = new ObjectMapper().convertValue(object, GenericKubernetesResource.class);
            if (!managedFields) {
                copy.getMetadata().setManagedFields(null);
            }
            return new ObjectMapper().writeValueAsString(copy).getBytes(StandardCharsets.UTF_8).length;
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
