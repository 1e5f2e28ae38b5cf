package io.opencrane.it.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tenants that move between the home cluster and customers' own. */
class DedicatedClusterMovesTest {
    private final FakeLiteLlm liteLlm = FakeLiteLlm.start(CustomersWithClusters.MASTER_KEY);
    private final CustomersWithClusters world = new CustomersWithClusters(
            new Faults(),
            liteLlm,
            LiteLlmGateway.builder(liteLlm.endpoint(), CustomersWithClusters.MASTER_KEY)
                    .build());
    private final TenantChildren away = new TenantChildren("acme", CustomersWithClusters.BOUND);
    private final TenantChildren bronze = new TenantChildren("acme", "opencrane-bronze");

    @AfterEach
    void stop() {
        liteLlm.close();
    }

    private String runningIn(String customer, ObjectStore store, TenantChildren children) {
        world.create(CustomersWithClusters.ACME, customer);
        world.reconcileUntil(TenantPhase.RUNNING);
        return key(store, children);
    }

    private static String key(ObjectStore store, TenantChildren children) {
        return store.get(children.encryptionKey()).orElseThrow().get("data", "key");
    }

    private void assertOnlyStateIn(ObjectStore store, TenantChildren children) {
        for (ObjectRef ref : CustomersWithClusters.objectsOf(children)) {
            boolean stays = ref.equals(children.state()) || ref.equals(children.encryptionKey());
            assertThat(store.get(ref).isPresent()).as("%s", ref).isEqualTo(stays);
        }
    }

    private void assertRunsIn(String cluster, TenantChildren children, String key) {
        assertThat(CustomersWithClusters.objectsOf(children))
                .allSatisfy(ref ->
                        assertThat(world.in(cluster).get(ref)).as("%s", ref).isPresent());
        assertThat(key(world.in(cluster), children)).isEqualTo(key);
        assertThat(world.tenant().status().placement()).isEqualTo(new Placement(cluster, children.namespace()));
        assertThat(liteLlm.keys()).hasSize(1);
    }

    private void annotate(String value) {
        ObjectRef tenant = ObjectType.of(ResourceKind.TENANT).named("opencrane", "acme");
        world.home.patch(
                tenant,
                Target.OBJECT,
                PatchType.MERGE,
                "{\"metadata\":{\"annotations\":{\"opencrane.io/accept-empty-state\":\"" + value + "\"}}}");
    }

    @Test
    void fromHomeToACustomersClusterAndBack() {
        String key = runningIn("bronze", world.home, bronze);

        world.moveTo("gold");
        world.reconcileUntil(TenantPhase.RUNNING);

        assertRunsIn("gold", away, key);
        assertOnlyStateIn(world.home, bronze);
        assertThat(world.moves)
                .containsExactly("PersistentVolumeClaim opencrane-bronze/openclaw-acme-state -> PersistentVolumeClaim"
                        + " tenants/openclaw-acme-state in the cluster of ClusterTenant gold");

        world.moveTo("bronze");
        world.reconcileUntil(TenantPhase.RUNNING);

        assertRunsIn("", bronze, key);
        assertOnlyStateIn(world.in("gold"), away);
        assertThat(world.moves).hasSize(2);
    }

    @Test
    void fromOneCustomersClusterToAnothersUnderTheSameNames() {
        String key = runningIn("gold", world.in("gold"), away);

        world.moveTo("silver");
        world.reconcileUntil(TenantPhase.RUNNING);

        assertRunsIn("silver", away, key);
        assertOnlyStateIn(world.in("gold"), away);
        assertThat(world.tenant().status().ingressHost()).isEqualTo("acme.silver.example.com");
    }

    @Test
    void withoutAMoverItIsRefusedUntilAnEmptyStateIsAcceptedInThatVeryCluster() {
        runningIn("gold", world.in("gold"), away);
        TenantReconciler noMover = world.reconcilerWithoutMover();
        world.moveTo("silver");

        annotate("tenants");
        assertThat(noMover.reconcile(CustomersWithClusters.ACME)
                        .orElseThrow()
                        .tenant()
                        .status()
                        .message())
                .contains(
                        "accept-empty-state=silver/tenants", "namespace tenants of the cluster of ClusterTenant gold");
        assertThat(world.in("silver").get(away.state())).isEmpty();

        annotate("silver/tenants");
        for (int i = 0; world.tenant().status().phase() != TenantPhase.RUNNING || i == 0; i++) {
            assertThat(i).isLessThan(10);
            world.runKubelets();
            noMover.reconcile(CustomersWithClusters.ACME);
        }
        assertThat(world.tenant().status().placement()).isEqualTo(new Placement("silver", "tenants"));
        assertThat(world.moves).isEmpty();
    }

