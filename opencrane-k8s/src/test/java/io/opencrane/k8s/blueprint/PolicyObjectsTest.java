package io.opencrane.k8s.blueprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.core.policy.EgressPlan;
import io.opencrane.k8s.apply.PolicyOwnership;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PolicyObjectsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final PolicyOwnership LAB = new PolicyOwnership(new AccessPolicyId("opencrane", "lab"), "uid-1");

    private static PolicyObjects objects(List<EgressRule> rules, Domains domains) {
        return new PolicyObjects(
                LAB,
                EgressPlan.of(AccessPolicySpec.builder()
                        .egressRules(rules)
                        .domains(domains)
                        .build()));
    }

    private static PolicyObjects objects(EgressRule... rules) {
        return objects(List.of(rules), Domains.DEFAULT);
    }

    private static JsonNode only(Map<ObjectRef, GenericKubernetesResource> objects) {
        assertThat(objects).hasSize(1);
        return JSON.valueToTree(objects.values().iterator().next());
    }

    private static JsonNode network(PolicyObjects objects) {
        return only(objects.networkPolicies("team", List.of("ada")));
    }

    @Test
    void aNetworkPolicyToTheByte() throws Exception {
        PolicyObjects objects = objects(
                new EgressRule("10.20.0.0/16", List.of(443), Protocol.TCP),
                new EgressRule("0.0.0.0/0", List.of(8443, 443), Protocol.TCP));

        JsonNode network = only(objects.networkPolicies("team", List.of("bob", "ada")));

        assertThat(network).isEqualTo(JSON.readTree("""
                                {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy",
                                 "metadata":{"name":"opencrane-policy-lab","namespace":"team",
                                  "labels":{"app.kubernetes.io/part-of":"opencrane",
                                   "app.kubernetes.io/managed-by":"opencrane-operator","opencrane.io/policy":"lab"},
                                  "annotations":{"opencrane.io/policy-namespace":"opencrane","opencrane.io/policy-uid":"uid-1"}},
                                 "spec":{
                                  "podSelector":{"matchExpressions":[
                                   {"key":"opencrane.io/tenant","operator":"In","values":["ada","bob"]}]},
                                  "policyTypes":["Egress"],
                                  "egress":[
                                   {"ports":[{"port":53,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]},
                                   {"to":[{"ipBlock":{"cidr":"0.0.0.0/0","except":["100.100.100.200/32","168.63.129.16/32",
                                     "169.254.169.254/32","169.254.170.2/32","169.254.170.23/32","192.0.0.192/32"]}}],
                                    "ports":[{"port":443,"protocol":"TCP"},{"port":8443,"protocol":"TCP"}]},
                                   {"to":[{"ipBlock":{"cidr":"10.20.0.0/16"}}],"ports":[{"port":443,"protocol":"TCP"}]}]}}
                                """));
    }

    @Test
    void aCiliumNetworkPolicyToTheByte() throws Exception {
        PolicyObjects objects = objects(List.of(), new Domains(List.of("github.com", "*.github.com"), List.of(), true));

        JsonNode cilium = only(objects.ciliumPolicies("team", List.of("ada")));

        assertThat(cilium).isEqualTo(JSON.readTree("""
                                {"apiVersion":"cilium.io/v2","kind":"CiliumNetworkPolicy",
                                 "metadata":{"name":"opencrane-policy-lab","namespace":"team",
                                  "labels":{"app.kubernetes.io/part-of":"opencrane",
                                   "app.kubernetes.io/managed-by":"opencrane-operator","opencrane.io/policy":"lab"},
                                  "annotations":{"opencrane.io/policy-namespace":"opencrane","opencrane.io/policy-uid":"uid-1"}},
                                 "spec":{
                                  "endpointSelector":{"matchExpressions":[
                                   {"key":"opencrane.io/tenant","operator":"In","values":["ada"]}]},
                                  "egress":[
                                   {"toPorts":[{"ports":[{"port":"53","protocol":"ANY"}],
                                     "rules":{"dns":[{"matchPattern":"*"}]}}]},
                                   {"toFQDNs":[{"matchName":"github.com"},{"matchPattern":"*.github.com"}],
                                    "toPorts":[{"ports":[{"port":"443","protocol":"TCP"}]}]}]}}
                                """));
    }

    @Test
    void withoutTenantsThereIsNoObjectAndWithoutNamesNoneOfCilium() {
        PolicyObjects objects = objects(new EgressRule("10.20.0.0/16", List.of(443), Protocol.TCP));

        assertThat(objects.networkPolicies("team", List.of())).isEmpty();
        assertThat(objects.ciliumPolicies("team", List.of("ada"))).isEmpty();
        assertThat(objects(List.of(), new Domains(List.of("a.com"), List.of(), true))
                        .ciliumPolicies("team", List.of()))
                .isEmpty();
    }

    @Test
    void aPolicyThatAllowsNothingStillSelectsAndOpensDns() {
        JsonNode network = network(objects());

        assertThat(network.at("/spec/egress")).hasSize(1);
        assertThat(network.at("/spec/egress/0/to").isMissingNode()).isTrue();
        assertThat(network.at("/spec/egress/0/ports")).hasSize(2);
    }

    @Test
    void networksWithTheSamePortsShareARuleAndOthersDoNot() {
        JsonNode egress = network(objects(
                        new EgressRule("10.1.0.0/16", List.of(80, 443), Protocol.TCP),
                        new EgressRule("10.2.0.0/16", List.of(443, 80, 80), Protocol.TCP),
                        new EgressRule("10.3.0.0/16", List.of(443), Protocol.TCP),
                        new EgressRule("10.4.0.0/16", List.of(80, 443), Protocol.UDP)))
                .at("/spec/egress");

        assertThat(egress).hasSize(4);
        assertThat(egress)
                .anySatisfy(rule -> assertThat(rule.path("to").findValuesAsText("cidr"))
                        .containsExactly("10.1.0.0/16", "10.2.0.0/16"));
    }

    @Test
    void theOrderOfRulesPortsAndTenantsIsNoise() {
        Random random = new Random(20_260_406);
        List<EgressRule> rules = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            List<Integer> ports = new ArrayList<>(List.of(443, 80 + i % 3, 8443));
            rules.add(new EgressRule(
                    (i % 7) * 30 + "." + i % 5 + ".0.0/" + (8 + i % 9),
                    ports,
                    i % 2 == 0 ? Protocol.TCP : Protocol.UDP));
        }
        List<String> tenants =
                new ArrayList<>(IntStream.range(0, 20).mapToObj(i -> "t" + i).toList());
        PolicyObjects first = objects(rules, Domains.DEFAULT);
        var expected = first.networkPolicies("team", tenants);

        for (int i = 0; i < 50; i++) {
            Collections.shuffle(rules, random);
            Collections.shuffle(tenants, random);
            List<EgressRule> shuffled = rules.stream()
                    .map(rule -> {
                        List<Integer> ports = new ArrayList<>(rule.ports());
                        Collections.shuffle(ports, random);
                        return new EgressRule(rule.cidr(), ports, rule.protocol());
                    })
                    .toList();
            assertThat(objects(shuffled, Domains.DEFAULT).networkPolicies("team", tenants))
                    .isEqualTo(expected);
        }
    }

    @Test
    void metadataAddressesAreLeftOutOfEveryNetwork() {
        for (String cidr : List.of("0.0.0.0/0", "128.0.0.0/1", "169.0.0.0/8", "169.254.0.0/16", "169.254.169.254/31")) {
            JsonNode block = network(objects(new EgressRule(cidr, List.of(80), Protocol.TCP)))
                    .at("/spec/egress/1/to/0/ipBlock");
            assertThat(block.path("except"))
                    .as(cidr)
                    .anySatisfy(except -> assertThat(except.asText()).isEqualTo("169.254.169.254/32"));
        }
    }

    @Test
    void manyTenantsAreManyObjectsOfFewNamesEach() {
        List<String> tenants = IntStream.range(0, 1_200).mapToObj(i -> "t" + i).toList();

        var objects = objects().networkPolicies("team", tenants);

        assertThat(objects.keySet())
                .allSatisfy(ref -> assertThat(ref.type()).isEqualTo(ObjectType.NETWORK_POLICY))
                .extracting(ObjectRef::name)
                .contains("opencrane-policy-lab", "opencrane-policy-lab.1")
                .doesNotHaveDuplicates();
        TreeSet<String> selected = new TreeSet<>();
        objects.values().forEach(object -> {
            JsonNode values = JSON.<JsonNode>valueToTree(object).at("/spec/podSelector/matchExpressions/0/values");
            assertThat(values.size()).isBetween(1, 500);
            values.forEach(value -> assertThat(selected.add(value.asText())).isTrue());
        });
        assertThat(selected).isEqualTo(new TreeSet<>(tenants));
    }
}
