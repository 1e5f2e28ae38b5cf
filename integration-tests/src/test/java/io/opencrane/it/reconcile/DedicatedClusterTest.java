package io.opencrane.it.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.object.ApiServerObjects;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.k8s.remote.KubeconfigClusters;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A customer with a control plane of its own, beside the one at home: both are real. Its kubeconfig holds the token of a service account
 * that may administrate one namespace there and nothing else.
 */
@ControlPlaneTest(needsControllerManager = true)
class DedicatedClusterTest {
    private static final SecretText MASTER_KEY = SecretText.of("sk-master");
    private static final List<ObjectType> TYPES = List.of(
            ObjectType.SERVICE_ACCOUNT,
            ObjectType.SECRET,
            ObjectType.CONFIG_MAP,
            ObjectType.PERSISTENT_VOLUME_CLAIM,
            ObjectType.DEPLOYMENT,
            ObjectType.SERVICE,
            ObjectType.INGRESS,
            ObjectType.POD);
    private static ControlPlane theirs;

    private final String suffix = UUID.randomUUID().toString().substring(0, 8);
    private final String namespace = "home-" + suffix;
    private final String customer = "gold-" + suffix;
    private final String bound = "tenants-" + suffix;
    private final TenantId acme = new TenantId(namespace, "acme");
    private final TenantChildren children = new TenantChildren("acme", bound);
    private final RequestCount atHome = new RequestCount();
    private final RequestCount there = new RequestCount();
    private final List<KubernetesClient> made = new ArrayList<>();
    private final FakeLiteLlm liteLlm = FakeLiteLlm.start(MASTER_KEY);
    private final KubernetesClient home;
    private final KubernetesClient vendor;
    private final ObjectStore vendors;
    private final FakeKubelet kubelet;
    private KubernetesCluster plain;
    private KubeconfigClusters clusters;
    private OpenCrane openCrane;
    private TenantReconciler reconciler;
    private final List<String> moves = new ArrayList<>();

