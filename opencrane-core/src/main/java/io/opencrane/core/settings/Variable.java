package io.opencrane.core.settings;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The environment names of contract §5 and DECISIONS 13. A constant is named exactly as its variable. */
enum Variable {
    DATABASE_URL,
    LITELLM_ENABLED,
    LITELLM_ENDPOINT,
    LITELLM_MASTER_KEY,
    LITELLM_DEFAULT_MONTHLY_BUDGET_USD,
    LITELLM_TIMEZONE,
    OPENCRANE_API_TOKEN,
    OPENCRANE_INSTANCE_ID,
    NAMESPACE,
    WATCH_NAMESPACE,
    REQUIRE_WATCH_NAMESPACE,
    POD_NAMESPACE,
    TENANT_DEFAULT_IMAGE,
    INGRESS_DOMAIN,
    INGRESS_TLS_ENABLED,
    INGRESS_TLS_SECRET_NAME,
    GATEWAY_PORT,
    HOSTING_PROVIDER,
    GCP_PROJECT_ID,
    GCP_BUCKET_PREFIX,
    GCP_CSI_DRIVER,
    IDLE_TIMEOUT_MINUTES,
    IDLE_CHECK_INTERVAL_SECONDS,
    DEFAULT_TENANT_POLICY_REF,
    MCP_GATEWAY_URL,
    SKILL_REGISTRY_URL,
    CONTROL_PLANE_INTERNAL_URL,
    PROJECTED_TOKEN_TTL_SECONDS,
    OPENCRANE_PROJECTION_DRIFT_ALERT_THRESHOLD,
    OPENCRANE_DRIFT_WEBHOOK_URL,
    OPENCRANE_EGRESS_BASELINE,
    OPENCRANE_CANARY_TIMEOUT_MS,
    CLUSTER_TENANT_PROVISIONER_WEBHOOK_URL,
    CLUSTER_TENANT_PROVISIONER_WEBHOOK_TOKEN,
    CLUSTER_TENANT_PROVISIONER_WEBHOOK_ID;

    private static final Map<String, Variable> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

    /** Kubernetes puts these into every pod for each Service, so a Service called {@code litellm} alone makes a dozen. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            ".+_SERVICE_HOST|.+_SERVICE_PORT(_.+)?|.+_PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?");

    /** Names that other parts of a platform install own: they may stand in a shared environment and mean nothing here. */
    private static final Set<String> OTHERS = Set.of(
            "LITELLM_API_KEY",
            "LITELLM_KEY_ROTATION_GRACE_PERIOD",
            "LITELLM_LOG",
            "LITELLM_MODE",
            "LITELLM_SALT_KEY",
            "OPENCRANE_ALLOWED_SKILLS",
            "OPENCRANE_CONTRACT_TOKEN_PATH",
            "OPENCRANE_CONTROL_PLANE_URL",
            "OPENCRANE_FORCE_HTTPS",
            "OPENCRANE_MCP_GATEWAY_TOKEN_PATH",
            "OPENCRANE_MCP_GATEWAY_URL",
            "OPENCRANE_MEMORY_BACKEND",
            "OPENCRANE_POLICY_REF",
            "OPENCRANE_PROJECTION_REPAIR_INTERVAL_SECONDS",
            "OPENCRANE_RUNTIME_CONTRACT_PATH",
            "OPENCRANE_RUNTIME_MODE",
            "OPENCRANE_SKILL_REGISTRY_TOKEN_PATH",
            "OPENCRANE_SKILL_REGISTRY_URL",
            "OPENCRANE_TEAM");

    static Map<String, Variable> byName() {
        return BY_NAME;
    }

    /** Whether a name looks like one of ours and is not: most likely a typo. */
    static boolean isUnknown(String name) {
        boolean ours = name.startsWith("OPENCRANE_") || name.startsWith("LITELLM_");
        return ours
                && !BY_NAME.containsKey(name)
                && !OTHERS.contains(name)
                && !SERVICE_LINK.matcher(name).matches();
    }

    static Variable closestTo(String name) {
        return Arrays.stream(values())
                .min(Comparator.comparingInt(known -> distance(name, known.name())))
                .orElseThrow();
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
