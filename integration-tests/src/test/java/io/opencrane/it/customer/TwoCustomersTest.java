package io.opencrane.it.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantDeletion;
import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.NewClusterTenant;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.CustomerBlueprint;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.reconcile.ClusterTenantReconciler;
import io.opencrane.k8s.reconcile.NetworkBaseline;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import io.opencrane.testkit.fault.Call;
import io.opencrane.testkit.fault.Faults;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two customers with tenants on one real cluster, from the first namespace to the last, as their platform does it. */
@ControlPlaneTest(needsControllerManager = true)
class TwoCustomersTest {
    private static final Set<String> WRITES = Set.of("create", "apply", "patch", "delete");

    private final String run = UUID.randomUUID().toString().substring(0, 6);
    private final String home = "platform-" + run;
    private final String alpha = "alpha-" + run;
    private final String beta = "beta-" + run;
    private final CustomerChildren ofAlpha = new CustomerChildren(alpha, "opencrane-" + alpha);
    private final CustomerChildren ofBeta = new CustomerChildren(beta, "opencrane-" + beta);
    private final Faults faults = new Faults();
    private final KubernetesClient client;
    private ObjectStore objects;
    private OpenCrane openCrane;
    private ClusterTenantReconciler customers;
    private TenantReconciler tenants;
    private FakeKubelet kubelet;

    TwoCustomersTest(ControlPlane controlPlane) {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build();
    }

    @BeforeEach
    void install() {
        CrdBundle.load().install(client, Duration.ofSeconds(30));
        client.resource(namespace(home)).create();
        objects = KubernetesCluster.using(client, InstanceScope.wholeCluster(home))
                .objects();
        KubernetesCluster cluster =
                KubernetesCluster.over(faults.wrap(ObjectStore.class, objects), InstanceScope.wholeCluster(home));
        Settings settings = Settings.builder()
                .namespace(home)
                .instanceId("it-" + run)
                .ingressDomain("example.com")
                .build();
        openCrane = OpenCrane.builder().cluster(cluster).settings(settings).build();
        customers = ClusterTenantReconciler.builder(cluster, NetworkBaseline.of(NetworkFence.of(settings)))
                .build();
        tenants = TenantReconciler.builder(cluster, settings).build();
        kubelet = FakeKubelet.besideControllers(objects);
    }

    @AfterEach
    void leaveNothing() {
        client.namespaces().withName(ofAlpha.namespace()).delete();
        client.namespaces().withName(ofBeta.namespace()).delete();
        client.namespaces().withName(home).delete();
        client.close();
    }

