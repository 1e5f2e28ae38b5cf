package io.opencrane.k8s.blueprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.ComputeResources;
import io.opencrane.api.tenant.McpPolicy;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.port.RuntimeEntitlements.Entitled;
import io.opencrane.core.port.RuntimeEntitlements.McpServer;
import io.opencrane.core.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The MCP servers in the runtime contract: what policy and tenant say, as one list. */
class EffectiveServersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Entitled OFFERED = new Entitled(
            Stream.of("a", "b", "c")
                    .map(name -> new McpServer(name, FreeForm.of(Map.of())))
                    .toList(),
            List.of());

    private static List<String> words(String text) {
        return text == null ? List.of() : Arrays.asList(text.split(" "));
    }

    private static GenericKubernetesResource config(McpServers policy, McpPolicy tenant) {
        Tenant acme = new Tenant(
                ResourceMetadata.of("opencrane", "acme"),
                TenantSpec.builder("ACME", "owner@acme.com").mcpPolicy(tenant).build(),
                TenantStatus.empty());
        return new TenantBlueprint(new BlueprintInput(
                        acme,
                        Settings.builder().ingressDomain("example.com").build(),
                        "opencrane",
                        "example.com",
                        null,
                        new EffectivePolicy("lab", policy),
                        1,
                        ComputeResources.NONE,
                        OFFERED))
                .config();
    }

    private static JsonNode contract(GenericKubernetesResource config) throws Exception {
        Map<String, String> files = config.get("data");
        return JSON.readTree(files.get("opencrane-managed-runtime.json"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    # policy allows | denies | tenant allows | denies | servers | mcp.policy
                          |     |     |     | a b c | -
                    a b   |     |     |     | a b   | {'allow':['a','b']}
                          |     | a b |     | a b   | {'allow':['a','b']}
                    a b   |     | b c |     | b     | {'allow':['b']}
                    a     |     | b   |     |       | {'allow':[]}
                          | a   |     |     | b c   | {'deny':['a']}
                          |     |     | a   | b c   | {'deny':['a']}
                          | b   |     | a   | c     | {'deny':['a','b']}
                          | a b |     | b c |       | {'deny':['a','b','c']}
                    a b   | b   |     |     | a     | {'allow':['a','b'],'deny':['b']}
                    a     |     |     | a   |       | {'allow':['a'],'deny':['a']}
                    b a c | c   | c b | b   |       | {'allow':['b','c'],'deny':['b','c']}
                    x     |     |     |     |       | {'allow':['x']}
                    """)
    void policyAndTenantMakeOneList(
            String policyAllow, String policyDeny, String tenantAllow, String tenantDeny, String servers, String policy)
            throws Exception {
        JsonNode contract = contract(config(
                new McpServers(words(policyAllow), words(policyDeny)),
                new McpPolicy(words(tenantAllow), words(tenantDeny))));

        assertThat(contract.at("/mcp/servers").findValuesAsText("name")).isEqualTo(words(servers));
        if (policy.equals("-")) {
            assertThat(contract.at("/mcp").has("policy")).isFalse();
        } else {
            assertThat(contract.at("/mcp/policy")).isEqualTo(JSON.readTree(policy.replace('\'', '"')));
        }
    }

    @Test
    void whatThePolicySaysByItselfIsKeptAndReadBack() throws Exception {
        McpServers said = new McpServers(List.of("b", "a"), List.of("c"));
        GenericKubernetesResource config = config(said, new McpPolicy(List.of("a"), List.of()));

        assertThat(contract(config).at("/policy"))
                .isEqualTo(JSON.readTree(
                        "{\"effectiveRef\":\"lab\",\"mcpServers\":{\"allow\":[\"b\",\"a\"],\"deny\":[\"c\"]}}"));
        assertThat(TenantBlueprint.toldServers(config, "lab")).contains(said);
    }

    @Test
    void aPolicyThatSaysNothingOfServersIsReadBackAsSuch() throws Exception {
        GenericKubernetesResource config = config(McpServers.NONE, new McpPolicy(List.of("a"), List.of()));

        assertThat(contract(config).at("/policy").has("mcpServers")).isFalse();
        assertThat(TenantBlueprint.toldServers(config, "lab")).contains(McpServers.NONE);
    }

    @Test
    void whatWasToldOfAnotherPolicyIsNotThisOnes() {
        GenericKubernetesResource config = config(new McpServers(List.of("a"), List.of()), McpPolicy.NONE);

        assertThat(TenantBlueprint.toldServers(config, "strict")).isEmpty();
    }

    @Test
    void aConfigWithoutAContractTellsNothing() {
        GenericKubernetesResource config = new GenericKubernetesResource();
        assertThat(TenantBlueprint.toldServers(config, "lab")).isEmpty();
        config.setAdditionalProperty("data", Map.of("openclaw.json", "{}"));
        assertThat(TenantBlueprint.toldServers(config, "lab")).isEmpty();
        config.setAdditionalProperty("data", Map.of("opencrane-managed-runtime.json", "not json"));
        assertThat(TenantBlueprint.toldServers(config, "lab")).isEmpty();
    }

    /** The platform's contract has no list of the policy's. */
    @Test
    void anotherWritersContractTellsNothing() {
        GenericKubernetesResource config = new GenericKubernetesResource();
        for (String contract : List.of("", "[]", "{\"policy\":{\"mcpServers\":\"all\"}}")) {
            config.setAdditionalProperty("data", Map.of("opencrane-managed-runtime.json", contract));
            assertThat(TenantBlueprint.toldServers(config, "lab").orElse(McpServers.NONE))
                    .as(contract)
                    .isEqualTo(McpServers.NONE);
        }
    }
}
