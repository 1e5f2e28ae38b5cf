package io.opencrane.it.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants of one name in two namespaces, and tenants of customers: who gets the host, the names, and what is found again on the way out. */
class TenantClaimsTest {
    private static final TenantId OLDER = new TenantId("team-b", "acme");
    private static final TenantId YOUNGER = new TenantId("team-a", "acme");

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final InstanceScope scope = InstanceScope.namespaces("team-a", "team-b");
    private final InMemoryCluster memory = InMemoryCluster.create(scope, clock);
    private final ObjectStore objects = memory.objects();
    private final FakeKubelet kubelet = FakeKubelet.withControllers(objects);
    private final Faults faults = new Faults();
    private final KubernetesCluster cluster = KubernetesCluster.over(faults.wrap(ObjectStore.class, objects), scope);
    private final Settings settings = Settings.builder()
            .namespace("team-a")
            .watchNamespaces("team-a", "team-b")
            .ingressDomain("example.com")
            .build();
    private final OpenCrane openCrane =
            OpenCrane.builder().cluster(cluster).settings(settings).clock(clock).build();
    private final TenantReconciler reconciler =
            TenantReconciler.builder(cluster, settings).clock(clock).build();

    @BeforeEach
    void namespaces() {
        memory.createNamespace("opencrane-gold");
        memory.createNamespace("opencrane-silver");
    }

    private void create(TenantId id, String customer) {
        openCrane.tenants().create(newTenant(id, customer));
        clock.advance(Duration.ofSeconds(1));
    }

    private static NewTenant newTenant(TenantId id, String customer) {
        NewTenant.Builder tenant =
                NewTenant.builder(id.name(), "ACME Corp", "owner@acme.com").namespace(id.namespace());
        return (customer == null ? tenant : tenant.clusterTenantRef(customer)).build();
    }

    private ClusterTenant customer(String name, IsolationTier tier) {
        ClusterTenant made = cluster.resources()
                .create(new ClusterTenant(
                        ResourceMetadata.of("", name),
                        ClusterTenantSpec.builder(name).isolationTier(tier).build(),
                        ClusterTenantStatus.empty()));
        return cluster.resources()
                .patchStatus(
                        made,
                        made.withStatus(ClusterTenantStatus.empty().toBuilder()
                                .boundNamespace("opencrane-" + name)
                                .build()));
    }

    private Tenant reconcile(TenantId id) {
        kubelet.runOnce();
        return reconciler.reconcile(id).orElseThrow().tenant();
    }

