package io.opencrane.it.crd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the definitions let in, constraint by constraint of contract §2, asked of the server by dry run. */
@ControlPlaneTest
@TestInstance(Lifecycle.PER_CLASS)
class CrdAdmissionTest {
    private final ObjectMapper mapper = new ObjectMapper();
    private KubernetesClient client;

    @BeforeAll
    void install(ControlPlane controlPlane) {
        client = Crds.client(controlPlane);
        CrdBundle.load().install(client, Duration.ofSeconds(30));
    }

    @AfterAll
    void close() {
        if (client != null) {
            client.close();
        }
    }

    @ParameterizedTest
    @EnumSource(ResourceKind.class)
    void aFullSampleIsAdmittedAndReadBackWhole(ResourceKind kind) {
        Resource sample = Samples.full(kind, "full");
        GenericKubernetesResource stored = Crds.resources(client, kind)
                .resource(Samples.object(client, sample))
                .dryRun()
                .create();
        assertThat(Samples.object(client, Samples.model(client, kind, stored)).<Object>get("spec"))
                .isEqualTo(Samples.object(client, sample).<Object>get("spec"));
    }

    // The last column is what the refusal must name.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "TENANT | /spec | null | spec",
                "TENANT | /spec/displayName | null | spec.displayName",
                "TENANT | /spec/displayName | \"\" | spec.displayName",
                "TENANT | /spec/displayName | 7 | spec.displayName",
                "TENANT | /spec/email | null | spec.email",
                "TENANT | /spec/email | \"nobody\" | spec.email",
                "TENANT | /spec/email | \"a@b@c\" | spec.email",
                "TENANT | /spec/email | \"a b@c\" | spec.email",
                "TENANT | /spec/email | \"@c\" | spec.email",
                "TENANT | /spec/monthlyBudgetUsd | -0.01 | spec.monthlyBudgetUsd",
                "TENANT | /spec/monthlyBudgetUsd | \"12\" | spec.monthlyBudgetUsd",
                "TENANT | /spec/resources | {\"cpu\":\"much\"} | spec.resources.cpu",
                "TENANT | /spec/resources | {\"memory\":\"1 Gi\"} | spec.resources.memory",
                "TENANT | /spec/resources | {\"cpu\":{}} | spec.resources.cpu",
                "TENANT | /spec/skillAllowlist | [1] | spec.skillAllowlist",
                "TENANT | /spec/mcpPolicy | {\"allow\":\"all\"} | spec.mcpPolicy.allow",
                "TENANT | /spec/channels | [{\"config\":{}}] | adapter",
                "TENANT | /spec/channels | [{\"adapter\":\"a\",\"config\":\"x\"}] | config",
                "TENANT | /spec/configOverrides | [] | spec.configOverrides",
                "TENANT | /spec/suspended | \"yes\" | spec.suspended",
                "CLUSTER_TENANT | /spec | null | spec",
                "CLUSTER_TENANT | /spec/displayName | null | spec.displayName",
                "CLUSTER_TENANT | /spec/displayName | \"\" | spec.displayName",
                "CLUSTER_TENANT | /spec/baseDomain | \"localhost\" | spec.baseDomain",
                "CLUSTER_TENANT | /spec/baseDomain | \"Acme.com\" | spec.baseDomain",
                "CLUSTER_TENANT | /spec/baseDomain | \"acme.c0m\" | spec.baseDomain",
                "CLUSTER_TENANT | /spec/baseDomain | \"-a.com\" | spec.baseDomain",
                "CLUSTER_TENANT | /spec/baseDomain | \"a..com\" | spec.baseDomain",
                "CLUSTER_TENANT | /spec/baseDomain | \"a.com.\" | spec.baseDomain",
                "CLUSTER_TENANT | /spec/isolationTier | \"moon\" | spec.isolationTier",
                "CLUSTER_TENANT | /spec/compute | {\"mode\":\"rented\"} | spec.compute.mode",
                "CLUSTER_TENANT | /spec/compute | {\"mode\":\"dedicated\"} | spec.compute",
                "CLUSTER_TENANT | /spec/compute | {\"mode\":\"dedicated\",\"nodePool\":\"\"} | spec.compute",
                "CLUSTER_TENANT | /spec/resources | {\"quota\":{\"cpu\":\"x\"}} | spec.resources.quota.cpu",
                "CLUSTER_TENANT | /spec/resources | {\"quota\":{\"memory\":\"1KB\"}} | spec.resources.quota.memory",
                "CLUSTER_TENANT | /spec/resources | {\"quota\":{\"storage\":true}} | spec.resources.quota.storage",
                "CLUSTER_TENANT | /spec/resources | {\"quota\":{\"pods\":-1}} | spec.resources.quota.pods",
                "CLUSTER_TENANT | /spec/resources | {\"quota\":{\"pods\":\"5\"}} | spec.resources.quota.pods",
                "CLUSTER_TENANT | /spec/resources | {\"quota\":{\"gpu\":-1}} | spec.resources.quota.gpu",
                "CLUSTER_TENANT | /spec/resources | {\"quota\":{\"gpu\":0.5}} | spec.resources.quota.gpu",
                "ACCESS_POLICY | /spec/tenantSelector | {\"matchLabels\":{\"a\":1}} | spec.tenantSelector.matchLabels",
                "ACCESS_POLICY | /spec/domains | {\"defaultDeny\":\"no\"} | spec.domains.defaultDeny",
                "ACCESS_POLICY | /spec/domains | {\"allow\":\"*\"} | spec.domains.allow",
                "ACCESS_POLICY | /spec/egressRules | [{\"cidr\":\"10.0.0.0\"}] | cidr",
                "ACCESS_POLICY | /spec/egressRules | [{\"cidr\":\"10.0.0.256/8\"}] | cidr",
                "ACCESS_POLICY | /spec/egressRules | [{\"cidr\":\"10.0.0.0/33\"}] | cidr",
                "ACCESS_POLICY | /spec/egressRules | [{\"cidr\":\"2001:db8::/32\"}] | cidr",
                "ACCESS_POLICY | /spec/egressRules | [{\"cidr\":\"10.0.0.0/8\",\"ports\":[\"http\"]}] | ports",
                "ACCESS_POLICY | /spec/egressRules | [{\"cidr\":\"10.0.0.0/8\",\"ports\":[3000000000]}] | ports",
                "ACCESS_POLICY | /spec/egressRules | [{\"cidr\":\"10.0.0.0/8\",\"protocol\":\"SCTP\"}] | protocol",
                "ACCESS_POLICY | /spec/mcpServers | {\"deny\":{}} | spec.mcpServers.deny",
                "MCP_SERVER | /spec | null | spec",
                "MCP_SERVER | /spec/endpoint | null | spec.endpoint",
                "MCP_SERVER | /spec/endpoint | \"\" | spec.endpoint",
                "MCP_SERVER | /spec/transport | \"carrier-pigeon\" | spec.transport",
                "MCP_SERVER | /spec/scopes | \"all\" | spec.scopes",
                "MCP_SERVER | /spec/gateway | {\"timeoutSeconds\":0} | spec.gateway.timeoutSeconds",
                "MCP_SERVER | /spec/gateway | {\"enabled\":1} | spec.gateway.enabled",
                "SCHEDULE | /spec | null | spec",
                "SCHEDULE | /spec/cron | null | spec.cron",
                "SCHEDULE | /spec/tenantRef | null | spec.tenantRef",
                "SCHEDULE | /spec/enabled | \"on\" | spec.enabled",
                "SCHEDULE | /spec/job | \"x\" | spec.job",
                "SKILL_REGISTRY | /spec/backend | {\"type\":\"tape\"} | spec.backend.type",
                "SKILL_REGISTRY | /spec/catalog | {\"enabled\":0} | spec.catalog.enabled",
                "SKILL_REGISTRY | /spec/sync | {\"intervalSeconds\":59} | spec.sync.intervalSeconds",
                "SKILL_REGISTRY | /spec/sync | {\"enabled\":\"x\"} | spec.sync.enabled",
            })
    void aSampleThatBreaksAConstraintIsRefusedByName(ResourceKind kind, String path, String value, String named)
            throws JsonProcessingException {
        KubernetesClientException refused =
                catchThrowableOfType(KubernetesClientException.class, () -> dryRun(kind, path, value));
        assertThat(refused).as("%s at %s is admitted", value, path).isNotNull();
        assertThat(refused.getCode()).isEqualTo(422);
        assertThat(refused.getMessage()).contains(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "TENANT | /spec/monthlyBudgetUsd | 0",
                "TENANT | /spec/resources | {\"cpu\":2,\"memory\":\"1.5Gi\"}",
                "TENANT | /spec/configOverrides | {\"a\":{\"b\":[1,null,\"x\",{\"c\":1e300}]}}",
                "TENANT | /spec/email | \"first.last+tag@sub.example.co.uk\"",
                "CLUSTER_TENANT | /spec/isolationTier | null",
                "CLUSTER_TENANT | /spec/compute | {}",
                "CLUSTER_TENANT | /spec/compute | {\"nodePool\":\"unused\"}",
                "CLUSTER_TENANT | /spec/compute | {\"mode\":\"dedicated\",\"nodePool\":\"p\"}",
                "CLUSTER_TENANT | /spec/baseDomain | \"a-1.b.example\"",
                "CLUSTER_TENANT | /spec/resources | {\"quota\":{\"pods\":0,\"gpu\":0,\"cpu\":\"1e3\"}}",
                "ACCESS_POLICY | /spec | null",
                "ACCESS_POLICY | /spec/egressRules | [{\"cidr\":\"0.0.0.0/0\"},{\"cidr\":\"255.255.255.255/32\"}]",
                "MCP_SERVER | /spec/gateway | {\"timeoutSeconds\":1}",
                "SKILL_REGISTRY | /spec/sync | {\"intervalSeconds\":60}",
            })
    void whatTheContractAllowsIsAdmittedAndReadable(ResourceKind kind, String path, String value)
            throws JsonProcessingException {
        assertThat(Samples.model(client, kind, dryRun(kind, path, value)).kind())
                .isEqualTo(kind);
    }

    @Test
    void aBaseDomainIsAtMost253CharactersLong() throws JsonProcessingException {
        String label = "a".repeat(60) + ".";
        String fits = label.repeat(4) + "b".repeat(253 - 4 * 61 - 4) + ".com";
        assertThat(fits).hasSize(253);
        dryRun(ResourceKind.CLUSTER_TENANT, "/spec/baseDomain", "\"" + fits + "\"");
        String tooLong = fits.replace(".com", "b.com");
        KubernetesClientException refused = catchThrowableOfType(
                KubernetesClientException.class,
                () -> dryRun(ResourceKind.CLUSTER_TENANT, "/spec/baseDomain", "\"" + tooLong + "\""));
        assertThat(refused.getCode()).isEqualTo(422);
    }

    @Test
    void theServerFillsInTheDefaultsThatTheModelsAssume() throws JsonProcessingException {
        assertDefault(ResourceKind.TENANT, "/spec/suspended", "false");
        assertDefault(ResourceKind.CLUSTER_TENANT, "/spec/isolationTier", "\"shared\"");
        assertDefault(ResourceKind.CLUSTER_TENANT, "/spec/compute/mode", "\"shared\"");
        assertDefault(ResourceKind.ACCESS_POLICY, "/spec/domains/defaultDeny", "true");
        assertDefault(ResourceKind.ACCESS_POLICY, "/spec/egressRules/0/ports", "[443]");
        assertDefault(ResourceKind.ACCESS_POLICY, "/spec/egressRules/0/protocol", "\"TCP\"");
        assertDefault(ResourceKind.MCP_SERVER, "/spec/transport", "\"sse\"");
        assertDefault(
                ResourceKind.MCP_SERVER,
                "/spec/gateway",
                "{\"enabled\":true,\"audience\":\"obot-gateway\",\"timeoutSeconds\":30}");
        assertDefault(ResourceKind.SCHEDULE, "/spec/enabled", "true");
        assertDefault(ResourceKind.SKILL_REGISTRY, "/spec/backend/type", "\"oci\"");
        assertDefault(
                ResourceKind.SKILL_REGISTRY, "/spec/catalog", "{\"enabled\":true,\"audience\":\"skill-registry\"}");
        assertDefault(ResourceKind.SKILL_REGISTRY, "/spec/sync/enabled", "false");
    }

    private void assertDefault(ResourceKind kind, String path, String expected) throws JsonProcessingException {
        JsonNode filled = mapper.valueToTree(create(kind, bare(kind)));
        assertThat(filled.at(path)).as("%s %s", kind, path).isEqualTo(mapper.readTree(expected));
    }

    private GenericKubernetesResource dryRun(ResourceKind kind, String path, String value)
            throws JsonProcessingException {
        ObjectNode object = bare(kind);
        int last = path.lastIndexOf('/');
        JsonNode parent = object.at(path.substring(0, last));
        JsonNode changed = mapper.readTree(value);
        ObjectNode holder = (ObjectNode) parent;
        if (changed.isNull()) {
            holder.remove(path.substring(last + 1));
        } else {
            holder.set(path.substring(last + 1), changed);
        }
        return create(kind, object);
    }

    private GenericKubernetesResource create(ResourceKind kind, JsonNode object) throws JsonProcessingException {
        GenericKubernetesResource resource = mapper.treeToValue(object, GenericKubernetesResource.class);
        return Crds.resources(client, kind).resource(resource).dryRun().create();
    }

    private ObjectNode bare(ResourceKind kind) throws JsonProcessingException {
        String spec = switch (kind) {
            case TENANT -> "{\"displayName\":\"A\",\"email\":\"a@b.c\"}";
            case CLUSTER_TENANT -> "{\"displayName\":\"A\",\"compute\":{}}";
            case ACCESS_POLICY -> "{\"domains\":{},\"egressRules\":[{\"cidr\":\"10.0.0.0/8\"}]}";
            case MCP_SERVER -> "{\"endpoint\":\"https://x\",\"gateway\":{}}";
            case SCHEDULE -> "{\"cron\":\"0 9 * * 1\",\"tenantRef\":\"acme\"}";
            case SKILL_REGISTRY -> "{\"backend\":{},\"catalog\":{},\"sync\":{}}";
        };
        ObjectNode object = mapper.createObjectNode();
        object.put("apiVersion", ResourceKind.API_VERSION).put("kind", kind.kind());
        object.putObject("metadata").put("name", "bare");
        object.set("spec", mapper.readTree(spec));
        return object;
    }
}
