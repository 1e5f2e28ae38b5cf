package io.opencrane.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore.Force;
import io.opencrane.k8s.object.ObjectType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** NetworkPolicies: what the server fills in, refuses, and takes for one field. */
abstract class NetworkPolicyCases extends SchemaCases {
    private GenericKubernetesResource fence(String spec) {
        return Samples.object(ObjectType.NETWORK_POLICY, namespace(), "fence", yaml("spec: " + spec));
    }

    private static Map<String, ?> yaml(String text) {
        Map<String, ?> read = new KubernetesSerialization().unmarshal(text, new TypeReference<>() {});
        return read;
    }

    private ObjectRef fence() {
        return ObjectType.NETWORK_POLICY.named(namespace(), "fence");
    }

    private static void rows(String table, BiConsumer<String, String> test) {
        table.lines()
                .map(line -> line.split("\\|"))
                .forEach(row -> test.accept(row[0].strip(), row.length > 1 ? row[1].strip() : ""));
    }

    /** As the server made it; the name is free again. */
    private GenericKubernetesResource made(String spec) {
        GenericKubernetesResource made = objects().create(fence(spec));
        objects().delete(fence(), made.getMetadata().getUid());
        return made;
    }

    @Test
    void whatAFenceLeavesOutIsFilledIn() {
        GenericKubernetesResource made = objects().create(fence("{egress: [{ports: [{port: 53}]}]}"));
        assertThat(made.<Map<String, Object>>get("spec", "podSelector")).isEmpty();
        assertThat(made.<Object>get("spec", "policyTypes")).isEqualTo(List.of("Ingress", "Egress"));
        assertThat(made.<Object>get("spec", "egress", 0, "ports", 0, "protocol"))
                .isEqualTo("TCP");
        assertThat(made.<Object>get("status")).isNull();
    }

    @Test
    void aFenceHasADirectionWhateverItSays() {
        rows("""
                {}                                        | Ingress
                {ingress: [{}]}                           | Ingress
                {egress: []}                              | Ingress
                {policyTypes: []}                         | Ingress
                {egress: [{}]}                            | Ingress,Egress
                {policyTypes: [Egress]}                   | Egress
                {policyTypes: [Ingress], egress: [{}]}    | Ingress
                """, (spec, types) -> {
            assertThat(made(spec).<Object>get("spec", "policyTypes")).isEqualTo(List.of(types.split(",")));
        });
    }

    @Test
    void aRuleThatOpensEverythingStaysOne() {
        GenericKubernetesResource made = objects().create(fence("{policyTypes: [Egress], egress: [{}, {to: []}]}"));
        assertThat(made.<Object>get("spec", "egress")).isEqualTo(List.of(Map.of(), Map.of()));
    }

    @Test
    void aBlockThatIsNoneIsNamed() {
        rows("""
                {}                                                          |
                {cidr: ''}                                                  |
                {cidr: 10.0.0.0}                                            |
                {cidr: 10.0.0.0/33}                                         |
                {cidr: 10.0.0/8}                                            |
                {cidr: 300.0.0.0/8}                                         |
                {cidr: 'fd00::/129'}                                        |
                {cidr: example.com/8}                                       |
                {cidr: 10.0.0.0/8, except: [nothing]}                       | 0
                {cidr: 10.0.0.0/8, except: [10.0.0.1]}                      | 0
                {cidr: 10.0.0.0/8, except: [11.0.0.0/16]}                   | 0
                {cidr: 10.0.0.0/8, except: [10.1.0.0/16, 11.0.0.0/16]}      | 1
                {cidr: 10.0.0.0/8, except: [10.0.0.0/8]}                    | 0
                {cidr: 10.0.0.0/8, except: [10.0.0.0/7]}                    | 0
                {cidr: 10.0.0.0/8, except: ['fd00::/16']}                   | 0
                {cidr: 'fd00::/8', except: [10.0.0.0/16]}                   | 0
                {cidr: 10.0.0.0/8, except: [11.0.0.0/16, 12.0.0.0/16]}      | 0 1
                {cidr: 10.0.0.0/8, except: [nothing, 12.0.0.0/16]}          | 0
                """, (block, excepted) -> {
            List<String> wrong = excepted.isEmpty()
                    ? List.of("cidr")
                    : Arrays.stream(excepted.split(" "))
                            .map(index -> "except[" + index + "]")
                            .toList();
            assertThat(refused("{egress: [{to: [{podSelector: {}}, {ipBlock: " + block + "}]}]}"))
                    .as(block)
                    .isEqualTo(wrong.stream()
                            .map(field -> "spec.egress[0].to[1].ipBlock." + field)
                            .toList());
            assertThat(refused("{ingress: [{}, {from: [{ipBlock: " + block + "}]}]}"))
                    .isEqualTo(wrong.stream()
                            .map(field -> "spec.ingress[1].from[0].ipBlock." + field)
                            .toList());
        });
    }

    @Test
    void aBlockIsKeptAsWritten() {
        rows("""
                {cidr: 0.0.0.0/0, except: [169.254.169.254/32, 10.0.0.0/8]}
                {cidr: 10.1.2.3/8, except: [10.9.8.7/16]}
                {cidr: 10.0.0.7/32}
                {cidr: '::/0', except: ['fd00:ec2::254/128']}
                {cidr: 'FD00:0:0::1/64'}
                """, (block, unused) -> {
            GenericKubernetesResource made = made("{egress: [{to: [{ipBlock: " + block + "}]}]}");
            assertThat(made.<Object>get("spec", "egress", 0, "to", 0, "ipBlock"))
                    .isEqualTo(yaml("block: " + block).get("block"));
        });
    }

