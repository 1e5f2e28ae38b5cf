package io.opencrane.it.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.clustertenant.CustomerPurge;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import io.opencrane.testkit.provisioner.FakeProvisionerBackend;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An operator that looks after customers, with kubectl and under the two role files, one customer a test, on a cluster of its own. */
@ControlPlaneTest(needsControllerManager = true)
@EnabledIfSystemProperty(named = OperatorProcess.JAR, matches = ".+", disabledReason = OperatorProcess.WHEN_IT_RUNS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlatformTest {
    static final String CUSTOMER = """
            apiVersion: opencrane.io/v1alpha1
            kind: ClusterTenant
            metadata: {name: %s}
            spec:
              displayName: ACME Corp
              isolationTier: shared
              compute: {mode: shared}
              baseDomain: acme.example.com
              resources: {quota: {cpu: "4", memory: 8Gi, pods: 10}}
            """;
    private static final String TENANT = """
            apiVersion: opencrane.io/v1alpha1
            kind: Tenant
            metadata: {name: %s}
            spec: {displayName: Ada, email: ada@acme.com, clusterTenantRef: %s}
            """;
    private static final String TOKEN = "token-of-the-backend";
    private static final Pattern COUNT = Pattern.compile("apiserver_request_total\\{.*resource=\"([a-z]+)\","
            + "scope=\"[a-z]*\",subresource=\"([a-z]*)\",verb=\"([A-Z]+)\".*} ([0-9]+)");

    private final FakeProvisionerBackend backend = FakeProvisionerBackend.start(SecretText.of(TOKEN));
    private ControlPlane other;
    private ControlPlane home;
    private OperatorNamespace platform;
    private OperatorProcess operator;

    @BeforeAll
    void start(ControlPlane shared) throws Exception {
        Kubectl.require();
        other = shared;
        home = ControlPlane.start();
        platform = OperatorNamespace.ofPlatform(home);
        Map<String, String> environment = platform.platformEnvironment();
        environment.put("CLUSTER_TENANT_PROVISIONER_WEBHOOK_URL", backend.url().toString());
        environment.put("CLUSTER_TENANT_PROVISIONER_WEBHOOK_TOKEN", TOKEN);
        operator = OperatorProcess.start(environment).untilReady();
    }

    @AfterAll
    void stop() throws Exception {
        backend.close();
        if (home == null) {
            return;
        }
        try (ControlPlane closing = home;
                OperatorNamespace namespace = platform;
                OperatorProcess process = operator) {
            assertThat(process.log()).doesNotContain("sk-", TOKEN, " ERROR ", "FORBIDDEN");
            assertThat(process.terminate().exitCode(Duration.ofSeconds(10)))
                    .as(process.log())
                    .isZero();
        }
    }

    /** So that nobody is looked after but the customer of the next test. */
    @AfterEach
    void leaveNothing() throws Exception {
        platform.kubectl("delete", "tenants", "--all", "--timeout=60s");
        platform.kubectl("delete", "clustertenants", "--all", "--timeout=60s");
    }

    private CustomerChildren ready(String customer) throws Exception {
        platform.apply(CUSTOMER.formatted(customer));
        platform.kubectl("wait", "clustertenant/" + customer, "--for=jsonpath={.status.phase}=ready", "--timeout=30s");
        return new CustomerChildren(customer, "opencrane-" + customer);
    }

    @Test
    void aTenantRunsInTheNamespaceOfItsCustomer() throws Exception {
        CustomerChildren acme = ready("acme");
        assertThat(platform.objects.get(acme.quota()).orElseThrow().<String>get("spec", "hard", "pods"))
                .isEqualTo("10");
        assertThat(platform.kubectl("get", "clustertenants").lines())
                .anyMatch(line -> line.matches("acme +ACME Corp +shared +ready +opencrane-acme .*"));

        platform.apply(TENANT.formatted("ada", "acme"));
        platform.untilPhase("ada", "Running");

        assertThat(platform.exists(new TenantChildren("ada", acme.namespace()).deployment()))
                .isTrue();
        assertThat(platform.<String>status("ada", "ingressHost")).isEqualTo("ada.acme.example.com");
    }

    @ParameterizedTest
    @CsvSource({
        "limits,delete limitrange opencrane-cluster-tenant-limits",
        "quota,delete resourcequota opencrane-cluster-tenant-quota",
        "parent,delete configmap opencrane-cluster-tenant",
        "hard,patch resourcequota opencrane-cluster-tenant-quota -p {\"spec\":{\"hard\":{\"pods\":\"99\"}}}",
        "security,label namespace opencrane-security pod-security.kubernetes.io/enforce-"
    })
    void whatSomebodyTookOutOfForceComesBack(String customer, String command) throws Exception {
        CustomerChildren names = ready(customer);

        String[] words = ("--namespace " + names.namespace() + " " + command).split(" ");
        platform.kubectl(words);

        platform.until(
                command + " to be undone",
                () -> platform.exists(names.limits())
                        && platform.exists(names.parent())
                        && platform.objects
                                .get(names.quota())
                                .filter(quota -> "10".equals(quota.get("spec", "hard", "pods")))
                                .isPresent()
                        && "restricted"
                                .equals(platform.objects
                                        .get(names.boundNamespace())
                                        .orElseThrow()
                                        .getMetadata()
                                        .getLabels()
                                        .get("pod-security.kubernetes.io/enforce")));
    }

    @Test
    void deletedItWaitsForItsTenantsAndKeepsTheirState() throws Exception {
        CustomerChildren names = ready("leaving");
        platform.apply(TENANT.formatted("last", "leaving"));
        platform.untilPhase("last", "Running");

        platform.kubectl("delete", "clustertenant", "leaving", "--wait=false");
        platform.kubectl(
                "wait",
                "clustertenant/leaving",
                "--for=jsonpath={.status.message}=1 tenant is attached to it: " + platform.name
                        + "/last; delete or move them.",
                "--timeout=30s");
        assertThat(platform.exists(names.quota())).isTrue();

        platform.kubectl("delete", "tenant", "last", "--timeout=60s");
        platform.kubectl("wait", "clustertenant/leaving", "--for=delete", "--timeout=90s");

        assertThat(platform.exists(names.quota())).isFalse();
        assertThat(platform.exists(new TenantChildren("last", names.namespace()).state()))
                .isTrue();
    }

    @Test
    void withoutStateItsNamespaceGoes() throws Exception {
        CustomerChildren names = ready("empty");

        platform.kubectl("delete", "clustertenant", "empty", "--timeout=60s");

        assertThat(platform.exists(names.boundNamespace())).isFalse();
    }

    @Test
    void anIdleOneCostsNoWrite() throws Exception {
        ready("idle");
        wake("idle", "1");
        long before = writes();

        wake("idle", "2");
        wake("idle", "3");

        assertThat(writes() - before).as("writes beside the two of kubectl").isEqualTo(2);
    }

    @Test
    void itsOwnStatusDoesNotWakeIt() throws Exception {
        ready("calm");
        wake("calm", "1");
        long before = looks();

        String garbled = "{\"status\":{\"phase\":\"failed\",\"message\":\"by hand\"}}";
        platform.kubectl("patch", "clustertenant", "calm", "--subresource=status", "--type=merge", "-p", garbled);
        wake("calm", "2");
        platform.kubectl("wait", "clustertenant/calm", "--for=jsonpath={.status.phase}=ready", "--timeout=30s");
        wake("calm", "3");

        assertThat(looks() - before).isEqualTo(2);
    }

    /** Returns when it was looked at; what that wrote is then surely written when the next call returns. */
    private void wake(String customer, String value) throws Exception {
        long before = looks();
        platform.kubectl("annotate", "clustertenant", customer, "--overwrite", "example.com/wake=" + value);
        platform.until(customer + " to be looked at", () -> looks() > before);
    }

    /** A look at a customer reads its role binding, and nobody else does. */
    private long looks() throws Exception {
        return requests("rolebindings", "GET");
    }

    private long writes() throws Exception {
        return requests(
                "clustertenants|namespaces|resourcequotas|limitranges|configmaps", "POST|PUT|PATCH|APPLY|DELETE");
    }

    /** The API server's own count, without the quota controller's. */
    private long requests(String resources, String verbs) throws Exception {
        return COUNT.matcher(platform.kubectl("get", "--raw", "/metrics"))
                .results()
                .filter(line ->
                        line.group(1).matches(resources) && line.group(3).matches(verbs))
                .filter(line -> !(line.group(1) + "/" + line.group(2)).equals("resourcequotas/status"))
                .mapToLong(line -> Long.parseLong(line.group(4)))
                .sum();
    }

    @Test
    void whoHasAClusterOfItsOwnHasItsTenantsThere() throws Exception {
        String gold = "gold-" + UUID.randomUUID().toString().substring(0, 6);
        CustomerChildren names = new CustomerChildren(gold, "opencrane-" + gold);
        TenantChildren children = new TenantChildren("midas", names.namespace());
        backend.provisioner().kubeconfigs(name -> new SecretKeyRef(platform.name, name + "-kubeconfig", "kubeconfig"));
        platform.kubectl(
                "create", "secret", "generic", gold + "-kubeconfig", "--from-file=kubeconfig=" + other.kubeconfig());
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(other.kubeconfigYaml()))
                .build()) {
            ObjectStore there = KubernetesCluster.using(client, InstanceScope.namespace(names.namespace()))
                    .objects();
            FakeKubelet kubelet = FakeKubelet.besideControllers(there);

            platform.apply(
                    CUSTOMER.formatted(gold).replace("isolationTier: shared", "isolationTier: dedicatedCluster"));
            platform.apply(TENANT.formatted("midas", gold));
            platform.until("the tenant to run there", () -> {
                kubelet.runOnce();
                return "Running".equals(platform.<String>status("midas", "phase"));
            });

            assertThat(there.get(names.quota())).isPresent();
            assertThat(there.get(children.deployment())).isPresent();
            assertThat(platform.exists(names.boundNamespace())).isFalse();
            platform.kubectl("delete", "tenant", "midas", "--timeout=60s");
            // The operator does not take the backend for one that keeps data.
            platform.kubectl("annotate", "clustertenant", gold, CustomerPurge.ANNOTATION + "=" + gold);
            platform.kubectl("delete", "clustertenant", gold, "--timeout=60s");
            assertThat(there.get(children.deployment())).isEmpty();
            assertThat(backend.provisioner().resources(gold)).isEmpty();
            client.namespaces().withName(names.namespace()).delete();
        }
    }
}
