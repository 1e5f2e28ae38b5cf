package io.opencrane.core.settings;

import static io.opencrane.core.settings.Variable.*;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.InstanceScope;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one OpenCrane instance (contract §5, DECISIONS 13), typed and checked. Immutable.
 *
 * <p>A variable that is unset or blank takes its default; white space around a value is noise. What the builder sets wins over the
 * environment, and everything is checked together when the settings are built: one {@link ValidationException} names every variable
 * that is missing or malformed. Its messages never repeat a value.
 *
 * <p>An environment name that starts with {@code OPENCRANE_} or {@code LITELLM_} and is not a setting is refused as a likely typo.
 * Exempt are Kubernetes' service links ({@code LITELLM_SERVICE_HOST}, {@code LITELLM_PORT_4000_TCP} …), the variables of a tenant's pod
 * (contract §3, for example {@code OPENCRANE_RUNTIME_MODE}), LiteLLM's own ({@code LITELLM_SALT_KEY}, {@code LITELLM_LOG},
 * {@code LITELLM_MODE}, {@code LITELLM_KEY_ROTATION_GRACE_PERIOD}) and those of the platform's control plane
 * ({@code OPENCRANE_FORCE_HTTPS}, {@code OPENCRANE_PROJECTION_REPAIR_INTERVAL_SECONDS}, {@code OPENCRANE_MEMORY_BACKEND}). A host with
 * further names of that kind passes a map without them.
 */
public final class Settings {
    // Leaves room in a host name (253) for a tenant's name (54) and a dot.
    private static final int LONGEST_DOMAIN = 198;
    // Leaves room in a bucket's name (63) for a tenant's name under GCP (21) and a dash.
    private static final Pattern BUCKET_PREFIX = Pattern.compile("[a-z0-9]([-a-z0-9]{0,39}[a-z0-9])?");
    private static final Pattern PROJECT_ID = Pattern.compile("[a-z][-a-z0-9]{4,28}[a-z0-9]");
    private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?");

    private final InstanceScope scope;
    private final String podNamespace;
    private final @Nullable String instanceId;
    private final @Nullable SecretText databaseUrl;
    private final @Nullable SecretText apiToken;
    private final ModelGatewaySettings modelGateway;
    private final TenantSettings tenants;
    private final IngressSettings ingress;
    private final HostingSettings hosting;
    private final UrlSettings urls;
    private final AlertSettings alerts;
    private final @Nullable ProvisionerSettings provisioner;

    Settings(Map<Variable, String> texts, List<String> unknownNames) {
        SettingsReader in = new SettingsReader(texts);
        scope = scope(in);
        podNamespace = in.read(POD_NAMESPACE, scope.home(), Forms::label);
        instanceId = in.readOptional(OPENCRANE_INSTANCE_ID, identifier());
        databaseUrl = in.readOptional(DATABASE_URL, Forms::databaseUrl);
        apiToken = in.readOptional(OPENCRANE_API_TOKEN, Forms::credential);
        modelGateway = modelGateway(in);
        tenants = tenants(in);
        ingress = new IngressSettings(
                in.read(INGRESS_DOMAIN, "opencrane.local", text -> Forms.dnsName(text, LONGEST_DOMAIN)),
                in.read(INGRESS_TLS_ENABLED, false, Forms::bool),
                in.read(INGRESS_TLS_SECRET_NAME, "opencrane-wildcard-tls", text -> Forms.dnsName(text, 253)));
        hosting = hosting(in);
        urls = new UrlSettings(
                in.read(MCP_GATEWAY_URL, service("obot-gateway", 8080), Forms::baseUrl),
                in.read(SKILL_REGISTRY_URL, service("skill-registry", 5000), Forms::baseUrl),
                in.read(CONTROL_PLANE_INTERNAL_URL, service("opencrane-control-plane", 3000), Forms::baseUrl));
        alerts = new AlertSettings(
                in.read(
                        OPENCRANE_PROJECTION_DRIFT_ALERT_THRESHOLD,
                        0L,
                        text -> Forms.whole(text, 0, Integer.MAX_VALUE)),
                in.readOptional(OPENCRANE_DRIFT_WEBHOOK_URL, Forms::url));
        provisioner = provisioner(in);
        in.unknown(unknownNames);
        in.finish();
    }

