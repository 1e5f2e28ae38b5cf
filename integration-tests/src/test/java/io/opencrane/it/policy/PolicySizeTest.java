package io.opencrane.it.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.core.policy.AccessPolicyValidation;
import io.opencrane.core.policy.EgressPlan;
import io.opencrane.k8s.apply.PolicyOwnership;
import io.opencrane.k8s.blueprint.PolicyObjects;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The largest policy that the service takes fits into the objects that are made of it. */
class PolicySizeTest {
    private static final int MOST_ENTRIES = 60_000;
    private static final int MIB = 1024 * 1024;

    /** As many as one object selects, of the longest name. */
    private static final List<String> TENANTS =
            IntStream.range(0, 500).mapToObj(i -> "t%053d".formatted(i)).toList();

    static Stream<Arguments> shapes() {
        return Stream.of(
                shape("a network and a port each", n -> rules(n, i -> EgressRule.tcp(address(i) + "/32", 1 + i))),
                shape("everything but metadata, a port each", n -> rules(n, i -> EgressRule.tcp("0.0.0.0/0", 1 + i))),
                shape(
                        "one network, all ports",
                        n -> rules(
                                1,
                                i -> EgressRule.tcp(
                                        "10.0.0.0/8",
                                        IntStream.rangeClosed(1, n).toArray()))),
                shape("short names", n -> names(n, i -> "a%d.b".formatted(i))),
                shape("short patterns", n -> names(n, i -> "*%d.b".formatted(i))));
    }

    private static Arguments shape(String what, IntFunction<AccessPolicySpec> ofEntries) {
        return Arguments.of(what, ofEntries);
    }

    private static AccessPolicySpec rules(int entries, IntFunction<EgressRule> rule) {
        return AccessPolicySpec.builder()
                .egressRules(IntStream.range(0, entries).mapToObj(rule).toList())
                .build();
    }

    private static AccessPolicySpec names(int entries, IntFunction<String> name) {
        List<String> names = IntStream.range(0, entries).mapToObj(name).toList();
        return AccessPolicySpec.builder()
                .domains(new Domains(names, List.of(), true))
                .build();
    }

    private static String address(int i) {
        return "101." + i / 65_536 + "." + i / 256 % 256 + "." + i % 256;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shapes")
    void whatTheServiceTakesIsSmallerThanOneMebibyteAsObjects(String what, IntFunction<AccessPolicySpec> ofEntries) {
        int taken = 1;
        int refused = MOST_ENTRIES + 1;
        while (refused - taken > 1) {
            int middle = (taken + refused) / 2;
            boolean isTaken =
                    AccessPolicyValidation.problems(ofEntries.apply(middle)).isEmpty();
            taken = isTaken ? middle : taken;
            refused = isTaken ? refused : middle;
        }

        PolicyObjects objects = new PolicyObjects(
                new PolicyOwnership(new AccessPolicyId("opencrane", "p".repeat(63)), "u".repeat(36)),
                EgressPlan.of(ofEntries.apply(taken)));
        List<GenericKubernetesResource> rendered = new ArrayList<>();
        rendered.addAll(objects.networkPolicies("n".repeat(63), TENANTS).values());
        rendered.addAll(objects.ciliumPolicies("n".repeat(63), TENANTS).values());

        assertThat(taken).as("many entries are taken").isGreaterThanOrEqualTo(3_000);
        assertThat(rendered)
                .isNotEmpty()
                .allSatisfy(object -> assertThat(bytes(object)).as("%s", what).isLessThan(MIB));
    }

    private static int bytes(GenericKubernetesResource object) throws JsonProcessingException {
        return new ObjectMapper().writeValueAsBytes(object).length;
    }
}
