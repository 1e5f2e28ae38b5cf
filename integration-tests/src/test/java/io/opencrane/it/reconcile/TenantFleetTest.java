package io.opencrane.it.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.core.tenant.TenantScan;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.informer.InformerCache;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A fleet of tenants on a real API server: what a first reconcile costs, and that an idle fleet costs nothing (DECISIONS 27, invariant 5). */
@ControlPlaneTest(needsControllerManager = true)
class TenantFleetTest {
    private static final int TENANTS = 200;

    /** What one costs without caches does not depend on how many there are. */
    private static final int FEW = 40;

    private static final Duration IDLE = Duration.ofSeconds(60);
    private static final SecretText MASTER_KEY = SecretText.of("sk-master");

    private final String namespace = "fleet-" + UUID.randomUUID().toString().substring(0, 8);
    private final InstanceScope scope = InstanceScope.namespace(namespace);
    private final Config config;
    private final RequestCount requests = new RequestCount();
    private final FakeLiteLlm liteLlm = FakeLiteLlm.start(MASTER_KEY);
    private KubernetesClient admin;
    private KubernetesClient client;
    private KubernetesCluster cluster;
    private OpenCrane portal;
    private FakeKubelet kubelet;

    TenantFleetTest(ControlPlane controlPlane) {
        config = Config.fromKubeconfig(controlPlane.kubeconfigYaml());
    }

    @BeforeEach
    void connect() {
        admin = new KubernetesClientBuilder().withConfig(config).build();
        CrdBundle.load().install(admin, Duration.ofSeconds(30));
        admin.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        KubernetesCluster others = KubernetesCluster.using(admin, scope);
        portal = OpenCrane.builder().cluster(others).build();
        kubelet = FakeKubelet.besideControllers(others.objects());
        client = new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("count", requests))
                .build();
        cluster = KubernetesCluster.using(client, scope);
    }

    private void create(int tenants) {
        for (int i = 0; i < tenants; i++) {
            portal.tenants()
                    .create(NewTenant.builder("t" + i, "Tenant " + i, "owner@example.com")
                            .namespace(namespace)
                            .team("engineering")
                            .monthlyBudgetUsd("20")
                            .build());
        }
    }

    /** The server is shared with other tests, and 200 pods in every list would slow them down. */
    @AfterEach
    void removeTheFleet() {
        client.close();
        admin.namespaces().withName(namespace).delete();
        portal.releaseFinalizers(scope);
        await().atMost(Duration.ofMinutes(2))
                .until(() ->
                        admin.pods().inNamespace(namespace).list().getItems().isEmpty());
        admin.close();
        liteLlm.close();
    }

    private TenantReconciler.Builder reconciler() {
        Settings settings = Settings.builder()
                .namespace(namespace)
                .watchNamespaces(namespace)
                .liteLlmEnabled(true)
                .liteLlmEndpoint(liteLlm.endpoint())
                .liteLlmMasterKey(MASTER_KEY)
                .build();
        return TenantReconciler.builder(cluster, settings)
                .modelGateway(
                        LiteLlmGateway.builder(liteLlm.endpoint(), MASTER_KEY).build());
    }

    private List<Tenant> tenants() {
        List<Tenant> all = new ArrayList<>();
        TenantScan.of(KubernetesCluster.using(admin, scope)).forEachRemaining(all::add);
        return all;
    }

    private boolean all(Predicate<Tenant> condition) {
        return tenants().stream().filter(condition).count() == TENANTS;
    }

    @Test
    void withoutCachesAFirstReconcileCostsAtMost19Requests() {
        create(FEW);
        // At one moment: without caches the fence of a namespace is looked at once in half a minute, whatever the
        // fleet.
        TenantReconciler reconciler =
                reconciler().clock(InstantSource.fixed(Instant.now())).build();

        for (int i = 0; i < FEW; i++) {
            assertThat(reconciler.reconcile(new TenantId(namespace, "t" + i))).isPresent();
        }

        double each = (double) requests.count(request -> true) / FEW;
        System.out.printf(
                "%d tenants applied without caches: %.2f requests each, %.2f of them writes%n",
                FEW, each, (double) requests.count(RequestCount.IS_WRITE) / FEW);
        // Once for all: the uid of the install namespace is read, and the fence is looked at and put up.
        assertThat(each).isLessThanOrEqualTo(19.0 + 3.0 / FEW);
    }

    @Test
    void withCachesAFirstReconcileCostsAtMost12RequestsAndAnIdleFleetNoWrite() {
        create(TENANTS);
        try (InformerCache cache = InformerCache.over(client, cluster);
                WorkQueue queue = new WorkQueue(4)) {
            TenantReconciler reconciler = reconciler().reader(cache).build();
            cache.onChange(queue::add).start(Duration.ofSeconds(30));
            requests.reset();

            queue.process(id -> reconciler.reconcile(id));
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> all(tenant -> tenant.status().phase() == TenantPhase.PENDING) && queue.isIdle());
            long applied = requests.count(request -> true);
            System.out.printf(
                    "%d tenants applied with caches: %.2f requests each, %.2f of them writes%n",
                    TENANTS, (double) applied / TENANTS, (double) requests.count(RequestCount.IS_WRITE) / TENANTS);

            await().atMost(Duration.ofMinutes(2)).until(() -> {
                kubelet.runOnce();
                return all(tenant -> tenant.status().phase() == TenantPhase.RUNNING) && queue.isIdle();
            });
            long running = requests.count(request -> true);
            List<String> versions = versions();
            requests.reset();
            long reconciles = queue.processed();

            await().during(IDLE).atMost(IDLE.plusSeconds(20)).until(() -> requests.count(RequestCount.IS_WRITE) == 0);
            tenants().forEach(tenant -> queue.add(tenant.id()));
            await().atMost(Duration.ofMinutes(1)).until(() -> queue.isIdle() && queue.processed() > reconciles);

            System.out.printf(
                    "until Running: %.2f requests each; then %d idle seconds and %d reconciles: %d writes, %d requests%n",
                    (double) running / TENANTS,
                    IDLE.toSeconds(),
                    queue.processed() - reconciles,
                    requests.count(RequestCount.IS_WRITE),
                    requests.count(RequestCount.IS_WATCH.negate()));
            assertThat(requests.count(RequestCount.IS_WATCH.negate())).isZero();
            assertThat(versions()).isEqualTo(versions);
            assertThat(liteLlm.keys()).hasSize(TENANTS);
            assertThat((double) applied / TENANTS).isLessThanOrEqualTo(12.0 + 1.0 / TENANTS);
        }
    }

    private List<String> versions() {
        return tenants().stream()
                .map(tenant ->
                        tenant.metadata().name() + " " + tenant.metadata().resourceVersion())
                .toList();
    }
}
