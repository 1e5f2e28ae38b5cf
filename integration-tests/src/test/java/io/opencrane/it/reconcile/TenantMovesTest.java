package io.opencrane.it.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.ModelGateway.NewKey;
import io.opencrane.core.port.ModelGateway.Team;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tenants that move from one customer to another, with a host that moves state, and what they must leave to others. */
class TenantMovesTest {
    private static final SecretText MASTER_KEY = SecretText.of("sk-master");
    private static final TenantId ACME = new TenantId("opencrane", "acme");
    private static final Map<String, String> PLATFORMS =
            Map.of("opencrane.io/tenant", "acme", "app.kubernetes.io/managed-by", "opencrane-operator");

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final InstanceScope scope = InstanceScope.namespaces("opencrane", "team-b");
    private final InMemoryCluster memory = InMemoryCluster.create(scope, clock);
    private final ObjectStore objects = memory.objects();
    private final FakeKubelet kubelet = FakeKubelet.withControllers(objects);
    private final FakeLiteLlm liteLlm = FakeLiteLlm.start(MASTER_KEY);
    private final KubernetesCluster cluster = KubernetesCluster.over(objects, scope);
    private final Settings settings = Settings.builder()
            .namespace("opencrane")
            .watchNamespaces("opencrane", "team-b")
            .instanceId("moves")
            .liteLlmEnabled(true)
            .liteLlmEndpoint(liteLlm.endpoint())
            .liteLlmMasterKey(MASTER_KEY)
            .build();
    private final OpenCrane openCrane =
            OpenCrane.builder().cluster(cluster).settings(settings).clock(clock).build();
    private final LiteLlmGateway gateway = LiteLlmGateway.builder(liteLlm.endpoint(), MASTER_KEY)
            .attempts(1, Duration.ofMillis(1))
            .circuit(1000, Duration.ofSeconds(30))
            .build();
    private final List<ObjectRef> moved = new ArrayList<>();
    private final TenantReconciler reconciler = TenantReconciler.builder(cluster, settings)
            .modelGateway(gateway)
            .stateMover((tenant, from, to) -> moved.add(from.claim()))
            .clock(clock)
            .build();
    private final TenantChildren gold = new TenantChildren("acme", "opencrane-gold");
    private final TenantChildren silver = new TenantChildren("acme", "opencrane-silver");

    @BeforeEach
    void customers() {
        for (String name : List.of("gold", "silver")) {
            memory.createNamespace("opencrane-" + name);
            ClusterTenant made = cluster.resources()
                    .create(new ClusterTenant(
                            ResourceMetadata.of("", name),
                            ClusterTenantSpec.builder(name).build(),
                            ClusterTenantStatus.empty()));
            cluster.resources()
                    .patchStatus(
                            made,
                            made.withStatus(ClusterTenantStatus.empty().toBuilder()
                                    .boundNamespace("opencrane-" + name)
                                    .build()));
        }
    }

    @AfterEach
    void stop() {
        liteLlm.close();
    }

    private void create() {
        create(ACME);
    }

    private void create(TenantId id) {
        openCrane
                .tenants()
                .create(NewTenant.builder(id.name(), "ACME Corp", "owner@acme.com")
                        .namespace(id.namespace())
                        .clusterTenantRef("gold")
                        .build());
    }

    private Tenant reconcile() {
        kubelet.runOnce();
        return reconciler.reconcile(ACME).orElseThrow().tenant();
    }

    private void running() {
        for (int i = 0; reconcile().status().phase() != TenantPhase.RUNNING; i++) {
            assertThat(i).isLessThan(10);
        }
    }

    private void moveToSilver() {
        openCrane
                .tenants()
                .update(ACME, TenantPatch.builder().clusterTenantRef("silver").build());
    }

