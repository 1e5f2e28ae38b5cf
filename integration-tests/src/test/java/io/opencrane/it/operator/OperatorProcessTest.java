package io.opencrane.it.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** How the operator starts, leads and ends. */
@ControlPlaneTest(needsControllerManager = true)
@EnabledIfSystemProperty(named = OperatorProcess.JAR, matches = ".+", disabledReason = OperatorProcess.WHEN_IT_RUNS)
class OperatorProcessTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(10);
    private static final String UNUSED = "schedules.opencrane.io";

    private OperatorNamespace namespace;

    @BeforeEach
    void makeNamespace(ControlPlane controlPlane) throws Exception {
        Kubectl.require();
        namespace = new OperatorNamespace(controlPlane);
    }

    @AfterEach
    void close() {
        namespace.close();
    }

    private void assertRefuses(int code, String reason, Map<String, String> environment) throws Exception {
        try (OperatorProcess operator = OperatorProcess.start(environment)) {
            assertThat(operator.exitCode(SOON)).isEqualTo(code);
            assertThat(operator.log().lines().filter(line -> line.startsWith("FAILED: ")))
                    .singleElement()
                    .asString()
                    .contains(reason);
            assertThat(operator.log()).doesNotContain("\tat ", "topsecret");
        }
    }

    private Map<String, String> with(String name, String value) {
        Map<String, String> environment = namespace.environment();
        environment.put(name, value);
        return environment;
    }

    @Test
    void withoutANamespaceItRefusesToWatchAll() throws Exception {
        Map<String, String> environment = namespace.environment();
        environment.remove("WATCH_NAMESPACE");

        assertRefuses(2, "WATCH_NAMESPACE", environment);
    }

    @Test
    void aWrongSettingIsNamedAndNotRepeated() throws Exception {
        assertRefuses(2, "LITELLM_ENDPOINT", with("LITELLM_ENDPOINT", "topsecret"));
        assertRefuses(2, "HEALTH_PORT", with("HEALTH_PORT", "topsecret"));
        assertRefuses(2, "LEADER_ELECTION", with("LEADER_ELECTION", "yes"));
        assertRefuses(2, "INGRESS_CONTROLLER_NAMESPACE must be", with("INGRESS_CONTROLLER_NAMESPACE", "topsecret/"));
        assertRefuses(2, "CLUSTER_TENANTS must be true or false", with("CLUSTER_TENANTS", "yes"));
    }

    @Test
    void customersAreForAnOperatorOfTheWholeCluster() throws Exception {
        assertRefuses(2, "leave WATCH_NAMESPACE empty", with("CLUSTER_TENANTS", "true"));
    }

    @Test
    void aClusterThatIsNotThereIsOneLine() throws Exception {
        Map<String, String> environment = new HashMap<>(namespace.environment());
        environment.put("KUBECONFIG", "/nowhere");
        environment.put("KUBERNETES_MASTER", "https://127.0.0.1:1");

        assertRefuses(1, "The API server at https://127.0.0.1:1", environment);
    }

    @Test
    void rightsThatAreMissingAreOneLine() throws Exception {
        assertRefuses(1, "FORBIDDEN", with("KUBERNETES_IMPERSONATE_USERNAME", "nobody"));
    }

    @Test
    void itInstallsTheDefinitionsOnlyWhenAskedTo() throws Exception {
        Map<String, String> administrator = namespace.environment();
        administrator.remove("KUBERNETES_IMPERSONATE_USERNAME");
        namespace.kubectl("delete", "crd", UNUSED);

        try (OperatorProcess operator = OperatorProcess.start(administrator).untilReady()) {
            assertThat(namespace.kubectl("get", "crd")).doesNotContain(UNUSED);
            assertThat(operator.terminate().exitCode(ENDS_WITHIN)).isZero();
        }
        try (OperatorProcess operator =
                OperatorProcess.start(administrator, "--install-crds").untilReady()) {
            assertThat(namespace.kubectl("get", "crd")).contains(UNUSED);
            assertThat(operator.terminate().exitCode(ENDS_WITHIN)).isZero();
        }
    }

    @Test
    void oneLeadsAndWhoLosesTheLeaseEnds() throws Exception {
        try (OperatorProcess first = OperatorProcess.start(leader("first")).untilReady()) {
            namespace.until("a leader", () -> "first".equals(holder()));
            try (OperatorProcess second =
                    OperatorProcess.start(leader("second")).untilReady()) {
                namespace.apply("""
                        apiVersion: opencrane.io/v1alpha1
                        kind: Tenant
                        metadata: {name: acme}
                        spec: {displayName: ACME Corp, email: owner@acme.com}
                        """);
                namespace.untilPhase("acme", "Running");
                assertThat(first.log()).contains("TenantJob - ");
                assertThat(second.log()).doesNotContain("TenantJob - ");

                steal();

                assertThat(first.exitCode(SOON)).isEqualTo(1);
                assertThat(first.log()).contains("FAILED: The lease is lost");
                namespace.until("the other to lead", () -> "second".equals(holder()));
                namespace.patch("acme", "{\"suspended\":true}");
                namespace.untilPhase("acme", "Suspended");
                assertThat(second.terminate().exitCode(ENDS_WITHIN)).isZero();
                assertThat(second.log()).doesNotContain("FAILED");
            }
        }
    }

    private Map<String, String> leader(String identity) {
        Map<String, String> environment = with("LEADER_ELECTION", "true");
        environment.put("HOSTNAME", identity);
        return environment;
    }

    private String holder() throws Exception {
        return namespace.kubectl(
                "get", "lease", "opencrane-operator", "--ignore-not-found", "--output=jsonpath={.spec.holderIdentity}");
    }

    /** For a second, as far as the next one is concerned. */
    private void steal() throws Exception {
        namespace.kubectl(
                "patch",
                "lease",
                "opencrane-operator",
                "--type=merge",
                "-p",
                "{\"spec\":{\"holderIdentity\":\"thief\",\"leaseDurationSeconds\":1}}");
    }
}