    @Test
    void twoCustomersLiveBesideEachOtherAndOneGoes() {
        openCrane
                .clusterTenants()
                .create(NewClusterTenant.builder(alpha, "Alpha Corp", quota(1))
                        .baseDomain(alpha + ".example.org")
                        .dedicatedNodes("alpha-pool")
                        .build());
        openCrane
                .clusterTenants()
                .create(NewClusterTenant.builder(beta, "Beta Corp", quota(5)).build());
        assertThat(reconcile(alpha).status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(reconcile(beta).status().phase()).isEqualTo(ClusterTenantPhase.READY);
        awaitQuotaInForce(ofAlpha);

        TenantId ada = create("ada-" + run, alpha);
        TenantId bob = create("bob-" + run, alpha);
        TenantId cyd = create("cyd-" + run, beta);
        TenantId dan = create("dan-" + run, null);
        for (TenantId tenant : List.of(ada, cyd, dan)) {
            reconcileUntil(tenant, TenantPhase.RUNNING);
        }

        quotaRefusesThePodTooMany(bob);
        dedicatedNodesAreStampedWhereTheyMustBeAndNowhereElse(ada, cyd, dan);
        hostsAreUnderTheBaseDomains(ada, cyd, dan);
        nothingIsWrittenWhileNothingChanges(ada, cyd, dan);

        List<String> betaBefore = versions(cyd);
        deleteAlpha(ada, bob);

        assertThat(versions(cyd)).as("what beta has").isEqualTo(betaBefore);
        assertThat(reconcile(beta).status().phase()).isEqualTo(ClusterTenantPhase.READY);
        openCrane
                .clusterTenants()
                .delete(beta, ClusterTenantDeletion.careful().withTenants().purging(beta));
        tenants.reconcile(cyd);
        reconcileUntilGone(beta);
        assertThat(client.namespaces().withName(ofBeta.namespace()).get()).isNull();
        openCrane.tenants().delete(dan);
        tenants.reconcile(dan);
    }

    @Test
    void aCustomerCalledSystemDoesNotCaptureThePlatformsNamespace() {
        Namespace platforms = client.resource(namespace("opencrane-system")).create();
        try {
            openCrane
                    .clusterTenants()
                    .create(NewClusterTenant.builder("system", "System Corp", quota(1))
                            .build());

            ClusterTenant refused = reconcile("system");

            assertThat(refused.status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
            assertThat(refused.status().message()).contains("opencrane-system").contains("nobody of OpenCrane");
            openCrane.clusterTenants().delete("system");
            reconcileUntilGone("system");
            Namespace after = client.namespaces().withName("opencrane-system").get();
            assertThat(after.getMetadata().getResourceVersion())
                    .isEqualTo(platforms.getMetadata().getResourceVersion());
        } finally {
            client.namespaces().withName("opencrane-system").delete();
        }
    }

    private void quotaRefusesThePodTooMany(TenantId bob) {
        Tenant waiting = reconcileUntil(bob, TenantPhase.PENDING);
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(tenants.reconcile(bob).orElseThrow().tenant().status().message())
                    .contains("FailedCreate");
            assertThat(client.apps()
                            .deployments()
                            .inNamespace(ofAlpha.namespace())
                            .withName("openclaw-" + bob.name())
                            .get()
                            .getStatus()
                            .getConditions())
                    .anySatisfy(condition -> assertThat(condition.getMessage()).contains("exceeded quota"));
        });
        assertThat(waiting.status().placement().namespace()).isEqualTo(ofAlpha.namespace());
        assertThat(client.pods().inNamespace(ofAlpha.namespace()).list().getItems())
                .extracting(pod -> pod.getMetadata().getLabels().get("opencrane.io/tenant"))
                .containsExactly("ada-" + run);
    }

    private void dedicatedNodesAreStampedWhereTheyMustBeAndNowhereElse(TenantId ada, TenantId cyd, TenantId dan) {
        PodSpec dedicated = pod(ofAlpha.namespace(), ada).getSpec();
        assertThat(dedicated.getNodeSelector()).isEqualTo(Map.of("opencrane.io/node-pool", "alpha-pool"));
        assertThat(dedicated.getTolerations())
                .anySatisfy(toleration -> assertThat(
                                List.of(toleration.getKey(), toleration.getValue(), toleration.getEffect()))
                        .containsExactly("opencrane.io/dedicated", "alpha-pool", "NoSchedule"));
        for (PodSpec shared :
                List.of(pod(ofBeta.namespace(), cyd).getSpec(), pod(home, dan).getSpec())) {
            assertThat(shared.getNodeSelector()).isNullOrEmpty();
            assertThat(shared.getTolerations())
                    .noneMatch(toleration -> "opencrane.io/dedicated".equals(toleration.getKey()));
        }
    }

    private void hostsAreUnderTheBaseDomains(TenantId ada, TenantId cyd, TenantId dan) {
        assertThat(host(ofAlpha.namespace(), ada)).isEqualTo(ada.name() + "." + alpha + ".example.org");
        assertThat(host(ofBeta.namespace(), cyd)).isEqualTo(cyd.name() + ".example.com");
        assertThat(host(home, dan)).isEqualTo(dan.name() + ".example.com");
    }