    private GenericKubernetesResource object(
            ObjectRef ref, Map<String, String> annotations, String content, Object value) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(ref.type().apiVersion());
        object.setKind(ref.type().kind());
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(ref.namespace())
                .withName(ref.name())
                .withLabels(PLATFORMS)
                .withAnnotations(annotations)
                .build());
        object.setAdditionalProperty(content, value);
        return objects.create(object);
    }

    @Test
    void theKeyAndTheStateOfAnotherTenantThatHasTheNamesStayItsOwn() {
        Map<String, String> theirs = Map.of("opencrane.io/tenant-namespace", "elsewhere");
        object(gold.encryptionKey(), theirs, "data", Map.of("key", "dGhlaXJz"));
        create();
        assertThat(reconcile().status().message()).contains("NAME_TAKEN");
        object(
                gold.state(),
                theirs,
                "spec",
                Map.of(
                        "accessModes",
                        List.of("ReadWriteOnce"),
                        "resources",
                        Map.of("requests", Map.of("storage", "1Gi"))));

        moveToSilver();
        running();

        assertThat(moved).isEmpty();
        assertThat(objects.get(silver.encryptionKey()).orElseThrow().<String>get("data", "key"))
                .isNotEqualTo("dGhlaXJz");
    }

    @Test
    void aVolumeThatIsGoneIsNotMovedAndTheWorkloadStaysUntouched() {
        create();
        running();
        objects.delete(
                gold.state(),
                objects.get(gold.state()).orElseThrow().getMetadata().getUid());

        moveToSilver();

        assertThat(reconcile().status().message()).contains("opencrane-gold/openclaw-acme-state", "not begun");
        assertThat(moved).isEmpty();
        assertThat(objects.get(gold.deployment())).isPresent();
    }

    @Test
    void aPodOfThePlatformThatIsStillStoppingKeepsItsState() {
        create();
        running();
        ObjectRef pod = ObjectType.POD.named("opencrane-gold", "theirs");
        object(pod, Map.of(), "spec", Map.of("containers", List.of(Map.of("name", "openclaw", "image", "i"))));
        moveToSilver();

        assertThat(reconcile().status().message()).contains("is stopping");
        assertThat(moved).isEmpty();

        objects.delete(pod, objects.get(pod).orElseThrow().getMetadata().getUid());
        running();
        assertThat(moved).containsExactly(gold.state());
    }

    private static Map<String, Object> pod() {
        return Map.of("containers", List.of(Map.of("name", "openclaw", "image", "i")));
    }

    private static Map<String, Object> volume() {
        return Map.of(
                "accessModes", List.of("ReadWriteOnce"), "resources", Map.of("requests", Map.of("storage", "1Gi")));
    }

    @Test
    void aPodThatWasEvictedLongAgoDoesNotHoldTheMoveUp() {
        create();
        running();
        ObjectRef pod = ObjectType.POD.named("opencrane-gold", "evicted");
        object(pod, Map.of("opencrane.io/tenant-namespace", "opencrane"), "spec", pod());
        kubelet.runOnce();
        objects.patch(pod, Target.STATUS, PatchType.MERGE, "{\"status\":{\"phase\":\"Failed\"}}");
        moveToSilver();

        running();

        assertThat(moved).containsExactly(gold.state());
    }

    @Test
    void aPodThatIsStillStoppingIsFoundAmongManyOfANamesake() {
        create();
        running();
        for (int i = 0; i < 12; i++) {
            ObjectRef pod = ObjectType.POD.named("opencrane-gold", "a-namesakes-" + i);
            object(pod, Map.of("opencrane.io/tenant-namespace", "team-b"), "spec", pod());
        }
        ObjectRef ours = ObjectType.POD.named("opencrane-gold", "stopping");
        object(ours, Map.of("opencrane.io/tenant-namespace", "opencrane"), "spec", pod());
        moveToSilver();

        for (int i = 0; i < 4; i++) {
            assertThat(reconcile().status().message()).contains("is stopping");
        }
        assertThat(moved).isEmpty();
    }

    @Test
    void anotherKeyThatIsThereAlreadyStopsTheMoveBeforeTheWorkload() {
        create();
        running();
        object(
                silver.encryptionKey(),
                Map.of("opencrane.io/tenant-namespace", "opencrane"),
                "data",
                Map.of("key", "YW5vdGhlcg=="));
        moveToSilver();

        assertThat(reconcile().status().message()).contains("is another key");
        assertThat(objects.get(gold.ingress())).isPresent();
        assertThat(objects.get(gold.deployment()).orElseThrow().<Integer>get("spec", "replicas"))
                .isEqualTo(1);
    }

    @Test
    void aVolumeThatIsThereAlreadyGetsNoNewKey() {
        Map<String, String> theirs = Map.of("opencrane.io/tenant-namespace", "elsewhere");
        object(gold.encryptionKey(), theirs, "data", Map.of("key", "dGhlaXJz"));
        create();
        assertThat(reconcile().status().message()).contains("NAME_TAKEN");
        object(silver.state(), Map.of("opencrane.io/tenant-namespace", "opencrane"), "spec", volume());
        moveToSilver();

        for (int i = 0; i < 4; i++) {
            assertThat(reconcile().status().message()).contains("is there already", "is gone");
        }
        assertThat(objects.get(silver.encryptionKey())).isEmpty();
    }

    @Test
    void theWorkloadIsToldToStopAndGoesOnlyWhenItsControllerSaysThatItHasNoPod() {
        create();
        running();
        moveToSilver();

        Tenant stopping = reconciler.reconcile(ACME).orElseThrow().tenant();
        Tenant again = reconciler.reconcile(ACME).orElseThrow().tenant();

        assertThat(stopping.status().message()).contains("Its pod in namespace opencrane-gold is stopping");
        assertThat(objects.get(gold.deployment()).orElseThrow().<Integer>get("spec", "replicas"))
                .isZero();
        assertThat(moved).isEmpty();
        assertThat(again.metadata().resourceVersion())
                .as("waiting costs no write")
                .isEqualTo(stopping.metadata().resourceVersion());

        running();
        assertThat(moved).containsExactly(gold.state());
        assertThat(objects.get(gold.deployment())).isEmpty();
    }

    @Test
    void aMoveThatIsTakenBackWhileItStopsStartsTheWorkloadAgainWhereItIs() {
        create();
        running();
        moveToSilver();
        reconciler.reconcile(ACME);

        openCrane
                .tenants()
                .update(ACME, TenantPatch.builder().clusterTenantRef("gold").build());
        running();

        assertThat(moved).isEmpty();
        assertThat(objects.get(gold.deployment()).orElseThrow().<Integer>get("spec", "replicas"))
                .isEqualTo(1);
        assertThat(objects.get(silver.state())).isEmpty();
    }

    @Test
    void aKeyOfThePlatformThatMayBeANamesakesOutlivesAMove() {
        create();
        running();
        GenericKubernetesResource ours = objects.get(gold.modelKey()).orElseThrow();
        objects.delete(gold.modelKey(), ours.getMetadata().getUid());
        SecretText theirs = platformsKey();
        create(new TenantId("team-b", "acme"));
        moveToSilver();

        running();

        assertThat(liteLlm.isLive(theirs)).isTrue();
        assertThat(objects.get(gold.modelKey())).isPresent();
    }

    @Test
    void aKeyOfThePlatformIsRevokedBeforeItsSecretGoes() {
        SecretText theirs = platformsKey();
        create();
        running();
        assertThat(liteLlm.isLive(theirs)).isTrue();
        moveToSilver();

        assertThat(reconcile().status().message()).contains("is stopping");
        liteLlm.stop();
        assertThat(reconcile().status().message()).contains("model key");
        assertThat(objects.get(gold.modelKey())).isPresent();
        liteLlm.start();
        running();

        assertThat(liteLlm.isLive(theirs)).isFalse();
        assertThat(objects.get(gold.modelKey())).isEmpty();
        assertThat(liteLlm.keys()).as("the one made in its place").hasSize(1);
    }

    @Test
    void aKeyOfThePlatformThatMayBeANamesakesOutlivesADeletion() {
        SecretText theirs = platformsKey();
        create(new TenantId("team-b", "acme"));
        create();
        cluster.resources().addFinalizer(openCrane.tenants().get(ACME));
        openCrane.tenants().delete(ACME);

        reconciler.reconcile(ACME);

        assertThat(openCrane.tenants().find(ACME)).isEmpty();
        assertThat(liteLlm.isLive(theirs)).isTrue();
        assertThat(objects.get(gold.modelKey())).isPresent();
    }

    private SecretText platformsKey() {
        SecretText key = SecretText.of("sk-platform-0123456789abcdef");
        gateway.ensureTeam(new Team("theirs", "theirs", null, Map.of()));
        gateway.registerKey(new NewKey(key, "acme", "theirs", Map.of()));
        String encoded =
                Base64.getEncoder().encodeToString("sk-platform-0123456789abcdef".getBytes(StandardCharsets.UTF_8));
        object(gold.modelKey(), Map.of(), "data", Map.of("apiKey", encoded));
        return key;
    }
}
