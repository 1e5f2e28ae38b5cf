package io.opencrane.k8s.blueprint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.core.policy.McpAccess;
import io.opencrane.core.port.RuntimeEntitlements;
import io.opencrane.core.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The two files of a tenant's ConfigMap (contract §3). Pure; equal settings give equal bytes. */
final class RuntimeConfig {
    static final String CONFIG_FILE = "openclaw.json";
    static final String CONTRACT_FILE = "opencrane-managed-runtime.json";

    private static final String MCP_SERVERS = "mcpServers";
    private static final String ALLOW = "allow";
    private static final String DENY = "deny";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private RuntimeConfig() {}

    static Map<String, String> files(BlueprintInput input) {
        return new TreeMap<>(Map.of(CONFIG_FILE, text(openclaw(input)), CONTRACT_FILE, text(contract(input))));
    }

    static String checksum(BlueprintInput input) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            files(input).forEach((name, content) -> {
                digest.update(name.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(content.getBytes(StandardCharsets.UTF_8));
            });
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    private static Map<String, Object> openclaw(BlueprintInput input) {
        Settings settings = input.settings();
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("gateway", Map.of("mode", "local", "port", settings.tenants().gatewayPort(), "bind", "lan"));
        if (settings.modelGateway().enabled()) {
            Map<String, Object> provider = Map.of(
                    "baseUrl",
                    settings.modelGateway().endpoint().toString(),
                    "apiKey",
                    "${LITELLM_API_KEY}",
                    "api",
                    "openai-completions",
                    "models",
                    List.of());
            config.put("models", Map.of("mode", "merge", "providers", Map.of("litellm-proxy", provider)));
        }
        Map<String, Object> channels = channels(input.tenant().spec());
        if (!channels.isEmpty()) {
            config.put("channels", channels);
        }
        config.putAll(input.tenant().spec().configOverrides().asMap());
        protect(config);
        return config;
    }

    /** By adapter; of two with the same one the last counts. */
    private static Map<String, Object> channels(TenantSpec spec) {
        Map<String, Object> channels = new LinkedHashMap<>();
        spec.channels()
                .forEach(channel ->
                        channels.put(channel.adapter(), channel.config().asMap()));
        return channels;
    }

    /** Not overridable: where the workspace is, and that nobody bootstraps it. */
    private static void protect(Map<String, Object> config) {
        Map<String, Object> agents = members(config.get("agents"));
        Map<String, Object> defaults = members(agents.get("defaults"));
        defaults.put("workspace", PodBlueprint.STATE_DIR + "/workspace");
        defaults.put("skipBootstrap", true);
        agents.put("defaults", defaults);
        config.put("agents", agents);
    }

    private static Map<String, Object> members(@Nullable Object value) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((name, member) -> copy.put(String.valueOf(name), member));
        }
        return copy;
    }

    private static Map<String, Object> contract(BlueprintInput input) {
        TenantSpec spec = input.tenant().spec();
        Settings settings = input.settings();
        Map<String, Object> tenant = new LinkedHashMap<>();
        tenant.put("name", input.tenant().metadata().name());
        tenant.put("team", spec.team());
        tenant.put("policyRef", spec.policyRef());
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("effectiveRef", input.policy().name());
        McpServers servers = input.policy().mcpServers();
        if (!servers.isEmpty()) {
            policy.put(MCP_SERVERS, Map.of(ALLOW, servers.allow(), DENY, servers.deny()));
        }
        Map<String, Object> contract = new LinkedHashMap<>();
        contract.put("version", "opencrane-runtime/v1alpha1");
        contract.put("contractVersion", "2.1.0");
        contract.put("platform", "opencrane");
        contract.put("mode", "managed");
        contract.put("tenant", tenant);
        contract.put("policy", policy);
        contract.put("mcp", mcp(input));
        contract.put(
                "skills",
                Map.of(
                        "registry",
                        settings.urls().skillRegistry().toString(),
                        "entitled",
                        List.copyOf(new TreeSet<>(input.entitled().skills()))));
        contract.put("capabilities", capabilities(settings));
        return contract;
    }

    /** One list for the runtime: what the policy and the tenant both allow, of what the host offers. */
    private static Map<String, Object> mcp(BlueprintInput input) {
        McpAccess access =
                McpAccess.of(input.policy().mcpServers(), input.tenant().spec().mcpPolicy());
        Map<String, Object> mcp = new LinkedHashMap<>();
        mcp.put("gateway", input.settings().urls().mcpGateway().toString());
        mcp.put(
                "servers",
                input.entitled().mcpServers().stream()
                        .filter(server -> access.permits(server.name()))
                        .map(RuntimeConfig::server)
                        .toList());
        Map<String, Object> policy = new LinkedHashMap<>();
        if (access.allow() != null) {
            policy.put(ALLOW, access.allow()); // an empty list allows none; no list restricts nothing
        }
        if (!access.deny().isEmpty()) {
            policy.put(DENY, access.deny());
        }
        if (!policy.isEmpty()) {
            mcp.put("policy", policy);
        }
        return mcp;
    }

    /**
     * What a running tenant was told that a policy says about MCP servers, read from its ConfigMap; the only record once the policy is
     * gone. Empty if there is no contract to read, or it is about another policy.
     */
    static Optional<McpServers> toldServers(GenericKubernetesResource config, String policy) {
        Map<String, Object> files = config.get("data");
        if (files == null || !(files.get(CONTRACT_FILE) instanceof String contract)) {
            return Optional.empty();
        }
        try {
            JsonNode told = JSON.readTree(contract).path("policy");
            if (!policy.equals(told.path("effectiveRef").asText())) {
                return Optional.empty();
            }
            JsonNode servers = told.path(MCP_SERVERS);
            return Optional.of(new McpServers(texts(servers.path(ALLOW)), texts(servers.path(DENY))));
        } catch (JsonProcessingException e) {
            return Optional.empty(); // its message would repeat the file
        }
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Map<String, Object> server(RuntimeEntitlements.McpServer server) {
        Map<String, Object> entry = new LinkedHashMap<>(server.attributes().asMap());
        entry.put("name", server.name());
        return entry;
    }

    private static Map<String, Object> capabilities(Settings settings) {
        return Map.of(
                "liteLlmProxy",
                settings.modelGateway().enabled(),
                "hostingProvider",
                settings.hosting().provider().wireName(),
                "persistentState",
                true,
                "ephemeralSecrets",
                true,
                "autoSuspend",
                !settings.tenants().idleTimeout().isZero());
    }

    private static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Maps, lists and texts always make JSON.", e);
        }
    }
}
