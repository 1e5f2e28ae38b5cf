package io.opencrane.k8s.blueprint;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.core.settings.UrlSettings;
import io.opencrane.core.tenant.TenantNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The environment of the assistant's container (contract §3, Env). Pure. */
final class PodEnvironment {
    private final List<EnvVar> variables = new ArrayList<>();

    private PodEnvironment() {}

    static List<EnvVar> of(BlueprintInput input) {
        PodEnvironment environment = new PodEnvironment();
        environment.places();
        environment.tenant(input);
        environment.services(input.settings().urls());
        if (input.settings().modelGateway().enabled()) {
            environment.models(input);
        }
        return List.copyOf(environment.variables);
    }

    private void places() {
        put("OPENCLAW_STATE_DIR", PodBlueprint.STATE_DIR);
        put("OPENCLAW_SECRETS_DIR", PodBlueprint.SECRETS_DIR);
        put("OPENCLAW_ENCRYPTION_KEY_PATH", PodBlueprint.KEY_DIR + "/key");
        put("HOME", "/tmp/opencrane-home");
        put("TMPDIR", "/tmp");
        put("NPM_CONFIG_CACHE", "/tmp/npm-cache");
    }

    private void tenant(BlueprintInput input) {
        TenantSpec spec = input.tenant().spec();
        put("OPENCLAW_TENANT_NAME", input.tenant().metadata().name());
        put("OPENCLAW_VERSION", Objects.requireNonNullElse(Image.versionOf(input), Image.DEFAULT_VERSION));
        put("OPENCRANE_RUNTIME_MODE", "managed");
        put("OPENCRANE_RUNTIME_CONTRACT_PATH", PodBlueprint.CONFIG_DIR + "/" + RuntimeConfig.CONTRACT_FILE);
        putIfSet("OPENCRANE_TEAM", spec.team());
        putIfSet("OPENCRANE_POLICY_REF", input.policy().name());
        if (!spec.skillAllowlist().isEmpty()) {
            put("OPENCRANE_ALLOWED_SKILLS", String.join(",", spec.skillAllowlist()));
        }
    }

    private void services(UrlSettings urls) {
        put("OPENCRANE_MCP_GATEWAY_URL", urls.mcpGateway().toString());
        put("OPENCRANE_MCP_GATEWAY_TOKEN_PATH", PodBlueprint.TOKENS_DIR + "/obot-gateway.token");
        put("OPENCRANE_SKILL_REGISTRY_URL", urls.skillRegistry().toString());
        put("OPENCRANE_SKILL_REGISTRY_TOKEN_PATH", PodBlueprint.TOKENS_DIR + "/skill-registry.token");
        put("OPENCRANE_CONTROL_PLANE_URL", urls.controlPlane().toString());
        put("OPENCRANE_CONTRACT_TOKEN_PATH", PodBlueprint.TOKENS_DIR + "/control-plane.token");
    }

    private void models(BlueprintInput input) {
        TenantChildren children = input.children();
        put("LITELLM_ENDPOINT", input.settings().modelGateway().endpoint().toString());
        putSecret("LITELLM_API_KEY", children.modelKey().name());
        putSecret("OPENAI_API_KEY", new TenantNames(children.tenant()).openAiKeySecret());
    }

    private void put(String name, String value) {
        variables.add(new EnvVarBuilder().withName(name).withValue(value).build());
    }

    private void putIfSet(String name, @Nullable String value) {
        if (value != null) {
            put(name, value);
        }
    }

    /** Optional: the pod starts without it (contract §4). */
    private void putSecret(String name, String secret) {
        variables.add(new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewSecretKeyRef("apiKey", secret, true)
                .endValueFrom()
                .build());
    }
}
