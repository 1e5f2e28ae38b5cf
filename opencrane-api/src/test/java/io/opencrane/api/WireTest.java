package io.opencrane.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.Compute;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.mcp.McpGateway;
import io.opencrane.api.mcp.McpServer;
import io.opencrane.api.mcp.McpTransport;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.schedule.Schedule;
import io.opencrane.api.skill.SkillBackendType;
import io.opencrane.api.skill.SkillRegistry;
import io.opencrane.api.tenant.Tenant;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WireTest {
    private static final Map<ResourceKind, Class<? extends Resource>> MODELS = Map.of(
            ResourceKind.TENANT, Tenant.class,
            ResourceKind.CLUSTER_TENANT, ClusterTenant.class,
            ResourceKind.ACCESS_POLICY, AccessPolicy.class,
            ResourceKind.MCP_SERVER, McpServer.class,
            ResourceKind.SCHEDULE, Schedule.class,
            ResourceKind.SKILL_REGISTRY, SkillRegistry.class);

    private final ObjectMapper mapper = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @ParameterizedTest
    @EnumSource(ResourceKind.class)
    void everyFieldKeepsItsWireNameAndValue(ResourceKind kind) throws IOException {
        JsonNode wire = full(kind);
        Resource read = read(kind, wire);
        assertThat(written(read)).isEqualTo(wire);
        assertThat(read(kind, written(read))).isEqualTo(read);
    }

    @ParameterizedTest
    @EnumSource(ResourceKind.class)
    void unknownFieldsAreIgnoredAtEveryModelledDepth(ResourceKind kind) throws IOException {
        JsonNode wire = full(kind);
        Resource read = read(kind, wire);
        ObjectNode newer = wire.deepCopy();
        newer.put("ofANewerPlatform", 1);
        ((ObjectNode) newer.get("metadata"))
                .putArray("managedFields")
                .addObject()
                .put("manager", "kubectl");
        ((ObjectNode) newer.get("spec")).putObject("ofANewerPlatform").put("x", true);
        ((ObjectNode) newer.get("status")).put("ofANewerPlatform", "x");
        assertThat(read(kind, newer)).isEqualTo(read);
    }

    @ParameterizedTest
    @EnumSource(ResourceKind.class)
    void whatIsAbsentAndHasNoDefaultStaysAbsent(ResourceKind kind) throws IOException {
        ObjectNode wire = minimal(kind);
        JsonNode again = written(read(kind, wire));
        assertThat(again.has("status")).isFalse();
        assertThat(again.get("metadata")).isEqualTo(wire.get("metadata"));
        JsonNode spec = again.get("spec");
        spec.fieldNames()
                .forEachRemaining(field -> assertThat(field)
                        .isIn(
                                "displayName",
                                "email",
                                "isolationTier",
                                "endpoint",
                                "transport",
                                "cron",
                                "tenantRef",
                                "enabled"));
        assertThat(read(kind, again)).isEqualTo(read(kind, wire));
    }

    @ParameterizedTest
    @EnumSource(ResourceKind.class)
    void anExplicitNullReadsAsAbsent(ResourceKind kind) throws IOException {
        ObjectNode nulls = minimal(kind);
        ObjectNode spec = (ObjectNode) nulls.get("spec");
        full(kind).get("spec").fieldNames().forEachRemaining(field -> {
            if (!spec.has(field)) {
                spec.putNull(field);
            }
        });
        nulls.putNull("status");
        assertThat(read(kind, nulls)).isEqualTo(read(kind, minimal(kind)));
    }

    @ParameterizedTest
    @EnumSource(ResourceKind.class)
    void aResourceNamesItsKindAndKey(ResourceKind kind) throws IOException {
        Resource read = read(kind, full(kind));
        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.apiVersion()).isEqualTo("opencrane.io/v1alpha1");
        assertThat(read.key())
                .isEqualTo(new ResourceKey(kind, kind == ResourceKind.CLUSTER_TENANT ? "" : "opencrane", "sample"));
    }

    @ParameterizedTest
    @EnumSource(names = {"ACCESS_POLICY", "SKILL_REGISTRY"})
    void aKindThatRequiresNothingIsReadWithoutASpec(ResourceKind kind) throws IOException {
        ObjectNode wire = minimal(kind);
        wire.remove("spec");
        assertThat(read(kind, wire)).isEqualTo(read(kind, minimal(kind)));
    }

    @Test
    void theKeyOfAClusterTenantHasNoNamespaceWhateverItsMetadataSay() throws IOException {
        ObjectNode wire = minimal(ResourceKind.CLUSTER_TENANT);
        ((ObjectNode) wire.get("metadata")).put("namespace", "somewhere");
        assertThat(read(ResourceKind.CLUSTER_TENANT, wire).key())
                .isEqualTo(new ResourceKey(ResourceKind.CLUSTER_TENANT, "", "sample"));
    }

    @Test
    void defaultsOfTheContractApplyToAbsentFields() throws IOException {
        ClusterTenant customer =
                (ClusterTenant) read(ResourceKind.CLUSTER_TENANT, minimal(ResourceKind.CLUSTER_TENANT));
        assertThat(customer.spec().isolationTier()).isEqualTo(IsolationTier.SHARED);
        assertThat(customer.spec().compute()).isEqualTo(Compute.SHARED);
        assertThat(customer.spec().resources().quota()).isEqualTo(Quota.NONE);
        AccessPolicy policy = (AccessPolicy) read(ResourceKind.ACCESS_POLICY, minimal(ResourceKind.ACCESS_POLICY));
        assertThat(policy.spec().domains()).isEqualTo(new Domains(List.of(), List.of(), true));
        McpServer server = (McpServer) read(ResourceKind.MCP_SERVER, minimal(ResourceKind.MCP_SERVER));
        assertThat(server.spec().transport()).isEqualTo(McpTransport.SSE);
        assertThat(server.spec().gateway()).isEqualTo(new McpGateway(true, "obot-gateway", 30));
        Schedule schedule = (Schedule) read(ResourceKind.SCHEDULE, minimal(ResourceKind.SCHEDULE));
        assertThat(schedule.spec().enabled()).isTrue();
        SkillRegistry registry =
                (SkillRegistry) read(ResourceKind.SKILL_REGISTRY, minimal(ResourceKind.SKILL_REGISTRY));
        assertThat(registry.spec().backend().type()).isEqualTo(SkillBackendType.OCI);
        assertThat(registry.spec().catalog().enabled()).isTrue();
        assertThat(registry.spec().catalog().audience()).isEqualTo("skill-registry");
        assertThat(registry.spec().sync().enabled()).isFalse();
        Tenant tenant = (Tenant) read(ResourceKind.TENANT, minimal(ResourceKind.TENANT));
        assertThat(tenant.spec().suspended()).isFalse();
    }

    @Test
    void defaultsOfTheContractApplyInsideObjectsThatArePartlySet() throws IOException {
        assertThat(mapper.readValue("{\"cidr\":\"10.0.0.0/8\"}", EgressRule.class))
                .isEqualTo(new EgressRule("10.0.0.0/8", List.of(443), EgressRule.Protocol.TCP));
        assertThat(mapper.readValue("{\"cidr\":\"10.0.0.0/8\",\"ports\":[]}", EgressRule.class)
                        .ports())
                .as("no ports would open all of them")
                .containsExactly(443);
        assertThat(mapper.readValue("{\"allow\":[\"a.example\"]}", Domains.class)
                        .defaultDeny())
                .isTrue();
        assertThat(mapper.readValue("{\"timeoutSeconds\":5}", McpGateway.class))
                .isEqualTo(new McpGateway(true, "obot-gateway", 5));
        assertThat(mapper.readValue("{\"nodePool\":\"p\"}", Compute.class))
                .isEqualTo(new Compute(Compute.SHARED.mode(), "p"));
    }

    @Test
    void whatDiffersFromTheDefaultIsWritten() throws IOException {
        AccessPolicy policy = (AccessPolicy) read(ResourceKind.ACCESS_POLICY, minimal(ResourceKind.ACCESS_POLICY));
        Domains open = new Domains(List.of(), List.of(), false);
        AccessPolicy changed =
                policy.withSpec(policy.spec().toBuilder().domains(open).build());
        assertThat(written(changed).at("/spec/domains/defaultDeny").isBoolean()).isTrue();
        assertThat(read(ResourceKind.ACCESS_POLICY, written(changed))).isEqualTo(changed);
        Schedule schedule = (Schedule) read(ResourceKind.SCHEDULE, minimal(ResourceKind.SCHEDULE));
        Schedule off =
                schedule.withSpec(schedule.spec().toBuilder().enabled(false).build());
        assertThat(read(ResourceKind.SCHEDULE, written(off))).isEqualTo(off).isNotEqualTo(schedule);
    }

    @Test
    void freeFormPartsAreKeptWhole() throws IOException {
        String config = "{\"list\":[1,null,{\"deep\":[null,\"x\"]}],\"big\":123456789012345678901234567890,"
                + "\"fine\":0.1234567890123456789,\"text\":\"\\u00e9\",\"yes\":true,\"empty\":{}}";
        ObjectNode wire = minimal(ResourceKind.TENANT);
        ((ObjectNode) wire.get("spec")).set("configOverrides", mapper.readTree(config));
        Tenant tenant = (Tenant) read(ResourceKind.TENANT, wire);
        assertThat(written(tenant).at("/spec/configOverrides")).isEqualTo(mapper.readTree(config));
        assertThat(tenant.spec().configOverrides().asMap().get("list"))
                .isEqualTo(Arrays.asList(1L, null, Map.of("deep", Arrays.asList(null, "x"))));
        assertThat(tenant.spec().configOverrides())
                .isEqualTo(FreeForm.of(Map.of(
                        "yes",
                        true,
                        "text",
                        "é",
                        "empty",
                        Map.of(),
                        "fine",
                        new java.math.BigDecimal("0.1234567890123456789"),
                        "big",
                        new BigInteger("123456789012345678901234567890"),
                        "list",
                        Arrays.asList(1, null, Map.of("deep", Arrays.asList(null, "x"))))));
    }

    @Test
    void anUnknownEnumValueIsRefused() throws IOException {
        ObjectNode wire = minimal(ResourceKind.CLUSTER_TENANT);
        ((ObjectNode) wire.get("spec")).put("isolationTier", "moon");
        assertThatThrownBy(() -> read(ResourceKind.CLUSTER_TENANT, wire)).hasMessageContaining("moon");
    }

    private Resource read(ResourceKind kind, JsonNode wire) throws IOException {
        return mapper.readerFor(MODELS.get(kind)).readValue(mapper.writeValueAsBytes(wire));
    }

    private JsonNode written(Resource resource) throws IOException {
        return mapper.readTree(mapper.writeValueAsBytes(resource));
    }

    private JsonNode full(ResourceKind kind) throws IOException {
        try (InputStream stream = WireTest.class.getResourceAsStream("wire/" + kind.plural() + ".json")) {
            assertThat(stream).as("the sample of %s", kind).isNotNull();
            return mapper.readTree(stream);
        }
    }

    private ObjectNode minimal(ResourceKind kind) throws IOException {
        ObjectNode wire = mapper.createObjectNode();
        wire.put("apiVersion", ResourceKind.API_VERSION).put("kind", kind.kind());
        ObjectNode metadata = wire.putObject("metadata").put("name", "sample");
        if (kind.isNamespaced()) {
            metadata.put("namespace", "opencrane");
        }
        wire.set(
                "spec",
                switch (kind) {
                    case TENANT -> mapper.readTree("{\"displayName\":\"A\",\"email\":\"a@b\"}");
                    case CLUSTER_TENANT -> mapper.readTree("{\"displayName\":\"A\"}");
                    case MCP_SERVER -> mapper.readTree("{\"endpoint\":\"http://x\"}");
                    case SCHEDULE -> mapper.readTree("{\"cron\":\"0 9 * * 1\",\"tenantRef\":\"acme\"}");
                    case ACCESS_POLICY, SKILL_REGISTRY -> mapper.createObjectNode();
                });
        return wire;
    }
}
