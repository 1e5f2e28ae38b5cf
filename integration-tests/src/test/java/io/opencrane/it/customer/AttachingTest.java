package io.opencrane.it.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.clustertenant.NewClusterTenant;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.ClusterTenantReconciler;
import io.opencrane.k8s.reconcile.NetworkBaseline;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.Call;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How tenants come to a customer: with and without a ClusterRole, and not any more when it leaves. */
class AttachingTest {
    private static final TenantId ADA = new TenantId("opencrane", "ada");
    private static final CustomerChildren GOLD = new CustomerChildren("gold", "opencrane-gold");
    private static final TenantChildren ADAS = new TenantChildren("ada", "opencrane-gold");

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final ObjectStore objects = InMemoryCluster.create(InstanceScope.wholeCluster("opencrane"), clock)
            .objects();
    private final KubernetesCluster platform = KubernetesCluster.over(objects, InstanceScope.wholeCluster("opencrane"));
    private final OpenCrane openCrane =
            OpenCrane.builder().cluster(platform).clock(clock).build();
    private final ClusterTenantReconciler customers = ClusterTenantReconciler.builder(platform, NetworkBaseline.NONE)
            .clock(clock)
            .build();
    private final Faults faults = new Faults();
    private final TenantReconciler tenants = TenantReconciler.builder(
                    KubernetesCluster.over(
                            faults.wrap(ObjectStore.class, objects), InstanceScope.namespace("opencrane")),
                    Settings.builder()
                            .namespace("opencrane")
                            .instanceId("test")
                            .ingressDomain("example.com")
                            .build())
            .clock(clock)
            .build();

    @BeforeEach
    void createGold() {
        openCrane
                .clusterTenants()
                .create(NewClusterTenant.builder(
                                "gold", "Gold Corp", Quota.builder().pods(5L).build())
                        .baseDomain("gold.example.org")
                        .dedicatedNodes("gold-pool")
                        .build());
        customers.reconcile("gold");
    }

    private void createAda() {
        openCrane
                .tenants()
                .create(NewTenant.builder("ada", "Ada", "ada@example.org")
                        .clusterTenantRef("gold")
                        .build());
    }

    @Test
    void anInstanceWithoutAClusterRoleFindsItsCustomerInTheNamespace() {
        forbidClusterTenants();
        createAda();

        Tenant running = reconcile();

        assertThat(running.status().phase()).isEqualTo(TenantPhase.RUNNING);
        assertThat(running.status().placement().namespace()).isEqualTo("opencrane-gold");
        assertThat(running.status().ingressHost()).isEqualTo("ada.gold.example.org");
        Map<String, Object> selector =
                objects.get(ADAS.deployment()).orElseThrow().get("spec", "template", "spec", "nodeSelector");
        assertThat(selector).isEqualTo(Map.of("opencrane.io/node-pool", "gold-pool"));
    }

    @Test
    void withoutAClusterRoleACustomerThatHasNoNamespaceYetIsWaitedFor() {
        forbidClusterTenants();
        objects.delete(
                GOLD.parent(),
                objects.get(GOLD.parent()).orElseThrow().getMetadata().getUid());
        createAda();

        assertThat(reconcile().status().message()).contains("does not exist yet");
    }

    @Test
    void aConfigMapThatSomebodyElseLaidThereIsNotBelieved() {
        forbidClusterTenants();
        GenericKubernetesResource theirs = objects.get(GOLD.parent()).orElseThrow();
        objects.delete(GOLD.parent(), theirs.getMetadata().getUid());
        theirs.setMetadata(new ObjectMetaBuilder()
                .withNamespace(GOLD.namespace())
                .withName(GOLD.parent().name())
                .build());
        objects.create(theirs);
        createAda();

        assertThat(reconcile().status().phase()).isEqualTo(TenantPhase.PENDING);
        assertThat(objects.get(ADAS.serviceAccount())).isEmpty();
    }

    @Test
    void aConfigMapLeadsToNoOtherNamespaceAndNoOtherCluster() {
        forbidClusterTenants();
        objects.patch(
                GOLD.parent(),
                Target.OBJECT,
                PatchType.MERGE,
                "{\"data\":{\"cluster-tenant.json\":\"{\\\"metadata\\\":{\\\"name\\\":\\\"other\\\"},\\\"spec\\\":{\\\"displayName\\\":\\\"x\\\"},"
                        + "\\\"status\\\":{\\\"boundNamespace\\\":\\\"kube-system\\\"}}\"}}");
        createAda();

        assertThat(reconcile().status().placement().namespace()).isEqualTo("opencrane-gold");
    }

    @Test
    void anOutageOfClusterTenantsIsNotTakenForAMissingRole() {
        faults.failWhile(AttachingTest::readsClusterTenants, Failure.UPSTREAM_ERROR);
        createAda();

        assertThatThrownBy(() -> tenants.reconcile(ADA)).hasMessageContaining("simulated");
    }

    @Test
    void aCustomerThatLeavesTakesNobodyIn() {
        objects.create(keeper());
        openCrane.clusterTenants().delete("gold");
        createAda();

        Tenant waiting = reconcile();

        assertThat(waiting.status().phase()).isEqualTo(TenantPhase.PENDING);
        assertThat(waiting.status().message()).contains("is being deleted");
        assertThat(objects.get(ADAS.serviceAccount())).isEmpty();
    }

    @Test
    void whoIsThereAlreadyGoesOnUntilItIsDeletedItself() {
        createAda();
        reconcile();
        customerIsDeletedBehindTheService();

        assertThat(reconcile().status().phase()).isEqualTo(TenantPhase.RUNNING);
        customers.reconcile("gold");
        assertThat(objects.get(GOLD.quota())).isPresent();

        openCrane.tenants().delete(ADA);
        tenants.reconcile(ADA);
        customers.reconcile("gold");
        assertThat(openCrane.clusterTenants().find("gold")).isEmpty();
        assertThat(objects.get(ADAS.encryptionKey())).isPresent();
    }

    private void customerIsDeletedBehindTheService() {
        platform.resources().delete(openCrane.clusterTenants().get("gold"));
    }

    private void forbidClusterTenants() {
        faults.failWhile(AttachingTest::readsClusterTenants, Failure.FORBIDDEN);
    }

    private static boolean readsClusterTenants(Call call) {
        return call.is(ObjectStore.class, "get")
                && call.argument(ObjectRef.class)
                        .filter(ref -> ref.type().kind().equals("ClusterTenant"))
                        .isPresent();
    }

    private static GenericKubernetesResource keeper() {
        GenericKubernetesResource secret = new GenericKubernetesResource();
        secret.setApiVersion(ObjectType.SECRET.apiVersion());
        secret.setKind(ObjectType.SECRET.kind());
        secret.setMetadata(new ObjectMetaBuilder()
                .withNamespace("opencrane-gold")
                .withName("openclaw-bob-encryption-key")
                .build());
        return secret;
    }

    private Tenant reconcile() {
        tenants.reconcile(ADA);
        FakeKubelet.withControllers(objects).runOnce();
        return tenants.reconcile(ADA).orElseThrow().tenant();
    }
}
