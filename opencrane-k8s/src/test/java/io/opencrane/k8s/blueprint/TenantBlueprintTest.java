package io.opencrane.k8s.blueprint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.Channel;
import io.opencrane.api.tenant.ComputeResources;
import io.opencrane.api.tenant.McpPolicy;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.port.RuntimeEntitlements.Entitled;
import io.opencrane.core.port.RuntimeEntitlements.McpServer;
import io.opencrane.core.settings.Settings;
import io.opencrane.core.settings.SettingsBuilder;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantBlueprintTest {
    private static final Entitled NOTHING = new Entitled(List.of(), List.of());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ComputeResources DEFAULT_LIMITS =
            new ComputeResources(Quantity.parse("1"), Quantity.parse("1Gi"));

    private static SettingsBuilder settings() {
        return Settings.builder()
                .tenantDefaultImage("registry.example.com:5000/openclaw")
                .ingressDomain("example.com")
                .gatewayPort(18789);
    }

    private static Tenant tenant(UnaryOperator<TenantSpec.Builder> spec) {
        ResourceMetadata metadata =
                new ResourceMetadata("opencrane", "acme", "uid-1", "7", 1, null, null, Map.of(), Map.of(), List.of());
        return new Tenant(
                metadata,
                spec.apply(TenantSpec.builder("ACME Corp", "owner@acme.com")).build(),
                TenantStatus.empty());
    }

    private static BlueprintInput input(Tenant tenant, Settings settings) {
        return new BlueprintInput(
                tenant,
                settings,
                "opencrane",
                settings.ingress().domain(),
                null,
                EffectivePolicy.NONE,
                1,
                ComputeResources.NONE,
                NOTHING);
    }

    private static TenantBlueprint blueprint(UnaryOperator<TenantSpec.Builder> spec) {
        return new TenantBlueprint(input(tenant(spec), settings().build()));
    }

    private static JsonNode json(GenericKubernetesResource object) {
        return JSON.valueToTree(object);
    }

    private static JsonNode container(TenantBlueprint blueprint) {
        return json(blueprint.deployment()).at("/spec/template/spec/containers/0");
    }

    private static Map<String, String> environment(TenantBlueprint blueprint) {
        Map<String, String> environment = new TreeMap<>();
        container(blueprint)
                .path("env")
                .forEach(variable -> environment.put(
                        variable.path("name").asText(),
                        variable.has("value")
                                ? variable.path("value").asText()
                                : variable.path("valueFrom").toString()));
        return environment;
    }

    private static JsonNode file(TenantBlueprint blueprint, String name) throws Exception {
        return JSON.readTree(json(blueprint.config()).path("data").path(name).asText());
    }

    @Test
    void equalInputGivesEqualObjects() {
        TenantBlueprint one = blueprint(spec -> spec.configOverrides(FreeForm.of(Map.of("a", 1, "b", 2))));
        Map<String, Object> reversed = new LinkedHashMap<>();
        reversed.put("b", 2);
        reversed.put("a", 1);
        TenantBlueprint other = blueprint(spec -> spec.configOverrides(FreeForm.of(reversed)));

        assertThat(other.deployment()).isEqualTo(one.deployment());
        assertThat(other.config()).isEqualTo(one.config());
        assertThat(other.ingress()).isEqualTo(one.ingress());
    }

    @Test
    void everyChildSaysWhoseItIs() {
        TenantBlueprint blueprint = blueprint(spec -> spec);
        for (GenericKubernetesResource child : List.of(
                blueprint.serviceAccount(),
                blueprint.encryptionKey(new byte[32]),
                blueprint.config(),
                blueprint.state(),
                blueprint.deployment(),
                blueprint.service(),
                blueprint.ingress())) {
            assertThat(child.getMetadata().getAnnotations())
                    .containsEntry("opencrane.io/tenant-namespace", "opencrane")
                    .containsEntry("opencrane.io/tenant-uid", "uid-1");
            assertThat(child.getMetadata().getLabels())
                    .containsEntry("app.kubernetes.io/part-of", "opencrane")
                    .containsEntry("app.kubernetes.io/component", "tenant")
                    .containsEntry("app.kubernetes.io/managed-by", "opencrane-operator")
                    .containsEntry("opencrane.io/tenant", "acme");
        }
    }

    @Test
    void aSuspendedTenantDiffersInReplicasAlone() {
        ObjectNode awake = (ObjectNode) json(blueprint(spec -> spec).deployment());
        Tenant running = tenant(spec -> spec);
        Tenant suspended = running.withSpec(running.spec().withSuspended(true));
        ObjectNode stopped = (ObjectNode)
                json(new TenantBlueprint(input(suspended, settings().build())).deployment());

        assertThat(awake.at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(stopped.at("/spec/replicas").asInt()).isZero();
        ((ObjectNode) stopped.path("spec")).put("replicas", 1);
        assertThat(stopped).isEqualTo(awake);
    }

    @Test
    void thePodIsRestrictedAndMountsWhatTheContractSays() {
        JsonNode pod =
                json(blueprint(spec -> spec.team("engineering")).deployment()).at("/spec/template");

        assertThat(pod.at("/metadata/labels/opencrane.io~1team").asText()).isEqualTo("engineering");
        assertThat(pod.at("/spec/securityContext").toString())
                .isEqualTo(
                        "{\"fsGroup\":1000,\"runAsGroup\":1000,\"runAsNonRoot\":true,\"runAsUser\":1000,\"seccompProfile\":{\"type\":\"RuntimeDefault\"}}");
        JsonNode container = pod.at("/spec/containers/0");
        assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                .isTrue();
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
        assertThat(container.at("/securityContext/capabilities/drop/0").asText())
                .isEqualTo("ALL");
        assertThat(container.at("/envFrom/0/secretRef").toString())
                .isEqualTo("{\"name\":\"org-shared-secrets\",\"optional\":true}");
        assertThat(container.path("volumeMounts"))
                .extracting(mount -> mount.path("name").asText() + " "
                        + mount.path("mountPath").asText())
                .containsExactly(
                        "tenant-storage /data/openclaw",
                        "config /config",
                        "secrets /data/secrets",
                        "encryption-key /etc/openclaw/encryption-key",
                        "tokens /var/run/opencrane/tokens",
                        "tmp /tmp");
        JsonNode tokens = pod.at("/spec/volumes/4/projected/sources");
        assertThat(tokens)
                .extracting(source -> source.at("/serviceAccountToken/path").asText() + " "
                        + source.at("/serviceAccountToken/audience").asText() + " "
                        + source.at("/serviceAccountToken/expirationSeconds").asInt())
                .containsExactly(
                        "obot-gateway.token obot-gateway 600",
                        "skill-registry.token skill-registry 600",
                        "control-plane.token control-plane 600");
        assertThat(pod.at("/spec/volumes/2/emptyDir").toString())
                .isEqualTo("{\"medium\":\"Memory\",\"sizeLimit\":\"10Mi\"}");
        for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
            assertThat(container.path(probe).at("/httpGet/path").asText()).isEqualTo("/healthz");
        }
    }

    @Test
    void theEnvironmentIsThatOfTheContract() {
        Map<String, String> environment =
                environment(blueprint(spec -> spec.team("engineering").skillAllowlist(List.of("search", "mail"))));

        assertThat(environment)
                .containsEntry("OPENCLAW_STATE_DIR", "/data/openclaw")
                .containsEntry("OPENCLAW_SECRETS_DIR", "/data/secrets")
                .containsEntry("OPENCLAW_ENCRYPTION_KEY_PATH", "/etc/openclaw/encryption-key/key")
                .containsEntry("OPENCLAW_TENANT_NAME", "acme")
                .containsEntry("OPENCLAW_VERSION", "latest")
                .containsEntry("OPENCRANE_RUNTIME_MODE", "managed")
                .containsEntry("OPENCRANE_RUNTIME_CONTRACT_PATH", "/config/opencrane-managed-runtime.json")
                .containsEntry("OPENCRANE_ALLOWED_SKILLS", "search,mail")
                .containsEntry("OPENCRANE_TEAM", "engineering")
                .containsEntry("OPENCRANE_MCP_GATEWAY_TOKEN_PATH", "/var/run/opencrane/tokens/obot-gateway.token")
                .containsEntry("OPENCRANE_SKILL_REGISTRY_TOKEN_PATH", "/var/run/opencrane/tokens/skill-registry.token")
                .containsEntry("OPENCRANE_CONTRACT_TOKEN_PATH", "/var/run/opencrane/tokens/control-plane.token")
                .containsEntry("HOME", "/tmp/opencrane-home")
                .containsEntry("TMPDIR", "/tmp")
                .containsEntry("NPM_CONFIG_CACHE", "/tmp/npm-cache")
                .containsKeys(
                        "OPENCRANE_MCP_GATEWAY_URL", "OPENCRANE_SKILL_REGISTRY_URL", "OPENCRANE_CONTROL_PLANE_URL")
                .doesNotContainKeys("LITELLM_API_KEY", "LITELLM_ENDPOINT", "OPENAI_API_KEY", "OPENCRANE_POLICY_REF");
        assertThat(environment(blueprint(spec -> spec)))
                .doesNotContainKeys("OPENCRANE_ALLOWED_SKILLS", "OPENCRANE_TEAM");
    }

    @Test
    void withLiteLlmThePodReadsItsKeyFromTheSecretAndStartsWithoutIt() throws Exception {
        Settings settings = settings()
                .liteLlmEnabled(true)
                .liteLlmEndpoint(URI.create("http://litellm:4000"))
                .liteLlmMasterKey(SecretText.of("sk-master"))
                .build();
        TenantBlueprint blueprint = new TenantBlueprint(input(tenant(spec -> spec), settings));

        assertThat(environment(blueprint))
                .containsEntry("LITELLM_ENDPOINT", "http://litellm:4000")
                .containsEntry(
                        "LITELLM_API_KEY",
                        "{\"secretKeyRef\":{\"key\":\"apiKey\",\"name\":\"openclaw-acme-litellm-key\",\"optional\":true}}")
                .containsEntry(
                        "OPENAI_API_KEY",
                        "{\"secretKeyRef\":{\"key\":\"apiKey\",\"name\":\"openclaw-acme-openai-key\",\"optional\":true}}");
        assertThat(file(blueprint, "openclaw.json")
                        .at("/models/providers/litellm-proxy")
                        .toString())
                .isEqualTo(
                        "{\"api\":\"openai-completions\",\"apiKey\":\"${LITELLM_API_KEY}\",\"baseUrl\":\"http://litellm:4000\",\"models\":[]}");
        assertThat(json(blueprint.config()).toString()).doesNotContain("sk-master");
    }

    @Test
    void overridesWinButNotOverTheWorkspace() throws Exception {
        TenantBlueprint blueprint = blueprint(spec -> spec.configOverrides(FreeForm.of(Map.of(
                "gateway", Map.of("mode", "remote"),
                "agents", Map.of("defaults", Map.of("workspace", "/etc", "model", "x"), "list", List.of("a"))))));

        JsonNode config = file(blueprint, "openclaw.json");
        assertThat(config.path("gateway").toString()).isEqualTo("{\"mode\":\"remote\"}");
        assertThat(config.at("/agents/defaults/workspace").asText()).isEqualTo("/data/openclaw/workspace");
        assertThat(config.at("/agents/defaults/skipBootstrap").asBoolean()).isTrue();
        assertThat(config.at("/agents/defaults/model").asText()).isEqualTo("x");
        assertThat(config.at("/agents/list/0").asText()).isEqualTo("a");
    }

    @Test
    void overridesThatAreNoObjectsDoNotBreakTheProtectedPart() throws Exception {
        JsonNode config =
                file(blueprint(spec -> spec.configOverrides(FreeForm.of(Map.of("agents", "none")))), "openclaw.json");

        assertThat(config.at("/agents/defaults/workspace").asText()).isEqualTo("/data/openclaw/workspace");
    }

    @Test
    void theRuntimeContractNamesTenantPolicyAndCapabilities() throws Exception {
        BlueprintInput input = new BlueprintInput(
                tenant(spec -> spec.team("engineering").policyRef("strict")),
                settings().build(),
                "opencrane",
                "example.com",
                null,
                new EffectivePolicy("strict", McpServers.NONE),
                1,
                ComputeResources.NONE,
                NOTHING);
        JsonNode contract = file(new TenantBlueprint(input), "opencrane-managed-runtime.json");

        assertThat(contract.path("version").asText()).isEqualTo("opencrane-runtime/v1alpha1");
        assertThat(contract.path("contractVersion").asText()).isEqualTo("2.1.0");
        assertThat(contract.path("tenant").path("policyRef").asText()).isEqualTo("strict");
        assertThat(contract.at("/policy/effectiveRef").asText()).isEqualTo("strict");
        assertThat(contract.at("/capabilities/hostingProvider").asText()).isEqualTo("onprem");
        assertThat(contract.at("/capabilities/liteLlmProxy").asBoolean(true)).isFalse();
        assertThat(contract.at("/mcp/servers").isArray()).isTrue();
        assertThat(contract.at("/skills/entitled").isArray()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        ",, registry.example.com:5000/openclaw:latest",
        ", 1.2.3, registry.example.com:5000/openclaw:1.2.3",
        "other/image, 2, other/image:2",
        "other/image:old, , other/image:old",
        "other/image:old, 2, other/image:2",
        "other/image@sha256:abc, , other/image@sha256:abc"
    })
    void imageAndVersionMakeOneReference(String image, String version, String expected) {
        TenantBlueprint blueprint = blueprint(spec -> {
            if (image != null) {
                spec.openclawImage(image);
            }
            return version == null ? spec : spec.openclawVersion(version);
        });

        assertThat(container(blueprint).path("image").asText()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"500m, 1", "1500m, 1500m", "2, 2"})
    void limitsFollowRequestsBesideALimitRange(String request, String limit) {
        Tenant tenant = tenant(spec -> spec.resources(Quantity.parse(request), Quantity.parse("128Mi")));
        BlueprintInput input = new BlueprintInput(
                tenant,
                settings().build(),
                "opencrane-acme",
                "example.com",
                null,
                EffectivePolicy.NONE,
                1,
                DEFAULT_LIMITS,
                NOTHING);

        JsonNode resources = container(new TenantBlueprint(input)).path("resources");
        assertThat(resources.at("/requests/cpu").asText()).isEqualTo(request);
        assertThat(resources.at("/limits/cpu").asText()).isEqualTo(limit);
        assertThat(resources.at("/limits/memory").asText()).isEqualTo("1Gi");
    }

    @Test
    void withoutARequestTheLimitRangeSetsRequestAndLimit() {
        Tenant tenant = tenant(spec -> spec.resources(Quantity.parse("500m"), null));
        BlueprintInput input = new BlueprintInput(
                tenant,
                settings().build(),
                "opencrane-acme",
                "example.com",
                null,
                EffectivePolicy.NONE,
                1,
                DEFAULT_LIMITS,
                NOTHING);

        assertThat(container(new TenantBlueprint(input)).path("resources").toString())
                .isEqualTo("{\"limits\":{\"cpu\":\"1\"},\"requests\":{\"cpu\":\"500m\"}}");
    }

    @Test
    void dedicatedComputeSelectsAndToleratesThePool() {
        BlueprintInput input = new BlueprintInput(
                tenant(spec -> spec),
                settings().build(),
                "x",
                "example.com",
                "gold",
                EffectivePolicy.NONE,
                1,
                ComputeResources.NONE,
                NOTHING);
        JsonNode pod = json(new TenantBlueprint(input).deployment()).at("/spec/template/spec");

        assertThat(pod.path("nodeSelector").toString()).isEqualTo("{\"opencrane.io/node-pool\":\"gold\"}");
        assertThat(pod.at("/tolerations/0").toString())
                .isEqualTo(
                        "{\"effect\":\"NoSchedule\",\"key\":\"opencrane.io/dedicated\",\"operator\":\"Equal\",\"value\":\"gold\"}");
        JsonNode shared = json(blueprint(spec -> spec).deployment()).at("/spec/template/spec");
        assertThat(shared.has("nodeSelector")).isFalse();
        assertThat(shared.has("tolerations")).isFalse();
    }

    @Test
    void tlsNamesTheWildcardSecret() {
        Settings tls = settings().ingressTlsEnabled(true).build();
        JsonNode ingress = json(new TenantBlueprint(input(tenant(spec -> spec), tls)).ingress());
        assertThat(ingress.at("/spec/tls/0").toString())
                .isEqualTo("{\"hosts\":[\"acme.example.com\"],\"secretName\":\"opencrane-wildcard-tls\"}");
        assertThat(ingress.at("/spec/ingressClassName").asText()).isEqualTo("nginx");
    }

    @Test
    void channelsAreConfiguredAndTheirCredentialsMounted() throws Exception {
        Channel slack = new Channel("slack", FreeForm.of(Map.of("room", "general")), "slack-credentials");
        Channel web = new Channel("Web_Chat", FreeForm.empty(), null);
        TenantBlueprint blueprint = blueprint(spec -> spec.channels(List.of(slack, web)));

        JsonNode config = file(blueprint, "openclaw.json");
        assertThat(config.path("channels").toString()).isEqualTo("{\"Web_Chat\":{},\"slack\":{\"room\":\"general\"}}");
        JsonNode pod = json(blueprint.deployment()).at("/spec/template/spec");
        assertThat(pod.path("volumes").findValuesAsText("secretName"))
                .containsExactlyInAnyOrder("openclaw-acme-encryption-key", "slack-credentials");
        assertThat(pod.at("/volumes/6").toString())
                .isEqualTo(
                        "{\"name\":\"channel-6\",\"secret\":{\"optional\":true,\"secretName\":\"slack-credentials\"}}");
        assertThat(pod.at("/containers/0/volumeMounts/6").toString())
                .isEqualTo("{\"mountPath\":\"/etc/openclaw/channels/slack\",\"name\":\"channel-6\",\"readOnly\":true}");
        assertThat(file(blueprint(spec -> spec), "openclaw.json").has("channels"))
                .isFalse();
    }

    @Test
    void ofTwoChannelsWithOneAdapterTheLastBringsConfigurationAndCredentials() throws Exception {
        Channel old = new Channel("slack", FreeForm.of(Map.of("room", "old")), "old-credentials");
        Channel now = new Channel("slack", FreeForm.of(Map.of("room", "now")), null);
        TenantBlueprint blueprint = blueprint(spec -> spec.channels(List.of(old, now)));

        assertThat(file(blueprint, "openclaw.json").at("/channels/slack/room").asText())
                .isEqualTo("now");
        assertThat(json(blueprint.deployment()).toString()).doesNotContain("old-credentials");
    }

    @Test
    void whatTheHostEntitlesATenantToPassesItsMcpPolicy() throws Exception {
        Entitled entitled = new Entitled(
                List.of(
                        new McpServer("github", FreeForm.of(Map.of("url", "https://mcp.example.com/github"))),
                        new McpServer("files", FreeForm.empty()),
                        new McpServer("mail", FreeForm.empty())),
                List.of("write", "read"));
        Tenant open = tenant(spec -> spec);
        Tenant choosy = tenant(spec -> spec.mcpPolicy(new McpPolicy(List.of("github", "files"), List.of("files"))));

        JsonNode all = runtime(open, entitled);
        assertThat(all.at("/mcp/servers").findValuesAsText("name")).containsExactly("github", "files", "mail");
        assertThat(all.at("/mcp/servers/0/url").asText()).isEqualTo("https://mcp.example.com/github");
        assertThat(all.at("/mcp").has("policy")).isFalse();
        assertThat(all.at("/skills/entitled").toString()).isEqualTo("[\"read\",\"write\"]");
        JsonNode few = runtime(choosy, entitled);
        assertThat(few.at("/mcp/servers").findValuesAsText("name")).containsExactly("github");
        assertThat(few.at("/mcp/policy/deny/0").asText()).isEqualTo("files");
    }

    private static JsonNode runtime(Tenant tenant, Entitled entitled) throws Exception {
        BlueprintInput plain = input(tenant, settings().build());
        BlueprintInput input = new BlueprintInput(
                tenant,
                plain.settings(),
                plain.namespace(),
                plain.baseDomain(),
                null,
                EffectivePolicy.NONE,
                1,
                ComputeResources.NONE,
                entitled);
        return file(new TenantBlueprint(input), "opencrane-managed-runtime.json");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-, -, 9", "other, -, latest", "other:3, -, 3", "-, 4.1, 4.1", "other:3, 4.1, 4.1"})
    void theVersionIsTheOneThatRuns(String image, String version, String expected) {
        Settings settings = settings()
                .tenantDefaultImage("registry.example.com:5000/tenant:9")
                .build();
        BlueprintInput input = input(tenant(spec -> spec.openclawImage(image).openclawVersion(version)), settings);

        assertThat(input.version()).isEqualTo(expected);
        assertThat(environment(new TenantBlueprint(input))).containsEntry("OPENCLAW_VERSION", expected);
    }

    @Test
    void aDigestAloneIsNoVersionThatCouldBePinned() {
        UnaryOperator<String> version = image -> input(
                        tenant(spec -> spec.openclawImage(image)), settings().build())
                .version();

        assertThat(version.apply("other:3@sha256:abc")).isEqualTo("3");
        assertThat(version.apply("other@sha256:abc")).isNull();
        assertThat(environment(blueprint(spec -> spec.openclawImage("other@sha256:abc"))))
                .containsEntry("OPENCLAW_VERSION", "latest");
    }

    @Test
    void thePodRollsForConfigurationAndKeyRevisionAndNotForABudget() {
        JsonNode before = json(blueprint(spec -> spec).deployment()).at("/spec/template");

        assertThat(json(blueprint(spec -> spec.monthlyBudgetUsd("5")).deployment())
                        .at("/spec/template"))
                .isEqualTo(before);
        assertThat(json(blueprint(spec -> spec.configOverrides(FreeForm.of(Map.of("a", 1))))
                                .deployment())
                        .at("/spec/template"))
                .isNotEqualTo(before);
        BlueprintInput rotated = new BlueprintInput(
                tenant(spec -> spec),
                settings().build(),
                "opencrane",
                "example.com",
                null,
                EffectivePolicy.NONE,
                2,
                ComputeResources.NONE,
                NOTHING);
        assertThat(json(new TenantBlueprint(rotated).deployment()).at("/spec/template/metadata/annotations"))
                .isNotEqualTo(before.at("/metadata/annotations"));
    }
}