    private void nothingIsWrittenWhileNothingChanges(TenantId... idle) {
        faults.restart();
        for (int i = 0; i < 20; i++) {
            reconcile(alpha);
            reconcile(beta);
            for (TenantId tenant : idle) {
                tenants.reconcile(tenant);
            }
        }
        List<Call> calls = faults.calls();
        long writes =
                calls.stream().filter(call -> WRITES.contains(call.method())).count();
        System.out.println("2 customers and 3 tenants reconciled 20 times while nothing changed: " + writes
                + " writes, " + calls.size() + " requests without caches");
        assertThat(writes).isZero();
    }

    private void deleteAlpha(TenantId ada, TenantId bob) {
        assertThatThrownBy(() -> openCrane.clusterTenants().delete(alpha))
                .isInstanceOfSatisfying(OpenCraneException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.IN_USE);
                    assertThat(e).hasMessageContaining(ada.toString()).hasMessageContaining(bob.toString());
                });
        openCrane.clusterTenants().delete(alpha, ClusterTenantDeletion.careful().withTenants());
        tenants.reconcile(ada);
        tenants.reconcile(bob);
        reconcileUntilGone(alpha);

        Namespace retained = client.namespaces().withName(ofAlpha.namespace()).get();
        assertThat(retained.getMetadata().getAnnotations()).containsKey(CustomerBlueprint.RETAINED_SINCE);
        TenantChildren adas = new TenantChildren(ada.name(), ofAlpha.namespace());
        assertThat(objects.get(adas.state())).isPresent();
        assertThat(objects.get(adas.encryptionKey())).isPresent();
        Stream.of(
                        adas.deployment(),
                        adas.service(),
                        adas.ingress(),
                        ofAlpha.quota(),
                        ofAlpha.limits(),
                        ofAlpha.parent())
                .forEach(gone ->
                        assertThat(objects.get(gone)).as(gone.toString()).isEmpty());
    }

    /** What beta has; a Deployment's status is its controller's. */
    private List<String> versions(TenantId cyd) {
        TenantChildren cyds = new TenantChildren(cyd.name(), ofBeta.namespace());
        return Stream.of(
                        ofBeta.boundNamespace(),
                        ofBeta.limits(),
                        ofBeta.parent(),
                        cyds.state(),
                        cyds.encryptionKey(),
                        cyds.service(),
                        cyds.ingress(),
                        cyds.config())
                .map(ref -> ref + " " + live(ref).getMetadata().getResourceVersion())
                .toList();
    }

    private GenericKubernetesResource live(ObjectRef ref) {
        return objects.get(ref).orElseThrow();
    }

    private String host(String namespace, TenantId tenant) {
        List<Map<String, Object>> rules =
                live(new TenantChildren(tenant.name(), namespace).ingress()).get("spec", "rules");
        return String.valueOf(rules.get(0).get("host"));
    }

    private Pod pod(String namespace, TenantId tenant) {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("opencrane.io/tenant", tenant.name())
                .list()
                .getItems()
                .get(0);
    }

    private TenantId create(String name, String customer) {
        NewTenant.Builder tenant = NewTenant.builder(name, "Somebody", "somebody@example.com");
        if (customer != null) {
            tenant.clusterTenantRef(customer);
        }
        return openCrane.tenants().create(tenant.build()).tenant().id();
    }

    private ClusterTenant reconcile(String customer) {
        return customers.reconcile(customer).orElseThrow().customer();
    }

    private void reconcileUntilGone(String customer) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    customers.reconcile(customer);
                    return openCrane.clusterTenants().find(customer).isEmpty();
                });
    }

    private Tenant reconcileUntil(TenantId tenant, TenantPhase phase) {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    Tenant now = tenants.reconcile(tenant).orElseThrow().tenant();
                    kubelet.runOnce();
                    return now.status().phase() == phase;
                });
        return openCrane.tenants().get(tenant);
    }

    private void awaitQuotaInForce(CustomerChildren children) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> live(children.quota()).get("status", "hard") != null);
    }

    private static Quota quota(long pods) {
        return Quota.builder()
                .cpu(Quantity.parse("2"))
                .memory(Quantity.parse("4Gi"))
                .storage(Quantity.parse("10Gi"))
                .pods(pods)
                .build();
    }

    private static Namespace namespace(String name) {
        return new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .build();
    }
}