    DedicatedClusterTest(ControlPlane controlPlane) {
        home = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("count", atHome))
                .build();
        vendor = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(theirs.kubeconfigYaml()))
                .build();
        vendors = ApiServerObjects.over(vendor);
        kubelet = FakeKubelet.besideControllers(vendors);
    }

    @BeforeAll
    static void startTheirs() {
        theirs = ControlPlane.start();
    }

    @AfterAll
    static void stopTheirs() {
        theirs.close();
    }

    @BeforeEach
    void provision() {
        CrdBundle.load().install(home, Duration.ofSeconds(30));
        namespace(home, namespace);
        namespace(vendor, bound);
        InstanceScope scope = InstanceScope.namespace(namespace);
        plain = KubernetesCluster.using(home, scope);
        clusters = KubeconfigClusters.over(plain.objects())
                .client(config -> {
                    KubernetesClient client = new KubernetesClientBuilder()
                            .withConfig(config)
                            .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("count", there))
                            .build();
                    made.add(client);
                    return client;
                })
                .build();
        Settings settings = Settings.builder()
                .namespace(namespace)
                .watchNamespaces(namespace)
                .ingressDomain("example.com")
                .liteLlmEnabled(true)
                .liteLlmEndpoint(liteLlm.endpoint())
                .liteLlmMasterKey(MASTER_KEY)
                .build();
        KubernetesCluster cluster = plain.reaching(clusters);
        LiteLlmGateway gateway =
                LiteLlmGateway.builder(liteLlm.endpoint(), MASTER_KEY).build();
        openCrane = OpenCrane.builder()
                .cluster(cluster)
                .settings(settings)
                .modelGateway(gateway)
                .build();
        reconciler = TenantReconciler.builder(cluster, settings)
                .modelGateway(gateway)
                .stateMover((tenant, from, to) -> moves.add(from + " -> " + to))
                .build();
        secret(kubeconfigOf("first"));
        customer();
    }

    @AfterEach
    void disconnect() {
        home.namespaces().withName(namespace).delete();
        openCrane.releaseFinalizers(InstanceScope.namespace(namespace));
        plain.resources().find(ClusterTenant.class, "", customer).ifPresent(plain.resources()::delete);
        clusters.close();
        home.close();
        vendor.close();
        liteLlm.close();
    }

    private static void namespace(KubernetesClient client, String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    private void customer() {
        ClusterTenant made = plain.resources()
                .create(new ClusterTenant(
                        ResourceMetadata.of("", customer),
                        ClusterTenantSpec.builder("Gold")
                                .isolationTier(IsolationTier.DEDICATED_CLUSTER)
                                .build(),
                        ClusterTenantStatus.empty()));
        plain.resources()
                .patchStatus(
                        made,
                        made.withStatus(ClusterTenantStatus.empty().toBuilder()
                                .boundNamespace(bound)
                                .kubeconfigSecretRef(new SecretKeyRef(namespace, "gold-kubeconfig", "kubeconfig"))
                                .build()));
    }

    private void secret(String kubeconfig) {
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName("gold-kubeconfig")
                .endMetadata()
                .withData(Map.of(
                        "kubeconfig", Base64.getEncoder().encodeToString(kubeconfig.getBytes(StandardCharsets.UTF_8))))
                .build();
        home.resource(secret).createOr(editable -> editable.update());
    }

    /** A service account with rights in the bound namespace alone, and a kubeconfig with its token. */
    private String kubeconfigOf(String account) {
        vendor.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(bound)
                        .withName(account)
                        .endMetadata()
                        .build())
                .create();
        vendor.load(new ByteArrayInputStream(("""
                        apiVersion: rbac.authorization.k8s.io/v1
                        kind: RoleBinding
                        metadata: {namespace: NAMESPACE, name: ACCOUNT}
                        roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin}
                        subjects: [{kind: ServiceAccount, namespace: NAMESPACE, name: ACCOUNT}]
                        ---
                        apiVersion: v1
                        kind: Secret
                        type: kubernetes.io/service-account-token
                        metadata:
                          namespace: NAMESPACE
                          name: ACCOUNT
                          annotations: {kubernetes.io/service-account.name: ACCOUNT}
                        """)
                        .replace("NAMESPACE", bound)
                        .replace("ACCOUNT", account)
                        .getBytes(StandardCharsets.UTF_8)))
                .create();
        Secret token = await().atMost(Duration.ofSeconds(30))
                .until(
                        () -> vendor.secrets()
                                .inNamespace(bound)
                                .withName(account)
                                .get(),
                        secret -> secret.getData() != null && secret.getData().containsKey("token"));
        String raw = new String(Base64.getDecoder().decode(token.getData().get("token")), StandardCharsets.UTF_8);
        return theirs.kubeconfigYaml().replaceFirst("token: \\S+", "token: " + raw);
    }

    private void create() {
        create(customer);
    }

    private void create(String clusterTenant) {
        NewTenant.Builder tenant = NewTenant.builder("acme", "ACME Corp", "owner@acme.com")
                .namespace(namespace)
                .monthlyBudgetUsd("20");
        openCrane.tenants().create((clusterTenant == null ? tenant : tenant.clusterTenantRef(clusterTenant)).build());
    }

    private Tenant reconcile() {
        for (int attempt = 1; ; attempt++) {
            try {
                return reconciler.reconcile(acme).orElseThrow().tenant();
            } catch (OpenCraneException e) {
                if (e.code() != ErrorCode.CONFLICT || !e.isRetryable() || attempt == 5) {
                    throw e;
                }
            }
        }
    }

    private Tenant reconcileUntil(TenantPhase phase) {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> {
                            kubelet.runOnce();
                            return reconcile();
                        },
                        tenant -> tenant.status().phase() == phase);
    }

    private static List<String> childrenOf(ObjectStore objects) {
        List<String> found = new ArrayList<>();
        for (ObjectType type : TYPES) {
            objects.list(type, "", Filter.labelled(Map.of("opencrane.io/tenant", "acme")), 100, null).items().stream()
                    .map(object -> type.kind() + " " + object.getMetadata().getNamespace())
                    .forEach(found::add);
        }
        return found;
    }

    private String version(ObjectRef ref) {
        return vendors.get(ref).orElseThrow().getMetadata().getResourceVersion();
    }

    @Test
    void theObjectsAppearInTheCustomersControlPlaneOnlyAndGoFromThere() {
        create();
        Tenant running = reconcileUntil(TenantPhase.RUNNING);
        reconcile();

        assertThat(running.status().placement()).isEqualTo(new Placement(customer, bound));
        assertThat(childrenOf(ApiServerObjects.over(home)))
                .noneMatch(child -> child.endsWith(" " + namespace) || child.endsWith(" " + bound));
        assertThat(childrenOf(vendors).stream().filter(child -> child.endsWith(" " + bound)))
                .contains(
                        "ServiceAccount " + bound,
                        "Secret " + bound,
                        "ConfigMap " + bound,
                        "PersistentVolumeClaim " + bound,
                        "Deployment " + bound,
                        "Service " + bound,
                        "Ingress " + bound,
                        "Pod " + bound);
        assertThat(liteLlm.keys()).hasSize(1);
        idleCostsNoWrite();
        assertThat(made).as("one client served all").hasSize(1);

        openCrane.tenants().delete(acme);
        reconciler.reconcile(acme);

        assertThat(openCrane.tenants().find(acme)).isEmpty();
        assertThat(liteLlm.keys()).isEmpty();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(childrenOf(vendors).stream().filter(child -> child.endsWith(bound)))
                        .containsExactlyInAnyOrder("PersistentVolumeClaim " + bound, "Secret " + bound));
        assertThat(vendors.get(children.encryptionKey())).isPresent();
    }

    private void idleCostsNoWrite() {
        int runs = 10;
        atHome.reset();
        there.reset();
        for (int i = 0; i < runs; i++) {
            reconcile();
        }
        System.out.printf(
                "unchanged tenant of a customer's control plane, without caches: %d requests at home, %d there, %d writes%n",
                atHome.count(request -> true) / runs,
                there.count(request -> true) / runs,
                atHome.count(RequestCount.IS_WRITE) + there.count(RequestCount.IS_WRITE));
        assertThat(atHome.count(RequestCount.IS_WRITE)).isZero();
        assertThat(there.count(RequestCount.IS_WRITE)).isZero();
    }

    @Test
    void anotherCredentialInTheSecretExchangesTheClientAndAWithdrawnOneIsSaid() {
        create();
        reconcileUntil(TenantPhase.RUNNING);
        vendor.secrets().inNamespace(bound).withName("first").delete();

        Tenant refused = await().atMost(Duration.ofSeconds(30))
                .until(this::reconcile, tenant -> tenant.status().phase() == TenantPhase.ERROR);

        assertThat(refused.status().message()).contains("DEPENDENCY_NOT_CONFIGURED", "does not accept the credential");
        assertThat(made).hasSize(1);
        secret(kubeconfigOf("second"));
        reconcileUntil(TenantPhase.RUNNING);
        assertThat(made).hasSize(2);
        assertThat(made.get(0).getHttpClient().isClosed()).isTrue();
    }

    @Test
    void aSecretTurnedToGarbageChangesNothing() {
        create();
        reconcileUntil(TenantPhase.RUNNING);
        String good = new String(
                Base64.getDecoder()
                        .decode(home.secrets()
                                .inNamespace(namespace)
                                .withName("gold-kubeconfig")
                                .get()
                                .getData()
                                .get("kubeconfig")),
                StandardCharsets.UTF_8);
        String token = good.replaceAll("(?s).*token: (\\S+).*", "$1");
        String deployment = version(children.deployment());
        openCrane
                .tenants()
                .update(acme, TenantPatch.builder().openclawVersion("9.9").build());
        there.reset();

        secret("garbage " + token);
        Tenant tenant = reconcile();

        assertThat(tenant.status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(tenant.status().message())
                .contains("gold-kubeconfig", "is not a kubeconfig")
                .doesNotContain(token);
        assertThat(reconcile().metadata().resourceVersion())
                .isEqualTo(tenant.metadata().resourceVersion());
        assertThat(there.count(request -> true)).isZero();
        assertThat(version(children.deployment())).isEqualTo(deployment);

        secret(good.replaceFirst("server: \\S+", "server: https://127.0.0.1:1"));
        assertThatThrownBy(this::reconcile)
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        e -> assertThat(e.isRetryable()).isTrue());
        openCrane.tenants().delete(acme);
        Tenant waiting = reconcile();
        assertThat(waiting.status().message()).startsWith("Deletion waits for its customer's cluster: UPSTREAM_ERROR");
        assertThat(waiting.metadata().finalizers()).containsExactly("opencrane.io/cleanup");
        assertThat(version(children.deployment())).isEqualTo(deployment);

        secret(good);
        reconciler.reconcile(acme);
        assertThat(openCrane.tenants().find(acme)).isEmpty();
        assertThat(vendors.get(children.deployment())).isEmpty();
    }

    @Test
    void aTenantMovesFromHomeToTheCustomersControlPlaneWithItsEncryptionKey() {
        FakeKubelet atHomeToo = FakeKubelet.besideControllers(ApiServerObjects.over(home));
        TenantChildren before = new TenantChildren("acme", namespace);
        ObjectStore homes = ApiServerObjects.over(home);
        create(null);
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            atHomeToo.runOnce();
            return reconcile().status().phase() == TenantPhase.RUNNING;
        });
        String key = homes.get(before.encryptionKey()).orElseThrow().get("data", "key");

        openCrane
                .tenants()
                .update(acme, TenantPatch.builder().clusterTenantRef(customer).build());
        Tenant moved = await().atMost(Duration.ofSeconds(90))
                .until(
                        () -> {
                            atHomeToo.runOnce();
                            kubelet.runOnce();
                            return reconcile();
                        },
                        tenant -> new Placement(customer, bound)
                                        .equals(tenant.status().placement())
                                && tenant.status().phase() == TenantPhase.RUNNING);

        assertThat(moved.status().ingressHost()).isEqualTo("acme.example.com");
        assertThat(vendors.get(children.encryptionKey()).orElseThrow().<String>get("data", "key"))
                .isEqualTo(key);
        assertThat(homes.get(before.deployment())).isEmpty();
        assertThat(homes.get(before.state())).isPresent();
        assertThat(moves)
                .contains("PersistentVolumeClaim " + namespace + "/openclaw-acme-state -> PersistentVolumeClaim "
                        + bound + "/openclaw-acme-state in the cluster of ClusterTenant " + customer);
        assertThat(liteLlm.keys()).hasSize(1);
    }
}
