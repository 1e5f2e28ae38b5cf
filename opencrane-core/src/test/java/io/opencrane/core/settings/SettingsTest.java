package io.opencrane.core.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.SecretText;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static Settings of(String... namesAndValues) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return Settings.fromEnvironment(environment);
    }

    private static List<Problem> problemsOf(String... namesAndValues) {
        ValidationException refused = catchThrowableOfType(ValidationException.class, () -> of(namesAndValues));
        assertThat(refused).as("refusal of %s", namesAndValues[0]).isNotNull();
        return refused.problems();
    }

    @Test
    void everythingHasADefault() {
        Settings settings = Settings.defaults();

        assertThat(settings.scope().home()).isEqualTo("default");
        assertThat(settings.scope().namespaces()).isEmpty();
        assertThat(settings.podNamespace()).isEqualTo("default");
        assertThat(settings.instanceId()).isEmpty();
        assertThat(settings.databaseUrl()).isEmpty();
        assertThat(settings.apiToken()).isEmpty();
        assertThat(settings.provisioner()).isEmpty();
        assertThat(settings.modelGateway())
                .isEqualTo(new ModelGatewaySettings(
                        false, URI.create("http://litellm:4000"), null, null, ZoneId.of("UTC")));
        assertThat(settings.tenants())
                .isEqualTo(new TenantSettings(
                        "ghcr.io/opencrane/tenant:latest",
                        18789,
                        Duration.ofSeconds(600),
                        Duration.ZERO,
                        Duration.ofSeconds(60),
                        Duration.ofMillis(300_000),
                        null,
                        List.of()));
        assertThat(settings.ingress())
                .isEqualTo(new IngressSettings("opencrane.local", false, "opencrane-wildcard-tls"));
        assertThat(settings.hosting()).isEqualTo(new HostingSettings(HostingProvider.ONPREM, null));
        assertThat(settings.alerts()).isEqualTo(new AlertSettings(0, null));
    }

    @Test
    void everyVariableIsRead() {
        Map<String, String> environment = new HashMap<>();
        environment.put("DATABASE_URL", "postgresql://u:p%40@db:5432/oc?schema=opencrane");
        environment.put("LITELLM_ENABLED", "true");
        environment.put("LITELLM_ENDPOINT", "https://models.example.com/");
        environment.put("LITELLM_MASTER_KEY", "sk-master\n");
        environment.put("LITELLM_DEFAULT_MONTHLY_BUDGET_USD", "49.50");
        environment.put("LITELLM_TIMEZONE", "Europe/Berlin");
        environment.put("OPENCRANE_API_TOKEN", "token");
        environment.put("OPENCRANE_INSTANCE_ID", "eu-1");
        environment.put("NAMESPACE", "opencrane");
        environment.put("WATCH_NAMESPACE", "opencrane, more");
        environment.put("REQUIRE_WATCH_NAMESPACE", "TRUE");
        environment.put("POD_NAMESPACE", "pods");
        environment.put("TENANT_DEFAULT_IMAGE", "registry:5000/openclaw@sha256:" + "a".repeat(64));
        environment.put("INGRESS_DOMAIN", "ai.example.com");
        environment.put("INGRESS_TLS_ENABLED", "true");
        environment.put("INGRESS_TLS_SECRET_NAME", "tls");
        environment.put("GATEWAY_PORT", "8080");
        environment.put("HOSTING_PROVIDER", "gcp");
        environment.put("GCP_PROJECT_ID", "my-project");
        environment.put("GCP_BUCKET_PREFIX", "oc");
        environment.put("GCP_CSI_DRIVER", "csi.example.com");
        environment.put("IDLE_TIMEOUT_MINUTES", "30");
        environment.put("IDLE_CHECK_INTERVAL_SECONDS", "20");
        environment.put("DEFAULT_TENANT_POLICY_REF", "base");
        environment.put("MCP_GATEWAY_URL", "http://mcp:1");
        environment.put("SKILL_REGISTRY_URL", "http://skills:2");
        environment.put("CONTROL_PLANE_INTERNAL_URL", "http://control:3");
        environment.put("PROJECTED_TOKEN_TTL_SECONDS", "900");
        environment.put("OPENCRANE_PROJECTION_DRIFT_ALERT_THRESHOLD", "5");
        environment.put("OPENCRANE_DRIFT_WEBHOOK_URL", "https://hooks.example.com/x?key=1");
        environment.put("OPENCRANE_EGRESS_BASELINE", "10.0.0.0/8, fd00::/8");
        environment.put("OPENCRANE_CANARY_TIMEOUT_MS", "1500");
        environment.put("CLUSTER_TENANT_PROVISIONER_WEBHOOK_URL", "https://provision.example.com/v1/");
        environment.put("CLUSTER_TENANT_PROVISIONER_WEBHOOK_TOKEN", "bearer");
        environment.put("CLUSTER_TENANT_PROVISIONER_WEBHOOK_ID", "gardener");
        assertThat(environment.keySet())
                .as("this test names every variable")
                .isEqualTo(Variable.byName().keySet());

        Settings settings = Settings.fromEnvironment(environment);

        assertThat(settings.databaseUrl().orElseThrow().reveal())
                .isEqualTo("postgresql://u:p%40@db:5432/oc?schema=opencrane");
        assertThat(settings.modelGateway())
                .isEqualTo(new ModelGatewaySettings(
                        true,
                        URI.create("https://models.example.com"),
                        SecretText.of("sk-master"),
                        new BigDecimal("49.50"),
                        ZoneId.of("Europe/Berlin")));
        assertThat(settings.apiToken()).contains(SecretText.of("token"));
        assertThat(settings.instanceId()).contains("eu-1");
        assertThat(settings.scope().home()).isEqualTo("opencrane");
        assertThat(settings.scope().namespaces()).containsExactly("more", "opencrane");
        assertThat(settings.podNamespace()).isEqualTo("pods");
        assertThat(settings.tenants())
                .isEqualTo(new TenantSettings(
                        "registry:5000/openclaw@sha256:" + "a".repeat(64),
                        8080,
                        Duration.ofSeconds(900),
                        Duration.ofMinutes(30),
                        Duration.ofSeconds(20),
                        Duration.ofMillis(1500),
                        "base",
                        List.of("10.0.0.0/8", "fd00::/8")));
        assertThat(settings.ingress()).isEqualTo(new IngressSettings("ai.example.com", true, "tls"));
        assertThat(settings.hosting().requireGcp())
                .isEqualTo(new HostingSettings.Gcp("my-project", "oc", "csi.example.com"));
        assertThat(settings.urls())
                .isEqualTo(new UrlSettings(
                        URI.create("http://mcp:1"), URI.create("http://skills:2"), URI.create("http://control:3")));
        assertThat(settings.alerts()).isEqualTo(new AlertSettings(5, URI.create("https://hooks.example.com/x?key=1")));
        assertThat(settings.provisioner())
                .contains(new ProvisionerSettings(
                        URI.create("https://provision.example.com/v1"), SecretText.of("bearer"), "gardener"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DATABASE_URL | mysql://u:p@h/d | MALFORMED
            DATABASE_URL | postgresql://u:a b@h/d | MALFORMED
            LITELLM_ENABLED | yes | MALFORMED
            LITELLM_ENDPOINT | litellm:4000 | MALFORMED
            LITELLM_ENDPOINT | http://user:pw@litellm | MALFORMED
            LITELLM_ENDPOINT | http://litellm/?a=b | MALFORMED
            LITELLM_ENDPOINT | ftp://litellm | MALFORMED
            LITELLM_MASTER_KEY | sk a | MALFORMED
            LITELLM_DEFAULT_MONTHLY_BUDGET_USD | -1 | OUT_OF_RANGE
            LITELLM_DEFAULT_MONTHLY_BUDGET_USD | 10000000000 | OUT_OF_RANGE
            LITELLM_DEFAULT_MONTHLY_BUDGET_USD | 1e999999999 | MALFORMED
            LITELLM_TIMEZONE | Mars/Olympus | UNKNOWN
            LITELLM_TIMEZONE | +02:00 | UNKNOWN
            OPENCRANE_INSTANCE_ID | a/b | MALFORMED
            NAMESPACE | Open_Crane | MALFORMED
            WATCH_NAMESPACE | default,A | MALFORMED
            WATCH_NAMESPACE | , | MALFORMED
            REQUIRE_WATCH_NAMESPACE | 1 | MALFORMED
            POD_NAMESPACE | a.b | MALFORMED
            TENANT_DEFAULT_IMAGE | ../../etc | MALFORMED
            INGRESS_DOMAIN | *.example.com | MALFORMED
            INGRESS_TLS_SECRET_NAME | a_b | MALFORMED
            GATEWAY_PORT | 0 | OUT_OF_RANGE
            GATEWAY_PORT | 70000 | OUT_OF_RANGE
            GATEWAY_PORT | eighty | MALFORMED
            HOSTING_PROVIDER | azure | UNKNOWN
            IDLE_TIMEOUT_MINUTES | -5 | OUT_OF_RANGE
            IDLE_CHECK_INTERVAL_SECONDS | 0 | OUT_OF_RANGE
            PROJECTED_TOKEN_TTL_SECONDS | 599 | OUT_OF_RANGE
            OPENCRANE_PROJECTION_DRIFT_ALERT_THRESHOLD | -1 | OUT_OF_RANGE
            OPENCRANE_DRIFT_WEBHOOK_URL | /relative | MALFORMED
            OPENCRANE_CANARY_TIMEOUT_MS | 0 | OUT_OF_RANGE
            CLUSTER_TENANT_PROVISIONER_WEBHOOK_URL | http://provision.example.com | MALFORMED
            CLUSTER_TENANT_PROVISIONER_WEBHOOK_URL | http://127.0.0.1.example.com | MALFORMED
            CLUSTER_TENANT_PROVISIONER_WEBHOOK_ID | a b | MALFORMED
            OPENCRANE_EGRESS_BASELINE | 10.1.1.1 | MALFORMED
            OPENCRANE_EGRESS_BASELINE | 10.0.0.1/8 | MALFORMED
            OPENCRANE_EGRESS_BASELINE | 10.0.0.0/33 | MALFORMED
            OPENCRANE_EGRESS_BASELINE | 010.0.0.0/8 | MALFORMED
            OPENCRANE_EGRESS_BASELINE | fd00::1::/8 | MALFORMED
            OPENCRANE_EGRESS_BASELINE | fd00::/129 | MALFORMED
            OPENCRANE_EGRESS_BASELINE | 1:2:3:4:5:6:7:8:9/64 | MALFORMED
            """)
    void aMalformedValueIsNamed(String name, String value, Problem.Code code) {
        List<Problem> problems = problemsOf(name, value);

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).path()).isEqualTo(name);
        assertThat(problems.get(0).code()).isEqualTo(code);
        assertThat(problems.get(0).message()).doesNotContain(value.length() > 4 ? value : "\0");
    }

    @Test
    void aDomainLeavesRoomForATenantsName() {
        assertThat(problemsOf("INGRESS_DOMAIN", "a.".repeat(99) + "com"))
                .extracting(Problem::code)
                .containsExactly(Problem.Code.TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0/0",
                "255.255.255.255/32",
                "::/0",
                "fd00:1:2:3::/64",
                "2001:db8::1/128",
                "1:2:3:4:5:6:7:8/128"
            })
    void aCidrBlockIsTaken(String block) {
        assertThat(of("OPENCRANE_EGRESS_BASELINE", block).tenants().egressBaseline())
                .containsExactly(block);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://localhost:8080", "http://127.0.0.1:1", "http://[::1]:2", "https://a.example.com"})
    void aProvisionerMayBePlainHttpOnLoopbackOnly(String url) {
        assertThat(of("CLUSTER_TENANT_PROVISIONER_WEBHOOK_URL", url)
                        .provisioner()
                        .orElseThrow()
                        .webhookUrl())
                .isEqualTo(URI.create(url));
    }

    @Test
    void allProblemsComeAtOnceSortedByVariable() {
        assertThat(problemsOf(
                        "LITELLM_ENABLED", "true",
                        "GATEWAY_PORT", "no",
                        "HOSTING_PROVIDER", "gcp",
                        "REQUIRE_WATCH_NAMESPACE", "true",
                        "OPENCRANE_API_TOKN", "x"))
                .extracting(Problem::path)
                .containsExactly(
                        "GATEWAY_PORT",
                        "GCP_BUCKET_PREFIX",
                        "GCP_PROJECT_ID",
                        "LITELLM_MASTER_KEY",
                        "OPENCRANE_API_TOKN",
                        "WATCH_NAMESPACE");
    }

    @Test
    void aRequiredScopeIsNotTheWholeCluster() {
        assertThat(problemsOf("REQUIRE_WATCH_NAMESPACE", "true", "WATCH_NAMESPACE", " "))
                .containsExactly(new Problem(
                        "WATCH_NAMESPACE",
                        Problem.Code.REQUIRED,
                        "Name the namespace to watch: REQUIRE_WATCH_NAMESPACE forbids watching all of them."));
        assertThat(of("REQUIRE_WATCH_NAMESPACE", "true", "WATCH_NAMESPACE", "a")
                        .scope()
                        .namespaces())
                .containsExactly("a");
    }

    @Test
    void theWatchedNamespaceIsHomeWhenNoneIsNamed() {
        assertThat(of("WATCH_NAMESPACE", "acme").scope().home()).isEqualTo("acme");
    }

    @Test
    void aHomeThatNobodyWatchesIsRefused() {
        assertThat(problemsOf("WATCH_NAMESPACE", "acme", "NAMESPACE", "other"))
                .extracting(Problem::path, Problem::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("NAMESPACE", Problem.Code.CONTRADICTION));
    }

    @Test
    void serviceUrlsFollowThePodNamespace() {
        assertThat(of("POD_NAMESPACE", "sys", "NAMESPACE", "t").urls())
                .isEqualTo(new UrlSettings(
                        URI.create("http://obot-gateway.sys.svc:8080"),
                        URI.create("http://skill-registry.sys.svc:5000"),
                        URI.create("http://opencrane-control-plane.sys.svc:3000")));
        assertThat(of("NAMESPACE", "t").urls().mcpGateway()).hasHost("obot-gateway.t.svc");
    }

    @Test
    void aTypoNamesTheClosestSetting() {
        assertThat(problemsOf("OPENCRANE_CANARY_TIMEOUT", "1")).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo(Problem.Code.UNKNOWN);
            assertThat(problem.message()).contains("OPENCRANE_CANARY_TIMEOUT_MS");
        });
        assertThat(problemsOf("LITELLM_ENDPONT", "1").get(0).message()).contains("LITELLM_ENDPOINT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "LITELLM_SERVICE_HOST",
                "LITELLM_SERVICE_PORT",
                "LITELLM_SERVICE_PORT_HTTP",
                "LITELLM_PORT",
                "LITELLM_PORT_4000_TCP",
                "LITELLM_PORT_4000_TCP_ADDR",
                "OPENCRANE_CONTROL_PLANE_SERVICE_HOST",
                "LITELLM_SALT_KEY",
                "OPENCRANE_RUNTIME_MODE",
                "PATH"
            })
    void whatOthersOwnIsPassedOver(String name) {
        assertThat(of(name, "tcp://10.0.0.1:4000").ingress())
                .isEqualTo(Settings.defaults().ingress());
    }

    @Test
    void theLinkToAServiceCalledGatewayIsNoPortAndTakesNoneAway() {
        Map<String, String> link = Map.of("GATEWAY_PORT", "tcp://10.0.0.1:4000");

        assertThat(Settings.builder().from(link).build().tenants())
                .isEqualTo(Settings.defaults().tenants());
        assertThat(Settings.builder()
                        .from(Map.of("GATEWAY_PORT", "8080"))
                        .from(link)
                        .build()
                        .tenants()
                        .gatewayPort())
                .isEqualTo(8080);
    }

    @Test
    void theBuilderWinsOverTheEnvironmentInEitherOrder() {
        Map<String, String> environment = Map.of("GATEWAY_PORT", "malformed", "INGRESS_DOMAIN", "env.example.com");

        Settings before = Settings.builder().gatewayPort(1234).from(environment).build();
        Settings after = Settings.builder().from(environment).gatewayPort(1234).build();

        assertThat(before.tenants()).isEqualTo(after.tenants());
        assertThat(before.tenants().gatewayPort()).isEqualTo(1234);
        assertThat(before.ingress().domain()).isEqualTo("env.example.com");
    }

    @Test
    void theBuilderIsCheckedAsTheEnvironmentIs() {
        SettingsBuilder builder = Settings.builder().gatewayPort(0).hostingProvider(HostingProvider.GCP);

        ValidationException refused = catchThrowableOfType(ValidationException.class, builder::build);

        assertThat(refused.problems())
                .extracting(Problem::path)
                .containsExactly("GATEWAY_PORT", "GCP_BUCKET_PREFIX", "GCP_PROJECT_ID");
    }

    @Test
    void aDurationThatItsVariableCannotHoldIsRefused() {
        assertThat(catchThrowableOfType(
                        IllegalArgumentException.class, () -> Settings.builder().idleTimeout(Duration.ofSeconds(90))))
                .hasMessageContaining("PT1M");
    }

    @Test
    void noWatchedNamespaceIsTheWholeClusterWhateverTheEnvironmentSays() {
        assertThat(Settings.builder()
                        .from(Map.of("WATCH_NAMESPACE", "acme"))
                        .watchNamespaces()
                        .build()
                        .scope()
                        .namespaces())
                .isEmpty();
    }

    @Test
    void secretsStayOutOfTextsAndMessages() {
        Settings settings = of(
                "LITELLM_ENABLED", "true",
                "LITELLM_MASTER_KEY", "sk-hidden",
                "DATABASE_URL", "postgresql://u:hidden@h/d",
                "OPENCRANE_API_TOKEN", "hidden");

        assertThat(settings.toString() + settings.modelGateway() + settings.databaseUrl() + settings.apiToken())
                .doesNotContain("hidden");
        assertThat(problemsOf("LITELLM_MASTER_KEY", "sk hidden", "DATABASE_URL", "hidden://x")
                        .toString())
                .doesNotContain("hidden");
    }
}
