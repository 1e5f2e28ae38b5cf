package io.opencrane.it.informer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.crd.CrdBundle;
import io.opencrane.k8s.informer.InformerCache;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.controlplane.ControlPlane;
import io.opencrane.testkit.controlplane.ControlPlaneTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ControlPlaneTest
class InformerCacheTest {
    private final String one = "inf-" + UUID.randomUUID().toString().substring(0, 8);
    private final String two = one + "-b";
    private final KubernetesClient client;
    private final KubernetesCluster cluster;
    private final ObjectStore objects;
    private final OpenCrane openCrane;
    private final Queue<TenantId> told = new ConcurrentLinkedQueue<>();
    private InformerCache cache;

    InformerCacheTest(ControlPlane controlPlane) {
        client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(controlPlane.kubeconfigYaml()))
                .build();
        cluster = KubernetesCluster.using(client, InstanceScope.namespaces(one, two));
        objects = cluster.objects();
        openCrane = OpenCrane.builder().cluster(cluster).build();
    }

    @BeforeEach
    void start() {
        CrdBundle.load().install(client, Duration.ofSeconds(30));
        for (String namespace : List.of(one, two)) {
            client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(namespace)
                            .endMetadata()
                            .build())
                    .create();
        }
        create(one, "acme");
        create(two, "acme");
        create(one, "other");
        cache = InformerCache.over(client, cluster).onChange(told::add).start(Duration.ofSeconds(30));
    }

    @AfterEach
    void stop() {
        cache.close();
        cluster.close();
        client.close();
    }

    private void create(String namespace, String name) {
        openCrane
                .tenants()
                .create(NewTenant.builder(name, "T", "t@example.com")
                        .namespace(namespace)
                        .build());
    }

    private ObjectRef tenant(String namespace, String name) {
        return ObjectType.of(ResourceKind.TENANT).named(namespace, name);
    }

    private void patch(ObjectRef ref, Target target, String body) {
        told.clear();
        objects.patch(ref, target, PatchType.MERGE, body);
    }

    private void tells(TenantId... tenants) {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(told).contains(tenants));
    }

    private static GenericKubernetesResource object(ObjectType type, String namespace, String name) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(type.apiVersion());
        object.setKind(type.kind());
        object.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
        return object;
    }

    @Test
    void everyTenantIsToldOnStart() {
        tells(new TenantId(one, "acme"), new TenantId(two, "acme"), new TenantId(one, "other"));
        assertThat(cache.isWatching()).isTrue();
        assertThat(cache.hasFailed()).isFalse();
    }

    @Test
    void aChangeIsToldAndAStatusIsNot() {
        tells(new TenantId(one, "other"));
        patch(tenant(one, "other"), Target.STATUS, "{\"status\":{\"message\":\"hello\"}}");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> "hello"
                        .equals(cache.get(tenant(one, "other")).orElseThrow().get("status", "message")));
        assertThat(told).isEmpty();

        patch(tenant(one, "other"), Target.OBJECT, "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}");
        tells(new TenantId(one, "other"));
    }

    @Test
    void aTenantConcernsItsNamesakes() {
        tells(new TenantId(one, "acme"));
        patch(tenant(one, "acme"), Target.OBJECT, "{\"spec\":{\"suspended\":true}}");
        tells(new TenantId(one, "acme"), new TenantId(two, "acme"));
    }

    @Test
    void aChildConcernsItsTenantEvenInAnotherNamespaceOfTheScope() {
        tells(new TenantId(one, "acme"));
        told.clear();
        GenericKubernetesResource child = object(ObjectType.CONFIG_MAP, two, "openclaw-acme-config");
        child.getMetadata().setLabels(Map.of("opencrane.io/tenant", "acme"));
        child.getMetadata().setAnnotations(Map.of("opencrane.io/tenant-namespace", one));
        objects.create(child);
        tells(new TenantId(one, "acme"));
        assertThat(told).doesNotContain(new TenantId(two, "acme"));
    }

    @Test
    void aPolicyConcernsTheTenantsThatItSelectsInItsNamespaceAndNoOthers() {
        tells(new TenantId(two, "acme"));
        told.clear();
        GenericKubernetesResource policy = object(ObjectType.of(ResourceKind.ACCESS_POLICY), one, "strict");
        policy.setAdditionalProperty(
                "spec", Map.of("tenantSelector", Map.of("matchLabels", Map.of("opencrane.io/tenant", "acme"))));
        objects.create(policy);
        tells(new TenantId(one, "acme"));
        assertThat(told).containsOnly(new TenantId(one, "acme"));
    }

    @Test
    void whatTheReconcilerWroteIsSeenAtOnce() {
        GenericKubernetesResource written = objects.patch(
                tenant(one, "acme"), Target.STATUS, PatchType.MERGE, "{\"status\":{\"message\":\"mine\"}}");
        cache.wrote(written);
        assertThat(cache.get(tenant(one, "acme"))).contains(written);
        assertThat(cache.list(ObjectType.of(ResourceKind.TENANT), one, Filter.named("acme")))
                .containsExactly(written);
    }

    @Test
    void aSecretThatTheCacheDoesNotWatchIsNoAbsence() {
        GenericKubernetesResource unlabelled =
                objects.create(object(ObjectType.SECRET, one, "openclaw-acme-litellm-key"));
        assertThat(cache.get(ObjectType.SECRET.named(one, "openclaw-acme-litellm-key")))
                .contains(unlabelled);
    }

    @Test
    void aClosedCacheReadsByRequest() {
        cache.close();
        create(one, "late");
        assertThat(cache.get(tenant(one, "late"))).isPresent();
        assertThat(cache.isWatching()).isFalse();
    }

    @Test
    void aServerThatIsNotThereIsAnErrorInTime() {
        Config nobody = new ConfigBuilder(client.getConfiguration())
                .withMasterUrl("https://127.0.0.1:1")
                .build();
        try (KubernetesClient lost =
                        new KubernetesClientBuilder().withConfig(nobody).build();
                InformerCache never = InformerCache.over(lost, cluster)) {
            assertThatThrownBy(() -> never.start(Duration.ofSeconds(2))).isInstanceOf(OpenCraneException.class);
            assertThat(never.get(tenant(one, "acme")))
                    .as("it falls back to the cluster it was given")
                    .isPresent();
        }
    }
}