    /** Which kubectl can do, and the customer's own reconcile refuses. */
    @Test
    void aCustomerWithAClusterWhoseTierIsChangedKeepsItsTenantsThere() {
        String key = runningIn("gold", world.in("gold"), away);
        world.home.patch(
                ObjectType.of(ResourceKind.CLUSTER_TENANT).named("", "gold"),
                Target.OBJECT,
                PatchType.MERGE,
                "{\"spec\":{\"isolationTier\":\"shared\"}}");

        for (int i = 0; i < 4; i++) {
            world.reconcile();
        }
        world.reconcileUntil(TenantPhase.RUNNING);

        assertRunsIn("gold", away, key);
        assertThat(world.moves).isEmpty();
    }

    @Test
    void aMoveWhoseKeyIsGivenUpGoesOnWhereItsNewKeyCouldNotBeMade() {
        runningIn("bronze", world.home, bronze);
        world.home.delete(
                bronze.encryptionKey(),
                world.home
                        .get(bronze.encryptionKey())
                        .orElseThrow()
                        .getMetadata()
                        .getUid());
        annotate("gold/tenants");
        world.moveTo("gold");
        world.outage("gold")
                .failWhile(
                        call -> call.method().equals("create")
                                && call.arguments()
                                        .toString()
                                        .contains(away.encryptionKey().name()),
                        Failure.UPSTREAM_ERROR);
        for (int i = 0; i < 3; i++) {
            try {
                world.reconcile();
            } catch (OpenCraneException e) {
                assertThat(e.isRetryable()).isTrue();
            }
        }
        assertThat(world.in("gold").get(away.encryptionKey())).isEmpty();
        world.outage("gold").clear();

        world.reconcileUntil(TenantPhase.RUNNING);

        assertThat(world.tenant().status().placement()).isEqualTo(new Placement("gold", "tenants"));
    }

    @Test
    void thePlanNamesWhatGoesAndWhatComesAndWritesNowhere() {
        runningIn("gold", world.in("gold"), away);
        world.moveTo("silver");
        world.forgetCalls();

        List<String> plan = world.reconciler.plan(CustomersWithClusters.ACME).orElseThrow().children().stream()
                .map(child -> child.action() + " " + child.ref().type().kind())
                .toList();

        assertThat(plan)
                .containsSequence("PRUNE Ingress", "PRUNE Service", "PRUNE Deployment")
                .contains("CREATE Deployment", "CREATE PersistentVolumeClaim");
        for (String cluster : List.of("", "gold", "silver")) {
            assertThat(world.writesIn(cluster)).as(cluster).isZero();
        }
        assertThat(world.openSessions).isZero();
    }

    @Test
    void nothingBeginsWhileOneOfTheTwoClustersCannotBeReached() {
        String key = runningIn("gold", world.in("gold"), away);
        world.moveTo("silver");
        world.forgetCalls();

        world.outage("silver").failWhile(call -> true, Failure.UPSTREAM_ERROR);
        assertThatThrownBy(world::reconcile)
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        e -> assertThat(e.isRetryable()).isTrue());
        world.outage("silver").clear();
        world.outage("gold").failWhile(call -> true, Failure.TIMEOUT);
        assertThatThrownBy(world::reconcile).isInstanceOf(OpenCraneException.class);
        world.outage("gold").clear();
        world.broken.add("gold");
        assertThat(world.reconcile().tenant().status().message()).contains("DEPENDENCY_NOT_CONFIGURED");
        String said = world.tenant().metadata().resourceVersion();
        world.clock.advance(Duration.ofMinutes(5));
        assertThat(world.reconcile().tenant().metadata().resourceVersion())
                .as("it says so once")
                .isEqualTo(said);

        assertThat(world.writesIn("gold")).isZero();
        assertThat(world.writesIn("silver")).isZero();
        world.broken.clear();
        world.reconcileUntil(TenantPhase.RUNNING);
        assertRunsIn("silver", away, key);
    }
}