    @Test
    void aPortThatIsNoneIsNamed() {
        rows("""
                {port: 0}                     | port
                {port: 65536}                 | port
                {port: -1}                    | port
                {port: UPPER}                 | port
                {port: sixteen-letters-}      | port
                {port: a--b}                  | port
                {port: '443'}                 | port
                {protocol: ICMP}              | protocol
                {protocol: tcp, port: 443}    | protocol
                {protocol: ANY, port: 0}      | protocol port
                """, (port, fields) -> {
            assertThat(refused("{egress: [{ports: [{port: 53}, " + port + "]}]}"))
                    .isEqualTo(Arrays.stream(fields.split(" "))
                            .map(field -> "spec.egress[0].ports[1]." + field)
                            .toList());
        });
    }

    @Test
    void aPortMayBeANameOrLeftOut() {
        GenericKubernetesResource made =
                objects().create(fence("{egress: [{ports: [{port: https}, {protocol: SCTP}, {port: 65535}]}]}"));
        assertThat(made.<Object>get("spec", "egress", 0, "ports"))
                .isEqualTo(List.of(
                        Map.of("port", "https", "protocol", "TCP"),
                        Map.of("protocol", "SCTP"),
                        Map.of("port", 65535, "protocol", "TCP")));
    }

    @Test
    void aSelectorThatIsNoneIsNamed() {
        rows("""
                {matchExpressions: [{key: a, operator: In}]}                          | matchExpressions[0].values
                {matchExpressions: [{key: a, operator: NotIn, values: []}]}           | matchExpressions[0].values
                {matchExpressions: [{key: a, operator: Exists, values: [b]}]}         | matchExpressions[0].values
                {matchExpressions: [{key: a, operator: Near, values: [b]}]}           | matchExpressions[0].operator
                {matchExpressions: [{key: not a key, operator: In, values: [b]}]}     | matchExpressions[0].key
                {matchLabels: {not a key: b}}                                         | matchLabels
                {matchLabels: {a: not a value}}                                       | matchLabels
                """, (selector, field) -> {
            assertThat(refused("{podSelector: " + selector + "}")).containsExactly("spec.podSelector." + field);
            assertThat(refused("{ingress: [{from: [{namespaceSelector: " + selector + "}]}]}"))
                    .containsExactly("spec.ingress[0].from[0].namespaceSelector." + field);
        });
    }

    @Test
    void aPeerIsOneThing() {
        assertThat(refused("{egress: [{to: [{}]}]}")).containsExactly("spec.egress[0].to[0]");
        assertThat(refused("{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]}"))
                .containsExactly("spec.egress[0].to[0]");
    }

    @Test
    void aDirectionIsInOrOut() {
        assertThat(refused("{policyTypes: [Sideways]}")).containsExactly("spec.policyTypes[0]");
        assertThat(refused("{policyTypes: [Ingress, Egress, Egress]}")).containsExactly("spec.policyTypes");
    }

    @Test
    void aPatchOfAFenceIsValidatedToo() {
        objects().create(fence("{policyTypes: [Egress]}"));
        String body = "{\"spec\":{\"egress\":[{\"to\":[{\"ipBlock\":{\"cidr\":\"everything\"}}]}]}}";
        assertFails(ErrorCode.VALIDATION_ERROR, () -> merge(fence(), body));
        assertThat(stored(fence()).<Object>get("spec", "egress")).isNull();
    }

    private List<String> refused(String spec) {
        ValidationException failure = (ValidationException)
                assertFails(ErrorCode.VALIDATION_ERROR, () -> objects().create(fence(spec)));
        return failure.problems().stream().map(Problem::path).distinct().toList();
    }

    @Test
    void theRulesAreOneField() {
        apply(fence("{policyTypes: [Egress], egress: [{ports: [{port: 53}]}]}"));
        GenericKubernetesResource more =
                fence("{policyTypes: [Egress], egress: [{ports: [{port: 53}]}, {ports: [{port: 443}]}]}");
        OpenCraneException failure = assertFails(ErrorCode.CONFLICT, () -> applyAsOther(more));
        assertThat(failure).hasMessageContaining(".spec.egress").hasMessageContaining(MANAGER);

        objects().apply(more, OTHER, Force.YES);
        assertThat(stored(fence()).<List<Object>>get("spec", "egress")).hasSize(2);
        assertFails(ErrorCode.CONFLICT, () -> apply(fence("{policyTypes: [Egress], egress: [{}]}")));
    }

    @Test
    void theSelectorIsOneField() {
        apply(fence("{podSelector: {matchLabels: {a: b}}}"));
        GenericKubernetesResource theirs = fence("{podSelector: {matchLabels: {c: d}}}");
        OpenCraneException failure = assertFails(ErrorCode.CONFLICT, () -> applyAsOther(theirs));
        assertThat(failure).hasMessageContaining(".spec.podSelector").hasMessageNotContaining("matchLabels");

        objects().apply(theirs, OTHER, Force.YES);
        assertThat(stored(fence()).<Object>get("spec", "podSelector"))
                .isEqualTo(Map.of("matchLabels", Map.of("c", "d")));
    }

    @Test
    void rulesThatAreNoLongerAppliedAreGone() {
        apply(fence("{policyTypes: [Egress], egress: [{}], ingress: [{}]}"));
        GenericKubernetesResource less = apply(fence("{policyTypes: [Egress]}"));
        assertThat(less.<Map<String, Object>>get("spec"))
                .isEqualTo(Map.of("podSelector", Map.of(), "policyTypes", List.of("Egress")));
    }
}
