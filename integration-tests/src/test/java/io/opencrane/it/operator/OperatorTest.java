package io.opencrane.it.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import io.opencrane.testkit.litellm.FakeLiteLlm.KeySnapshot;
import io.opencrane.testkit.litellm.FakeLiteLlm.TeamSnapshot;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The runbook of samples/operator, with kubectl, one tenant a test. */
@ControlPlaneTest(needsControllerManager = true)
@EnabledIfSystemProperty(named = OperatorProcess.JAR, matches = ".+", disabledReason = OperatorProcess.WHEN_IT_RUNS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorTest {
    private static final String TENANT = """
            apiVersion: opencrane.io/v1alpha1
            kind: Tenant
            metadata: {name: %s}
            spec: {displayName: ACME Corp, email: owner@acme.com, team: engineering, monthlyBudgetUsd: 200}
            """;

    private OperatorNamespace namespace;
    private OperatorProcess operator;

    @BeforeAll
    void start(ControlPlane controlPlane) throws Exception {
        Kubectl.require();
        namespace = new OperatorNamespace(controlPlane);
        operator = OperatorProcess.start(namespace.environment()).untilReady();
    }

    @AfterAll
    void stop() throws Exception {
        if (operator != null) {
            try {
                assertThat(operator.log()).doesNotContain("sk-", " ERROR ");
                assertThat(operator.terminate().exitCode(Duration.ofSeconds(10)))
                        .as(operator.log())
                        .isZero();
            } finally {
                operator.close();
                namespace.close();
            }
        }
    }

    private TenantChildren running(String tenant) throws Exception {
        namespace.apply(TENANT.formatted(tenant));
        namespace.untilPhase(tenant, "Running");
        return new TenantChildren(tenant, namespace.name);
    }

    private Map<String, Object> podTemplate(TenantChildren children) {
        return namespace.objects.get(children.deployment()).orElseThrow().get("spec", "template");
    }

    private TeamSnapshot team(String tenant) {
        return namespace.liteLlm.teams().stream()
                .filter(team -> (namespace.name + "/" + tenant).equals(team.alias()))
                .findFirst()
                .orElseThrow();
    }

    private List<KeySnapshot> keys(TeamSnapshot team) {
        return namespace.liteLlm.keys().stream()
                .filter(key -> team.teamId().equals(key.teamId()))
                .toList();
    }

    @Test
    void itIsHealthyAndSaysNothingElse() throws Exception {
        assertThat(operator.get("/healthz")).isEqualTo("200 {\"status\":\"ok\"}");
        assertThat(operator.get("/healthz/deeper")).startsWith("404");
        assertThat(operator.get("/")).startsWith("404");
    }

    @Test
    void aTenantRunsAndKubectlShowsIt() throws Exception {
        running("shown");

        assertThat(namespace.kubectl("get", "tenants").lines())
                .anyMatch(line -> line.matches("shown +ACME Corp +engineering +Running +shown\\.example\\.com .*"));
        assertThat(namespace.kubectl("describe", "tenant", "shown"))
                .contains("opencrane.io/cleanup", "ModelKeyReady", "Phase:", "Running");
        assertThat(keys(team("shown"))).hasSize(1);
    }

    @Test
    void suspendedItHasNoPodAndComesBack() throws Exception {
        TenantChildren children = running("sleeper");

        namespace.patch("sleeper", "{\"suspended\":true}");
        namespace.untilPhase("sleeper", "Suspended");
        assertThat(namespace.objects.get(children.deployment()).orElseThrow().<Integer>get("spec", "replicas"))
                .isZero();

        namespace.patch("sleeper", "{\"suspended\":false}");
        namespace.untilPhase("sleeper", "Running");
    }

    @Test
    void aNewBudgetReachesLiteLlmAndNotThePod() throws Exception {
        Map<String, Object> before = podTemplate(running("spender"));
        assertThat(team("spender").maxBudgetUsd()).isEqualByComparingTo("200");

        namespace.patch("spender", "{\"monthlyBudgetUsd\":300}");

        namespace.until("the new ceiling", () -> team("spender").maxBudgetUsd().compareTo(new BigDecimal(300)) == 0);
        namespace.untilPhase("spender", "Running");
        assertThat(podTemplate(new TenantChildren("spender", namespace.name))).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "skills  | {\"skillAllowlist\":[\"search\"]}",
                "mcp     | {\"mcpPolicy\":{\"allow\":[\"github\"]}}",
                "version | {\"openclawVersion\":\"1.2.3\"}"
            })
    void whatThePodReadsRollsIt(String name, String spec) throws Exception {
        TenantChildren children = running("rolled-" + name);
        Map<String, Object> before = podTemplate(children);
        String pod = namespace.status("rolled-" + name, "podName");

        namespace.patch("rolled-" + name, spec);

        namespace.until("another pod", () -> {
            String now = namespace.status("rolled-" + name, "podName");
            return now != null && !now.equals(pod);
        });
        namespace.untilPhase("rolled-" + name, "Running");
        assertThat(podTemplate(children)).isNotEqualTo(before);
    }

    @Test
    void aPolicyThatIsNotThereIsSaidAndForgotten() throws Exception {
        running("lost");

        namespace.patch("lost", "{\"policyRef\":\"nowhere\"}");
        namespace.untilPhase("lost", "Error");
        assertThat(namespace.<String>status("lost", "policyResolutionState")).isEqualTo("PolicyNotFound");
        assertThat(namespace.<String>status("lost", "message")).contains("nowhere");

        namespace.patch("lost", "{\"policyRef\":null}");
        namespace.untilPhase("lost", "Running");
    }

    @Test
    void whoAsksForAReconcileGetsOne() throws Exception {
        running("asked");

        namespace.kubectl("annotate", "tenant", "asked", "opencrane.io/reconcile-at=2026-11-01T00:00:00Z");

        namespace.until(
                "the answer",
                () -> "2026-11-01T00:00:00Z".equals(namespace.<String>status("asked", "observedReconcileAt")));
    }

    @Test
    void deletedItLeavesItsStateAndNothingElse() throws Exception {
        TenantChildren children = running("gone");
        TeamSnapshot team = team("gone");

        namespace.kubectl("delete", "tenant", "gone", "--timeout=60s");

        List<ObjectRef> dropped = List.of(
                children.serviceAccount(),
                children.modelKey(),
                children.config(),
                children.deployment(),
                children.service(),
                children.ingress());
        namespace.until("the children to go", () -> dropped.stream().noneMatch(namespace::exists));
        assertThat(namespace.exists(children.encryptionKey())).isTrue();
        assertThat(namespace.exists(children.state())).isTrue();
        assertThat(keys(team)).isEmpty();
    }

    /** Its rights would not allow it either, and nothing of that is in the log. */
    @Test
    void aCustomerIsLeftAlone() throws Exception {
        String customer = "alone-" + namespace.name;
        namespace.apply(PlatformTest.CUSTOMER.formatted(customer));
        try {
            running("beside");

            assertThat(namespace.kubectl("get", "clustertenant", customer, "--output=yaml"))
                    .doesNotContain("status:", "finalizers:");
            assertThat(namespace.kubectl("get", "namespaces")).doesNotContain(customer);
            assertThat(operator.log()).doesNotContain("clustertenant", "ClusterTenant", "FORBIDDEN");
        } finally {
            namespace.kubectl("delete", "clustertenant", customer, "--timeout=20s");
        }
    }

    /** java-operator-sdk would forget it; see Job.isStillThere. */
    @Test
    void madeAnewAtOnceItRunsAgain() throws Exception {
        running("anew");
        for (int round = 0; round < 5; round++) {
            namespace.client.load(stream("anew")).inNamespace(namespace.name).delete();
            await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1)).until(() -> isCreated("anew"));
            namespace.untilPhase("anew", "Running");
        }
    }

    private static InputStream stream(String tenant) {
        return new ByteArrayInputStream(TENANT.formatted(tenant).getBytes(StandardCharsets.UTF_8));
    }

    private boolean isCreated(String tenant) {
        try {
            namespace.client.load(stream(tenant)).inNamespace(namespace.name).create();
            return true;
        } catch (KubernetesClientException e) {
            assertThat(e.getCode()).as("the name is taken").isEqualTo(409);
            return false;
        }
    }
}