    private static Function<String, String> identifier() {
        return text -> Forms.matching(
                IDENTIFIER,
                text,
                "Write letters, digits, dashes, dots and underscores, at most 63, alphanumeric at both ends.");
    }

    private static InstanceScope scope(SettingsReader in) {
        List<String> watched = in.read(
                WATCH_NAMESPACE,
                List.of(),
                text -> Forms.list(text).stream().map(Forms::label).toList());
        if (in.read(REQUIRE_WATCH_NAMESPACE, false, Forms::bool) && !in.has(WATCH_NAMESPACE)) {
            in.problem(
                    WATCH_NAMESPACE,
                    Problem.Code.REQUIRED,
                    "Name the namespace to watch: REQUIRE_WATCH_NAMESPACE forbids watching all of them.");
        }
        boolean byWatch = !in.has(NAMESPACE) && !watched.isEmpty();
        String home = in.read(NAMESPACE, byWatch ? watched.get(0) : "default", Forms::label);
        if (watched.isEmpty()) {
            return InstanceScope.wholeCluster(home);
        }
        if (!watched.contains(home)) {
            in.problem(
                    NAMESPACE,
                    Problem.Code.CONTRADICTION,
                    "Custom resources would be created where WATCH_NAMESPACE does not look; name one of its namespaces.");
        }
        return InstanceScope.namespaces(home, watched.toArray(String[]::new));
    }

    private static ModelGatewaySettings modelGateway(SettingsReader in) {
        boolean enabled = in.read(LITELLM_ENABLED, false, Forms::bool);
        SecretText masterKey = in.readOptional(LITELLM_MASTER_KEY, Forms::credential);
        if (enabled && !in.has(LITELLM_MASTER_KEY)) {
            in.problem(LITELLM_MASTER_KEY, Problem.Code.REQUIRED, "LITELLM_ENABLED is true and needs it.");
        }
        return new ModelGatewaySettings(
                enabled,
                in.read(LITELLM_ENDPOINT, URI.create("http://litellm:4000"), Forms::baseUrl),
                masterKey,
                in.readOptional(LITELLM_DEFAULT_MONTHLY_BUDGET_USD, Forms::money),
                in.read(LITELLM_TIMEZONE, ZoneId.of("UTC"), Forms::zone));
    }

    private static TenantSettings tenants(SettingsReader in) {
        return new TenantSettings(
                in.read(TENANT_DEFAULT_IMAGE, "ghcr.io/opencrane/tenant:latest", Forms::image),
                in.read(GATEWAY_PORT, 18789, text -> (int) Forms.whole(text, 1, 65535)),
                in.read(PROJECTED_TOKEN_TTL_SECONDS, Duration.ofMinutes(10), seconds(600, 86_400)),
                in.read(IDLE_TIMEOUT_MINUTES, Duration.ZERO, text -> Duration.ofMinutes(Forms.whole(text, 0, 525_600))),
                in.read(IDLE_CHECK_INTERVAL_SECONDS, Duration.ofMinutes(1), seconds(1, 86_400)),
                in.read(
                        OPENCRANE_CANARY_TIMEOUT_MS,
                        Duration.ofMinutes(5),
                        text -> Duration.ofMillis(Forms.whole(text, 1, 86_400_000))),
                in.readOptional(DEFAULT_TENANT_POLICY_REF, text -> Forms.dnsName(text, 63)),
                in.read(OPENCRANE_EGRESS_BASELINE, List.of(), Forms::cidrs));
    }

    private static Function<String, Duration> seconds(long least, long most) {
        return text -> Duration.ofSeconds(Forms.whole(text, least, most));
    }

    private static HostingSettings hosting(SettingsReader in) {
        HostingProvider provider = in.read(HOSTING_PROVIDER, HostingProvider.ONPREM, Forms::provider);
        if (provider != HostingProvider.GCP) {
            return new HostingSettings(provider, null);
        }
        String why = "HOSTING_PROVIDER is gcp and needs it.";
        return new HostingSettings(
                provider,
                new HostingSettings.Gcp(
                        in.require(
                                GCP_PROJECT_ID,
                                why,
                                text -> Forms.matching(PROJECT_ID, text, "Write a Google Cloud project id.")),
                        in.require(
                                GCP_BUCKET_PREFIX,
                                why,
                                text -> Forms.matching(
                                        BUCKET_PREFIX,
                                        text,
                                        "Write lower-case letters, digits and dashes, at most 41: bucket names end at 63.")),
                        in.read(GCP_CSI_DRIVER, HostingSettings.DEFAULT_CSI_DRIVER, text -> Forms.dnsName(text, 63))));
    }

