package io.opencrane.it.clustertenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.LimitRangeBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantDeletion;
import io.opencrane.api.clustertenant.ClusterTenantPatch;
import io.opencrane.api.clustertenant.ClusterTenantQuery;
import io.opencrane.api.clustertenant.ClusterTenantService;
import io.opencrane.api.clustertenant.ClusterTenantSummary;
import io.opencrane.api.clustertenant.Compute;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.NewClusterTenant;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.clustertenant.QuotaDimension;
import io.opencrane.api.clustertenant.QuotaUse;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the service writes is what a real API server stores, and what it counts is what Kubernetes' own quota counts. */
@ControlPlaneTest(needsControllerManager = true)
class ClusterTenantServiceOnControlPlaneTest {
    private final String home = "svc-" + UUID.randomUUID().toString().substring(0, 8);
    private final String acme = home + "-acme";
    private final String bound = "opencrane-" + acme;
    private final KubernetesClient client;
    private KubernetesCluster cluster;
    private OpenCrane openCrane;
    private ClusterTenantService customers;

    ClusterTenantServiceOnControlPlaneTest(ControlPlane controlPlane) {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build();
    }

    @BeforeEach
    void connect() {
        CrdBundle.load().install(client, Duration.ofSeconds(30));
        namespace(home);
        cluster = KubernetesCluster.using(client, InstanceScope.wholeCluster(home));
        openCrane = OpenCrane.builder().cluster(cluster).build();
        customers = openCrane.clusterTenants();
    }

    @AfterEach
    void disconnect() {
        client.genericKubernetesResources("opencrane.io/v1alpha1", "ClusterTenant")
                .withName(acme)
                .delete();
        cluster.close();
        client.close();
    }

