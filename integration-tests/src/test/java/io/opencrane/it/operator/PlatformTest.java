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
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import io.opencrane.testkit.provisioner.FakeProvisionerBackend;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator that looks after customers, with kubectl and under the two role files, one customer a test, on a cluster of its own. */
@ControlPlaneTest(needsControllerManager = true)
@EnabledIfSystemProperty(named = OperatorProcess.JAR, matches = ".+", disabledReason = OperatorProcess.WHEN_IT_RUNS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlatformTest {
    private static final int FIRST = 1;
    private static final int ALONE = Integer.MAX_VALUE - 1;
    private static final int LAST = Integer.MAX_VALUE;

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
    private static final String POLICY = """
            apiVersion: opencrane.io/v1alpha1
            kind: AccessPolicy
            metadata: {name: web}
            spec: {tenantSelector: {matchLabels: {opencrane.io/tenant: grace}}, domains: {allow: [api.example.com]}}
            """;
    private static final String CILIUM = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: ciliumnetworkpolicies.cilium.io}
            spec:
              group: cilium.io
              names: {kind: CiliumNetworkPolicy, plural: ciliumnetworkpolicies}
              scope: Namespaced
              versions:
                - name: v2
                  served: true
                  storage: true
                  schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
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

    /** So that nobody else is looked after. A namespace takes 5 seconds to go, so this is not for every test. */
    private CustomerChildren readyAlone(String customer) throws Exception {
        platform.kubectl("delete", "tenants", "--all", "--timeout=60s");
        platform.kubectl("delete", "clustertenants", "--field-selector=metadata.name!=" + customer, "--timeout=60s");
        return ready(customer);
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
    @ValueSource(
            strings = {
                "delete limitrange opencrane-cluster-tenant-limits",
                "delete resourcequota opencrane-cluster-tenant-quota",
                "delete configmap opencrane-cluster-tenant",
                "delete networkpolicy opencrane-baseline",
                "patch networkpolicy opencrane-baseline -p {\"spec\":{\"egress\":[{}]}}",
                "patch resourcequota opencrane-cluster-tenant-quota -p {\"spec\":{\"hard\":{\"pods\":\"99\"}}}",
                "label namespace opencrane-force pod-security.kubernetes.io/enforce-"
            })
    void whatSomebodyTookOutOfForceComesBack(String command) throws Exception {
        CustomerChildren names = ready("force");
        ObjectRef fence = ObjectType.NETWORK_POLICY.named(names.namespace(), "opencrane-baseline");

        String[] words = ("--namespace " + names.namespace() + " " + command).split(" ");
        platform.kubectl(words);

        platform.until(
                command + " to be undone",
                () -> platform.exists(names.limits())
                        && platform.exists(names.parent())
                        && platform.objects
                                .get(fence)
                                .filter(policy -> !List.of(Map.of()).equals(policy.get("spec", "egress")))
                                .isPresent()
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

    /** It goes half a minute later, while the others run. */
    @Test
    @Order(FIRST)
    void deletedItWaitsForItsTenants() throws Exception {
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
    }

    @Test
    @Order(LAST)
    void onceTheyAreGoneItGoesAndKeepsTheirState() throws Exception {
        CustomerChildren names = new CustomerChildren("leaving", "opencrane-leaving");
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

    /** The rights are there, and nothing but the names is asked of Cilium. */
    @Test
    void withCiliumAPolicyOpensNames() throws Exception {
        platform.apply(CILIUM);
        platform.kubectl("wait", "crd/ciliumnetworkpolicies.cilium.io", "--for=condition=Established");
        platform.apply(TENANT.formatted("grace", "null"));
        platform.apply(POLICY);
        ObjectRef names = ObjectType.CILIUM_NETWORK_POLICY.named(platform.name, "opencrane-policy-web");
        platform.until("its names to be open", () -> platform.exists(names));
        platform.kubectl("wait", "accesspolicy/web", "--for=condition=DomainsEnforced");

        platform.kubectl("patch", "accesspolicy", "web", "--type=merge", "-p", "{\"spec\":{\"domains\":null}}");
        platform.until("its names to be closed", () -> !platform.exists(names));
        platform.kubectl("delete", "accesspolicy", "web", "--timeout=60s");
    }

    @Test
    @Order(ALONE)
    void anIdleOneCostsNoWrite() throws Exception {
        readyAlone("counted");
        wake("counted", "1");
        long before = writes();

        wake("counted", "2");
        wake("counted", "3");

        assertThat(writes() - before).as("writes beside the two of kubectl").isEqualTo(2);
    }

    @Test
    @Order(ALONE)
    void itsOwnStatusDoesNotWakeIt() throws Exception {
        readyAlone("counted");
        wake("counted", "4");
        long before = looks();

        String garbled = "{\"status\":{\"phase\":\"failed\",\"message\":\"by hand\"}}";
        platform.kubectl("patch", "clustertenant", "counted", "--subresource=status", "--type=merge", "-p", garbled);
        wake("counted", "5");
        platform.kubectl("wait", "clustertenant/counted", "--for=jsonpath={.status.phase}=ready", "--timeout=30s");
        wake("counted", "6");

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
                "clustertenants|namespaces|resourcequotas|limitranges|configmaps|networkpolicies",
                "POST|PUT|PATCH|APPLY|DELETE");
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