    private static @Nullable ProvisionerSettings provisioner(SettingsReader in) {
        URI url = in.readOptional(CLUSTER_TENANT_PROVISIONER_WEBHOOK_URL, Forms::secureUrl);
        SecretText token = in.readOptional(CLUSTER_TENANT_PROVISIONER_WEBHOOK_TOKEN, Forms::credential);
        String id = in.read(CLUSTER_TENANT_PROVISIONER_WEBHOOK_ID, "external", identifier());
        return url == null ? null : new ProvisionerSettings(url, token, id);
    }

    private URI service(String name, int port) {
        return URI.create("http://" + name + "." + podNamespace + ".svc:" + port);
    }

    /**
     * Starts with every default.
     *
     * @return a builder
     */
    public static SettingsBuilder builder() {
        return new SettingsBuilder();
    }

    /**
     * Reads this process's environment.
     *
     * @return the settings
     * @throws ValidationException naming every variable that is missing or malformed
     */
    public static Settings fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    /**
     * Reads an environment.
     *
     * @param environment names and values; names that are no settings are passed over, except as the type's description says
     * @return the settings
     * @throws ValidationException naming every variable that is missing or malformed
     */
    public static Settings fromEnvironment(Map<String, String> environment) {
        return builder().from(environment).build();
    }

    /**
     * Every setting at its default: the whole cluster, home {@code default}, no model gateway, on-prem.
     *
     * @return the settings
     */
    public static Settings defaults() {
        return builder().build();
    }

    /**
     * The namespaces this instance works in, from {@code NAMESPACE} and {@code WATCH_NAMESPACE} (one name, or several separated by
     * commas; empty is the whole cluster). Where only the second is set, its first namespace is home, not {@code default}: custom
     * resources are never created where nobody watches.
     *
     * @return the scope
     */
    public InstanceScope scope() {
        return scope;
    }

    /**
     * {@code POD_NAMESPACE}, where the platform's services are.
     *
     * @return the namespace, by default the scope's home
     */
    public String podNamespace() {
        return podNamespace;
    }

    /**
     * {@code OPENCRANE_INSTANCE_ID}, which tells instances on one model gateway apart.
     *
     * @return the id; empty means the uid of the install namespace (DECISIONS 12)
     */
    public Optional<String> instanceId() {
        return Optional.ofNullable(instanceId);
    }

    /**
     * {@code DATABASE_URL}.
     *
     * @return the URL with its credentials, as given; empty on a host without a projection
     */
    public Optional<SecretText> databaseUrl() {
        return Optional.ofNullable(databaseUrl);
    }

    /**
     * {@code OPENCRANE_API_TOKEN}, for a host that serves the platform's HTTP interface.
     *
     * @return the bearer token
     */
    public Optional<SecretText> apiToken() {
        return Optional.ofNullable(apiToken);
    }

    /**
     * How tenants reach models.
     *
     * @return the settings
     */
    public ModelGatewaySettings modelGateway() {
        return modelGateway;
    }

    /**
     * What every tenant's pod gets.
     *
     * @return the settings
     */
    public TenantSettings tenants() {
        return tenants;
    }

    /**
     * How tenants are reached from outside.
     *
     * @return the settings
     */
    public IngressSettings ingress() {
        return ingress;
    }

    /**
     * Where tenants keep their state.
     *
     * @return the settings
     */
    public HostingSettings hosting() {
        return hosting;
    }

    /**
     * The services a tenant's pod calls.
     *
     * @return the settings
     */
    public UrlSettings urls() {
        return urls;
    }

    /**
     * When drift is reported.
     *
     * @return the settings
     */
    public AlertSettings alerts() {
        return alerts;
    }

    /**
     * The external provisioner.
     *
     * @return the settings; empty when no webhook is configured
     */
    public Optional<ProvisionerSettings> provisioner() {
        return Optional.ofNullable(provisioner);
    }

    @Override
    public String toString() {
        return "Settings[scope=" + scope + ", hosting=" + hosting.provider().wireName() + ", modelGateway="
                + (modelGateway.enabled() ? "on" : "off") + "]";
    }
}