    private void namespace(String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    private NewClusterTenant.Builder customer() {
        return NewClusterTenant.builder(
                        acme,
                        "ACME Corp",
                        Quota.builder()
                                .cpu(io.opencrane.api.resource.Quantity.parse("4000m"))
                                .memory(io.opencrane.api.resource.Quantity.parse("8Gi"))
                                .pods(10L)
                                .build())
                .baseDomain("acme.example.com");
    }

    private TenantId tenant(String name, boolean big) {
        NewTenant.Builder tenant =
                NewTenant.builder(name, "Name", "a@b.com").namespace(home).clusterTenantRef(acme);
        if (big) {
            tenant.resources(
                    io.opencrane.api.resource.Quantity.parse("1500m"), io.opencrane.api.resource.Quantity.parse("2Gi"));
        }
        return openCrane.tenants().create(tenant.build()).tenant().id();
    }

    private GenericKubernetesResource live() {
        return client.genericKubernetesResources("opencrane.io/v1alpha1", "ClusterTenant")
                .withName(acme)
                .get();
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void createIsStoredAndRepeatedAndAnotherSpecIsRefused() {
        ClusterTenant made = customers.create(customer().build()).clusterTenant();

        assertThat(live().<String>get("spec", "resources", "quota", "cpu")).isEqualTo("4000m");
        assertThat(live().<String>get("spec", "isolationTier")).isEqualTo("shared");
        assertThat(customers.create(customer().build()).clusterTenant()).isEqualTo(made);
        refused(
                ErrorCode.ALREADY_EXISTS,
                () -> customers.create(customer().displayName("Other").build()));
        assertThat(customers
                        .list(ClusterTenantQuery.builder().text(acme).build())
                        .items())
                .extracting(ClusterTenantSummary::name)
                .containsExactly(acme);
    }

    @Test
    void anUpdateSetsAndClearsInTheStoredObject() {
        ClusterTenant made = customers.create(customer().build()).clusterTenant();

        ClusterTenant changed = customers
                .update(
                        acme,
                        ClusterTenantPatch.builder()
                                .clearBaseDomain()
                                .dedicatedNodes("gold")
                                .quota(Quota.builder().pods(20L).build())
                                .ifUnchangedSince(made)
                                .build())
                .clusterTenant();

        Map<String, Object> spec = live().get("spec");
        assertThat(spec).doesNotContainKey("baseDomain");
        assertThat(spec.get("compute")).isEqualTo(Map.of("mode", "dedicated", "nodePool", "gold"));
        assertThat(spec.get("resources")).isEqualTo(Map.of("quota", Map.of("pods", 20)));
        assertThat(customers.get(acme)).isEqualTo(changed);
        refused(
                ErrorCode.CONFLICT,
                () -> customers.update(
                        acme,
                        ClusterTenantPatch.builder()
                                .displayName("Late")
                                .ifUnchangedSince(made)
                                .build()));

        ClusterTenant shared = customers
                .update(acme, ClusterTenantPatch.builder().shared().build())
                .clusterTenant();
        assertThat(shared.spec().isolationTier()).isEqualTo(IsolationTier.SHARED);
        assertThat(shared.spec().compute()).isEqualTo(Compute.SHARED);
    }

    @Test
    void deletionIsRefusedWhileInUseAndCascadesWhenTold() {
        customers.create(customer().build());
        TenantId one = tenant("one", false);
        TenantId two = tenant("two", true);

        refused(ErrorCode.IN_USE, () -> customers.delete(acme));
        assertThat(customers.status(acme).attached()).containsExactly(one, two);

        customers.delete(acme, ClusterTenantDeletion.careful().withTenants());

        assertThat(openCrane.tenants().find(one)).isEmpty();
        assertThat(openCrane.tenants().find(two)).isEmpty();
        customers.awaitDeleted(acme, Duration.ofSeconds(10));
    }

    @Test
    void whatTheTenantsAskForIsWhatKubernetesCountsAtTheQuota() {
        ClusterTenant made = customers.create(customer().build()).clusterTenant();
        namespace(bound);
        quotaAndLimits();
        cluster.resources()
                .patchStatus(
                        made,
                        made.withStatus(
                                made.status().toBuilder().boundNamespace(bound).build()));
        List<TenantId> all = List.of(tenant("one", false), tenant("two", true), tenant("asleep", true));
        openCrane.tenants().suspend(all.get(2));

        TenantReconciler reconciler = TenantReconciler.builder(
                        cluster,
                        Settings.builder().namespace(home).watchNamespaces(home).build())
                .build();
        all.forEach(reconciler::reconcile);

        List<QuotaUse> asked = customers.status(acme).quota();
        Map<QuotaDimension, String> names = Map.of(
                QuotaDimension.CPU, "requests.cpu",
                QuotaDimension.MEMORY, "requests.memory",
                QuotaDimension.STORAGE, "requests.storage",
                QuotaDimension.PODS, "pods");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Map<String, Quantity> used = client.resourceQuotas()
                    .inNamespace(bound)
                    .withName("opencrane-cluster-tenant-quota")
                    .get()
                    .getStatus()
                    .getUsed();
            for (QuotaUse use : asked) {
                BigDecimal counted = use.dimension() == QuotaDimension.GPU
                        ? BigDecimal.ZERO
                        : Quantity.getAmountInBytes(used.get(names.get(use.dimension())));
                assertThat(use.asked()).as(use.toString()).isEqualByComparingTo(counted);
            }
        });
        assertThat(asked).extracting(QuotaUse::toString).contains("cpu: 1600m of 4", "storage: 3Gi of no limit");
    }

    /** As the platform makes them in a customer's namespace (contract §3). */
    private void quotaAndLimits() {
        client.resource(new LimitRangeBuilder()
                        .withNewMetadata()
                        .withNamespace(bound)
                        .withName("opencrane-cluster-tenant-limits")
                        .endMetadata()
                        .withNewSpec()
                        .addNewLimit()
                        .withType("Container")
                        .addToDefaultRequest("cpu", new Quantity("100m"))
                        .addToDefaultRequest("memory", new Quantity("128Mi"))
                        .addToDefault("cpu", new Quantity("1"))
                        .addToDefault("memory", new Quantity("1Gi"))
                        .endLimit()
                        .endSpec()
                        .build())
                .create();
        client.resource(new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withNamespace(bound)
                        .withName("opencrane-cluster-tenant-quota")
                        .endMetadata()
                        .withNewSpec()
                        .addToHard("requests.cpu", new Quantity("4"))
                        .addToHard("requests.memory", new Quantity("8Gi"))
                        .addToHard("requests.storage", new Quantity("100Gi"))
                        .addToHard("pods", new Quantity("10"))
                        .endSpec()
                        .build())
                .create();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.resourceQuotas()
                                .inNamespace(bound)
                                .withName("opencrane-cluster-tenant-quota")
                                .get()
                                .getStatus()
                                .getUsed()
                        != null);
    }
}