    /** It comes as far as the encryption key: the fence before it is not the tenant's. */
    private void failFirstApplyOf(TenantId id) {
        faults.restart()
                .failWhile(
                        call -> call.is(ObjectStore.class, "apply")
                                && call.argument(GenericKubernetesResource.class)
                                        .filter(object -> object.getKind().equals("ServiceAccount"))
                                        .isPresent(),
                        Failure.UPSTREAM_ERROR);
        assertThatThrownBy(() -> reconcile(id))
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        e -> assertThat(e.isRetryable()).isTrue());
        faults.restart();
    }

    private static ObjectRef deployment(String namespace) {
        return new TenantChildren("acme", namespace).deployment();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoNewTenantsOfOneNameTheOlderGetsTheHostInWhateverOrder(boolean youngerFirst) {
        create(OLDER, null);
        create(YOUNGER, null);
        if (youngerFirst) {
            reconcile(YOUNGER);
        }

        assertThat(reconcile(OLDER).status().ingressHost()).isEqualTo("acme.example.com");
        Tenant loser = reconcile(YOUNGER);

        assertThat(loser.status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(loser.status().message()).contains("acme.example.com", "team-b/acme", "team-a/acme");
        assertThat(loser.status().conditions()).anySatisfy(condition -> {
            assertThat(condition.type()).isEqualTo("HostAssigned");
            assertThat(condition.reason()).isEqualTo("HOST_TAKEN");
        });
        assertThat(objects.get(deployment("team-a"))).isEmpty();
        assertThat(objects.get(new TenantChildren("acme", "team-a").encryptionKey()))
                .isEmpty();
    }

    @Test
    void whoHasTheHostKeepsItAgainstAnOlderTenant() {
        create(YOUNGER, null);
        reconcile(YOUNGER);
        clock.set(Instant.parse("2025-01-01T00:00:00Z"));
        create(OLDER, null);

        Tenant loser = reconcile(OLDER);

        assertThat(loser.status().message()).contains("acme.example.com", "team-a/acme");
        assertThat(reconcile(YOUNGER).status().phase()).isNotEqualTo(TenantPhase.ERROR);
    }

    @Test
    void whoHasTheHostKeepsItAlsoWhenItsCustomerIsGone() {
        ClusterTenant gold = customer("gold", IsolationTier.SHARED);
        create(OLDER, "gold");
        reconcile(OLDER);
        reconcile(OLDER);
        cluster.resources().delete(gold);
        create(YOUNGER, null);

        Tenant loser = reconcile(YOUNGER);

        assertThat(loser.status().message()).contains("acme.example.com", "team-b/acme");
        assertThat(objects.get(deployment("team-a"))).isEmpty();
    }

    @Test
    void theLoserGetsTheHostWhenItIsFreed() {
        create(OLDER, null);
        create(YOUNGER, null);
        reconcile(OLDER);
        assertThat(reconciler.reconcile(YOUNGER).orElseThrow().requeueAfter()).isPresent();

        openCrane.tenants().delete(OLDER);
        assertThat(reconcile(YOUNGER).status().phase())
                .as("the host is still in use")
                .isEqualTo(TenantPhase.ERROR);
        reconciler.reconcile(OLDER);

        assertThat(reconcile(YOUNGER).status().ingressHost()).isEqualTo("acme.example.com");
    }

    @Test
    void ofTwoTenantsOfOneNameInOneCustomerOnlyTheOlderGetsTheNamesAndTheLoserCanGo() {
        customer("gold", IsolationTier.SHARED);
        create(OLDER, "gold");
        create(YOUNGER, "gold");
        reconcile(OLDER);

        Tenant loser = reconcile(YOUNGER);
        assertThat(loser.status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(loser.status().message()).contains("team-b/acme", "opencrane-gold");
        String uid = objects.get(deployment("opencrane-gold"))
                .orElseThrow()
                .getMetadata()
                .getUid();

        openCrane.tenants().delete(YOUNGER);
        reconciler.reconcile(YOUNGER);

        assertThat(openCrane.tenants().find(YOUNGER)).isEmpty();
        assertThat(objects.get(deployment("opencrane-gold"))
                        .orElseThrow()
                        .getMetadata()
                        .getUid())
                .as("the winner's workload is untouched")
                .isEqualTo(uid);
    }

    @Test
    void aTenantThatStaysWhereItsStateIsKeepsRunningThereWhenItsCustomerIsExchanged() {
        customer("gold", IsolationTier.SHARED);
        customer("silver", IsolationTier.SHARED);
        create(OLDER, "gold");
        failFirstApplyOf(OLDER);

        openCrane
                .tenants()
                .update(OLDER, TenantPatch.builder().clusterTenantRef("silver").build());
        Tenant refused = reconcile(OLDER);

        assertThat(refused.status().message()).contains("opencrane-gold", "clusterTenantRef back");
        assertThat(objects.get(new TenantChildren("acme", "opencrane-silver").encryptionKey()))
                .isEmpty();
    }

    @Test
    void aTenantThatGotItsCustomerInTheMiddleOfItsFirstReconcileStaysWhereItBegan() {
        create(OLDER, null);
        failFirstApplyOf(OLDER);
        customer("gold", IsolationTier.SHARED);

        openCrane
                .tenants()
                .update(OLDER, TenantPatch.builder().clusterTenantRef("gold").build());

        assertThat(reconcile(OLDER).status().message()).contains("Its state is in namespace team-b");
    }

    @Test
    void childrenAreFoundAfterTheCustomerIsGone() {
        ClusterTenant gold = customer("gold", IsolationTier.SHARED);
        create(OLDER, "gold");
        reconcile(OLDER);
        cluster.resources().delete(gold);

        openCrane.tenants().delete(OLDER);
        reconciler.reconcile(OLDER);

        assertThat(openCrane.tenants().find(OLDER)).isEmpty();
        assertThat(objects.get(deployment("opencrane-gold"))).isEmpty();
        assertThat(objects.get(new TenantChildren("acme", "opencrane-gold").encryptionKey()))
                .isPresent();
    }

    @Test
    void aCustomerThatIsToHaveAClusterOfItsOwnIsWaitedForInsteadOfServedFromThisOne() {
        customer("gold", IsolationTier.DEDICATED_CLUSTER);
        create(OLDER, "gold");

        Tenant waiting = reconcile(OLDER);

        assertThat(waiting.status().phase()).isEqualTo(TenantPhase.PENDING);
        assertThat(waiting.status().message()).contains("no cluster");
        assertThat(waiting.status().conditions())
                .anySatisfy(condition -> assertThat(condition.reason()).isEqualTo("NotBound"));
        assertThat(objects.get(deployment("opencrane-gold"))).isEmpty();
    }

    @Test
    void aMoveIsPlannedAndDoneWhenTheOwnerAcceptsAnEmptyState() {
        customer("gold", IsolationTier.SHARED);
        customer("silver", IsolationTier.SHARED);
        create(OLDER, "gold");
        reconcile(OLDER);
        reconcile(OLDER);
        TenantChildren old = new TenantChildren("acme", "opencrane-gold");
        TenantChildren moved = new TenantChildren("acme", "opencrane-silver");
        String key = objects.get(old.encryptionKey()).orElseThrow().get("data", "key");
        openCrane
                .tenants()
                .update(OLDER, TenantPatch.builder().clusterTenantRef("silver").build());
        objects.patch(
                ObjectType.of(ResourceKind.TENANT).named("team-b", "acme"),
                Target.OBJECT,
                PatchType.MERGE,
                "{\"metadata\":{\"annotations\":{\"opencrane.io/accept-empty-state\":\"opencrane-silver\"}}}");

        assertThat(reconciler.plan(OLDER).orElseThrow().children())
                .extracting(child -> child.action() + " " + child.ref())
                .containsExactly(
                        "PRUNE Ingress opencrane-gold/openclaw-acme",
                        "PRUNE Service opencrane-gold/openclaw-acme",
                        "PRUNE Deployment opencrane-gold/openclaw-acme",
                        "CREATE Secret opencrane-silver/openclaw-acme-encryption-key",
                        "CREATE PersistentVolumeClaim opencrane-silver/openclaw-acme-state",
                        "PRUNE ConfigMap opencrane-gold/openclaw-acme-config",
                        "PRUNE ServiceAccount opencrane-gold/openclaw-acme",
                        "CREATE NetworkPolicy opencrane-silver/opencrane-tenant-baseline",
                        "CREATE ServiceAccount opencrane-silver/openclaw-acme",
                        "CREATE ConfigMap opencrane-silver/openclaw-acme-config",
                        "CREATE Deployment opencrane-silver/openclaw-acme",
                        "CREATE Service opencrane-silver/openclaw-acme",
                        "CREATE Ingress opencrane-silver/openclaw-acme");
        GenericKubernetesResource slow = objects.create(podThatOutlivesItsDeployment(old));
        Tenant stopping = reconciler.reconcile(OLDER).orElseThrow().tenant();
        assertThat(stopping.status().message()).contains("is stopping");
        assertThat(stopping.status().placement().namespace()).isEqualTo("opencrane-gold");
        objects.delete(
                ObjectType.POD.named("opencrane-gold", "slow"),
                slow.getMetadata().getUid());
        Tenant there = reconcile(OLDER);

        assertThat(there.status().placement().namespace()).isEqualTo("opencrane-silver");
        assertThat(objects.get(moved.encryptionKey()).orElseThrow().<String>get("data", "key"))
                .isEqualTo(key);
        assertThat(objects.get(old.deployment())).isEmpty();
        assertThat(objects.get(old.encryptionKey())).isPresent();
        assertThat(objects.get(old.state())).isPresent();
        assertThat(objects.get(moved.deployment())).isPresent();
    }

    private GenericKubernetesResource podThatOutlivesItsDeployment(TenantChildren old) {
        Map<String, Object> podTemplate =
                objects.get(old.deployment()).orElseThrow().get("spec", "template");
        GenericKubernetesResource template =
                new ObjectMapper().convertValue(podTemplate, GenericKubernetesResource.class);
        template.setApiVersion("v1");
        template.setKind("Pod");
        template.getMetadata().setNamespace(old.namespace());
        template.getMetadata().setName("slow");
        return template;
    }
}
