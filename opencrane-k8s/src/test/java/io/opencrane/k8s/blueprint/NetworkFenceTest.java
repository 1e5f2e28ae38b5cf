package io.opencrane.k8s.blueprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.apply.InstallOwnership;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkFenceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InstallOwnership OWNER = new InstallOwnership("opencrane");

    private static NetworkFence fence(String... networks) {
        return NetworkFence.of(Settings.builder()
                .namespace("opencrane")
                .podNamespace("opencrane-system")
                .gatewayPort(18789)
                .egressBaseline(List.of(networks))
                .build());
    }

    private static JsonNode json(NetworkFence fence) {
        return JSON.valueToTree(fence.aroundTenants("team", OWNER));
    }

    @Test
    void theFenceAroundTenantsToTheByte() throws Exception {
        assertThat(json(fence("10.96.0.0/12", "fd00::/8", "169.254.0.0/16"))).isEqualTo(JSON.readTree("""
                                {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy",
                                 "metadata":{"name":"opencrane-tenant-baseline","namespace":"team",
                                  "labels":{"app.kubernetes.io/part-of":"opencrane",
                                   "app.kubernetes.io/managed-by":"opencrane-operator","app.kubernetes.io/component":"network"},
                                  "annotations":{"opencrane.io/install-namespace":"opencrane"}},
                                 "spec":{
                                  "podSelector":{"matchLabels":{"app.kubernetes.io/component":"tenant",
                                   "app.kubernetes.io/part-of":"opencrane"}},
                                  "policyTypes":["Ingress","Egress"],
                                  "ingress":[
                                   {"from":[{"podSelector":{}}]},
                                   {"from":[
                                     {"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"ingress-nginx"}}},
                                     {"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"opencrane-system"}},
                                      "podSelector":{"matchExpressions":[
                                       {"key":"app.kubernetes.io/component","operator":"NotIn","values":["tenant"]}]}}],
                                    "ports":[{"port":18789,"protocol":"TCP"}]}],
                                  "egress":[
                                   {"ports":[{"port":53,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]},
                                   {"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"opencrane-system"}},
                                     "podSelector":{"matchExpressions":[
                                      {"key":"app.kubernetes.io/component","operator":"NotIn","values":["tenant"]}]}}]},
                                   {"to":[
                                     {"ipBlock":{"cidr":"10.96.0.0/12"}},
                                     {"ipBlock":{"cidr":"fd00::/8","except":["fd00:ec2::23/128","fd00:ec2::254/128","fd20:ce::254/128"]}},
                                     {"ipBlock":{"cidr":"169.254.0.0/16","except":[
                                      "169.254.169.254/32","169.254.170.2/32","169.254.170.23/32"]}}]}]}}
                                """));
    }

    @Test
    void withoutNetworksNoRuleIsOpen() {
        assertThat(json(fence()).at("/spec/egress")).hasSize(2).allSatisfy(NetworkFenceTest::assertNarrow);
    }

    @Test
    void networksOfNothingButMetadataAddressesOpenNothing() {
        assertThat(json(fence("169.254.169.254/32", "fd00:ec2::254/128")).at("/spec/egress"))
                .hasSize(2)
                .allSatisfy(NetworkFenceTest::assertNarrow);
    }

    /** A rule without ports and without destinations opens everything. */
    private static void assertNarrow(JsonNode rule) {
        assertThat(rule.path("to").size() + rule.path("ports").size()).isPositive();
    }

    @Test
    void aNetworkThatIsListedTwiceIsOneBlock() {
        assertThat(json(fence("10.0.0.0/8", "10.0.0.0/8")).at("/spec/egress/2/to"))
                .hasSize(1);
    }

    @Test
    void theIngressControllerMayBeElsewhere() {
        JsonNode from = json(fence().withIngressControllerIn("traefik")).at("/spec/ingress/1/from");

        assertThat(from.findValuesAsText("kubernetes.io/metadata.name")).containsExactly("traefik", "opencrane-system");
    }

    @Test
    void aroundACustomersNamespaceItIsTheSameForEveryPod() {
        JsonNode tenants = json(fence("10.96.0.0/12"));
        JsonNode everybody = JSON.valueToTree(fence("10.96.0.0/12").aroundNamespace("team"));

        assertThat(everybody.at("/metadata/name").asText()).isEqualTo("opencrane-baseline");
        assertThat(everybody.at("/metadata/labels").isMissingNode()
                        || everybody.at("/metadata/labels").isEmpty())
                .isTrue();
        assertThat(everybody.at("/spec/podSelector")).isEmpty();
        assertThat(everybody.at("/spec/egress")).isEqualTo(tenants.at("/spec/egress"));
        assertThat(everybody.at("/spec/ingress")).isEqualTo(tenants.at("/spec/ingress"));
        assertThat(everybody.at("/spec/policyTypes")).isEqualTo(tenants.at("/spec/policyTypes"));
    }
}
