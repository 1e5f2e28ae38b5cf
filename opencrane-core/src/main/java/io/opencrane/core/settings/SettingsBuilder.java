package io.opencrane.core.settings;

import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.SecretText;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Builds {@link Settings}. What a setter sets wins over {@link #from}, whichever is called first. Values are checked by {@link #build},
 * all together; an empty text puts a variable back to its default. Not thread-safe.
 */
public final class SettingsBuilder {
    private final Map<String, String> environment = new TreeMap<>();
    private final Map<Variable, String> explicit = new EnumMap<>(Variable.class);

    SettingsBuilder() {}

    /**
     * Takes what is not set otherwise from an environment; of several calls, the last one that names a variable wins.
     *
     * @param variables names and values, for example {@link System#getenv()}
     * @return this builder
     */
    public SettingsBuilder from(Map<String, String> variables) {
        variables.forEach((name, value) -> {
            // What Kubernetes sets in every pod beside a Service called "gateway" is no setting.
            if (!name.equals(Variable.GATEWAY_PORT.name()) || !value.startsWith("tcp://")) {
                environment.put(name, value);
            }
        });
        return this;
    }

    /**
     * Where the projection is: {@code DATABASE_URL}.
     *
     * @param value a {@code postgresql://} URL with credentials
     * @return this builder
     */
    public SettingsBuilder databaseUrl(SecretText value) {
        return set(Variable.DATABASE_URL, value.reveal());
    }

    /**
     * Whether tenants get model keys: {@code LITELLM_ENABLED}.
     *
     * @param value true to enable
     * @return this builder
     */
    public SettingsBuilder liteLlmEnabled(boolean value) {
        return set(Variable.LITELLM_ENABLED, Boolean.toString(value));
    }

    /**
     * Where LiteLLM is: {@code LITELLM_ENDPOINT}.
     *
     * @param value an http or https URL
     * @return this builder
     */
    public SettingsBuilder liteLlmEndpoint(URI value) {
        return set(Variable.LITELLM_ENDPOINT, value.toString());
    }

    /**
     * The key that makes keys: {@code LITELLM_MASTER_KEY}.
     *
     * @param value LiteLLM's master key
     * @return this builder
     */
    public SettingsBuilder liteLlmMasterKey(SecretText value) {
        return set(Variable.LITELLM_MASTER_KEY, value.reveal());
    }

    /**
     * The budget of tenants that name none: {@code LITELLM_DEFAULT_MONTHLY_BUDGET_USD}.
     *
     * @param value US dollars a calendar month
     * @return this builder
     */
    public SettingsBuilder liteLlmDefaultMonthlyBudgetUsd(BigDecimal value) {
        return set(Variable.LITELLM_DEFAULT_MONTHLY_BUDGET_USD, value.toPlainString());
    }

    /**
     * The time zone in which budgets reset: {@code LITELLM_TIMEZONE}.
     *
     * @param value the zone LiteLLM is set to
     * @return this builder
     */
    public SettingsBuilder liteLlmTimezone(ZoneId value) {
        return set(Variable.LITELLM_TIMEZONE, value.getId());
    }

    /**
     * The token of the host's own HTTP interface: {@code OPENCRANE_API_TOKEN}.
     *
     * @param value a bearer token
     * @return this builder
     */
    public SettingsBuilder apiToken(SecretText value) {
        return set(Variable.OPENCRANE_API_TOKEN, value.reveal());
    }

    /**
     * Tells instances on one model gateway apart: {@code OPENCRANE_INSTANCE_ID}.
     *
     * @param value a lasting id
     * @return this builder
     */
    public SettingsBuilder instanceId(String value) {
        return set(Variable.OPENCRANE_INSTANCE_ID, value);
    }

    /**
     * Where custom resources are created: {@code NAMESPACE}.
     *
     * @param value a namespace
     * @return this builder
     */
    public SettingsBuilder namespace(String value) {
        return set(Variable.NAMESPACE, value);
    }

    /**
     * The namespaces this instance works in: {@code WATCH_NAMESPACE}.
     *
     * @param value namespaces; none for the whole cluster
     * @return this builder
     */
    public SettingsBuilder watchNamespaces(String... value) {
        return set(Variable.WATCH_NAMESPACE, String.join(",", value));
    }

    /**
     * Whether the whole cluster is refused as scope: {@code REQUIRE_WATCH_NAMESPACE}.
     *
     * @param value true to refuse it
     * @return this builder
     */
    public SettingsBuilder requireWatchNamespace(boolean value) {
        return set(Variable.REQUIRE_WATCH_NAMESPACE, Boolean.toString(value));
    }

    /**
     * Where the platform's services are: {@code POD_NAMESPACE}.
     *
     * @param value a namespace
     * @return this builder
     */
    public SettingsBuilder podNamespace(String value) {
        return set(Variable.POD_NAMESPACE, value);
    }

    /**
     * The image of tenants that name none: {@code TENANT_DEFAULT_IMAGE}.
     *
     * @param value an image reference
     * @return this builder
     */
    public SettingsBuilder tenantDefaultImage(String value) {
        return set(Variable.TENANT_DEFAULT_IMAGE, value);
    }

    /**
     * The domain under which tenants without a customer answer: {@code INGRESS_DOMAIN}.
     *
     * @param value a DNS name
     * @return this builder
     */
    public SettingsBuilder ingressDomain(String value) {
        return set(Variable.INGRESS_DOMAIN, value);
    }

    /**
     * Whether tenants are served over TLS: {@code INGRESS_TLS_ENABLED}.
     *
     * @param value true to enable
     * @return this builder
     */
    public SettingsBuilder ingressTlsEnabled(boolean value) {
        return set(Variable.INGRESS_TLS_ENABLED, Boolean.toString(value));
    }

    /**
     * The Secret with the wildcard certificate: {@code INGRESS_TLS_SECRET_NAME}.
     *
     * @param value a Secret's name
     * @return this builder
     */
    public SettingsBuilder ingressTlsSecretName(String value) {
        return set(Variable.INGRESS_TLS_SECRET_NAME, value);
    }

    /**
     * The port on which an assistant listens: {@code GATEWAY_PORT}.
     *
     * @param value 1 to 65535
     * @return this builder
     */
    public SettingsBuilder gatewayPort(int value) {
        return set(Variable.GATEWAY_PORT, Integer.toString(value));
    }

    /**
     * Where tenants keep their state: {@code HOSTING_PROVIDER}.
     *
     * @param value the provider
     * @return this builder
     */
    public SettingsBuilder hostingProvider(HostingProvider value) {
        return set(Variable.HOSTING_PROVIDER, value.wireName());
    }

    /**
     * The Google Cloud project: {@code GCP_PROJECT_ID}.
     *
     * @param value a project id
     * @return this builder
     */
    public SettingsBuilder gcpProjectId(String value) {
        return set(Variable.GCP_PROJECT_ID, value);
    }

    /**
     * What buckets are named by: {@code GCP_BUCKET_PREFIX}.
     *
     * @param value a bucket is {@code <prefix>-<tenant>}
     * @return this builder
     */
    public SettingsBuilder gcpBucketPrefix(String value) {
        return set(Variable.GCP_BUCKET_PREFIX, value);
    }

    /**
     * The driver that mounts buckets: {@code GCP_CSI_DRIVER}.
     *
     * @param value a CSI driver's name
     * @return this builder
     */
    public SettingsBuilder gcpCsiDriver(String value) {
        return set(Variable.GCP_CSI_DRIVER, value);
    }

    /**
     * When an idle tenant is put to sleep: {@code IDLE_TIMEOUT_MINUTES}.
     *
     * @param value whole minutes; zero is never
     * @return this builder
     * @throws IllegalArgumentException if it is not a whole number of that unit
     */
    public SettingsBuilder idleTimeout(Duration value) {
        return set(Variable.IDLE_TIMEOUT_MINUTES, whole(value, Duration.ofMinutes(1)));
    }

    /**
     * How often idle tenants are looked for: {@code IDLE_CHECK_INTERVAL_SECONDS}.
     *
     * @param value whole seconds
     * @return this builder
     * @throws IllegalArgumentException if it is not a whole number of that unit
     */
    public SettingsBuilder idleCheckInterval(Duration value) {
        return set(Variable.IDLE_CHECK_INTERVAL_SECONDS, whole(value, Duration.ofSeconds(1)));
    }

    /**
     * The policy of tenants that no policy selects: {@code DEFAULT_TENANT_POLICY_REF}.
     *
     * @param value an AccessPolicy's name
     * @return this builder
     */
    public SettingsBuilder defaultTenantPolicyRef(String value) {
        return set(Variable.DEFAULT_TENANT_POLICY_REF, value);
    }

    /**
     * Where tenants reach tool servers: {@code MCP_GATEWAY_URL}.
     *
     * @param value an http or https URL
     * @return this builder
     */
    public SettingsBuilder mcpGatewayUrl(URI value) {
        return set(Variable.MCP_GATEWAY_URL, value.toString());
    }

    /**
     * Where tenants fetch skills: {@code SKILL_REGISTRY_URL}.
     *
     * @param value an http or https URL
     * @return this builder
     */
    public SettingsBuilder skillRegistryUrl(URI value) {
        return set(Variable.SKILL_REGISTRY_URL, value.toString());
    }

    /**
     * Where tenants reach the control plane: {@code CONTROL_PLANE_INTERNAL_URL}.
     *
     * @param value an http or https URL
     * @return this builder
     */
    public SettingsBuilder controlPlaneInternalUrl(URI value) {
        return set(Variable.CONTROL_PLANE_INTERNAL_URL, value.toString());
    }

    /**
     * How long a pod's tokens live: {@code PROJECTED_TOKEN_TTL_SECONDS}.
     *
     * @param value whole seconds, at least ten minutes
     * @return this builder
     * @throws IllegalArgumentException if it is not a whole number of that unit
     */
    public SettingsBuilder projectedTokenTtl(Duration value) {
        return set(Variable.PROJECTED_TOKEN_TTL_SECONDS, whole(value, Duration.ofSeconds(1)));
    }

    /**
     * How many mismatches are too many: {@code OPENCRANE_PROJECTION_DRIFT_ALERT_THRESHOLD}.
     *
     * @param value a count; 0 is off
     * @return this builder
     */
    public SettingsBuilder driftAlertThreshold(long value) {
        return set(Variable.OPENCRANE_PROJECTION_DRIFT_ALERT_THRESHOLD, Long.toString(value));
    }

    /**
     * Whom to tell about drift: {@code OPENCRANE_DRIFT_WEBHOOK_URL}.
     *
     * @param value an http or https URL
     * @return this builder
     */
    public SettingsBuilder driftWebhookUrl(URI value) {
        return set(Variable.OPENCRANE_DRIFT_WEBHOOK_URL, value.toString());
    }

    /**
     * What every tenant may reach: {@code OPENCRANE_EGRESS_BASELINE}.
     *
     * @param value CIDR blocks, IPv4 or IPv6
     * @return this builder
     */
    public SettingsBuilder egressBaseline(List<String> value) {
        return set(Variable.OPENCRANE_EGRESS_BASELINE, String.join(",", value));
    }

    /**
     * How long a canary may take to become ready: {@code OPENCRANE_CANARY_TIMEOUT_MS}.
     *
     * @param value whole milliseconds
     * @return this builder
     * @throws IllegalArgumentException if it is not a whole number of that unit
     */
    public SettingsBuilder canaryTimeout(Duration value) {
        return set(Variable.OPENCRANE_CANARY_TIMEOUT_MS, whole(value, Duration.ofMillis(1)));
    }

    /**
     * The external provisioner: {@code CLUSTER_TENANT_PROVISIONER_WEBHOOK_URL}.
     *
     * @param value an https URL, or http on a loopback address
     * @return this builder
     */
    public SettingsBuilder provisionerWebhookUrl(URI value) {
        return set(Variable.CLUSTER_TENANT_PROVISIONER_WEBHOOK_URL, value.toString());
    }

    /**
     * The external provisioner's token: {@code CLUSTER_TENANT_PROVISIONER_WEBHOOK_TOKEN}.
     *
     * @param value a bearer token
     * @return this builder
     */
    public SettingsBuilder provisionerWebhookToken(SecretText value) {
        return set(Variable.CLUSTER_TENANT_PROVISIONER_WEBHOOK_TOKEN, value.reveal());
    }

    /**
     * How the external provisioner is recorded: {@code CLUSTER_TENANT_PROVISIONER_WEBHOOK_ID}.
     *
     * @param value an id
     * @return this builder
     */
    public SettingsBuilder provisionerId(String value) {
        return set(Variable.CLUSTER_TENANT_PROVISIONER_WEBHOOK_ID, value);
    }

    /**
     * Checks everything and builds.
     *
     * @return the settings
     * @throws ValidationException naming every variable that is missing or malformed, also for what a setter of this builder set
     */
    public Settings build() {
        Map<Variable, String> texts = new EnumMap<>(Variable.class);
        environment.forEach((name, text) -> {
            Variable variable = Variable.byName().get(name);
            if (variable != null) {
                texts.put(variable, text);
            }
        });
        texts.putAll(explicit);
        return new Settings(
                texts, environment.keySet().stream().filter(Variable::isUnknown).toList());
    }

    private SettingsBuilder set(Variable variable, String text) {
        explicit.put(variable, text);
        return this;
    }

    private static String whole(Duration value, Duration unit) {
        if (!value.equals(unit.multipliedBy(value.dividedBy(unit)))) {
            throw new IllegalArgumentException("Not a whole number of " + unit + ": " + value + ".");
        }
        return Long.toString(value.dividedBy(unit));
    }
}
