package io.opencrane.it.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.budget.KeyFinding;
import io.opencrane.api.budget.KeyFinding.Kind;
import io.opencrane.api.budget.KeyFinding.Outcome;
import io.opencrane.api.budget.KeyReport;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.ChildChange.Action;
import io.opencrane.k8s.blueprint.Annotations;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.ReconcileResult;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants whose children are in their customer's own cluster. */
class DedicatedClusterScenariosTest {
    private static final TenantId ACME = CustomersWithClusters.ACME;
    private static final TenantId NAMESAKE = new TenantId("team-b", "acme");

    private final FakeLiteLlm liteLlm = FakeLiteLlm.start(CustomersWithClusters.MASTER_KEY);
    private final CustomersWithClusters world = new CustomersWithClusters(
            new Faults(),
            liteLlm,
            LiteLlmGateway.builder(liteLlm.endpoint(), CustomersWithClusters.MASTER_KEY)
                    .build());
    private final TenantChildren children = new TenantChildren("acme", CustomersWithClusters.BOUND);

    @AfterEach
    void stop() {
        liteLlm.close();
    }

    private void runningIn(String customer) {
        world.create(ACME, customer);
        world.reconcileUntil(TenantPhase.RUNNING);
        world.reconcile();
    }

    private GenericKubernetesResource live(String customer, ObjectRef ref) {
        return world.in(customer).get(ref).orElseThrow(() -> new AssertionError(ref + " is not in " + customer));
    }

    private static void assertEmpty(ObjectStore store) {
        for (ObjectType type : List.of(
                ObjectType.SERVICE_ACCOUNT,
                ObjectType.SECRET,
                ObjectType.CONFIG_MAP,
                ObjectType.PERSISTENT_VOLUME_CLAIM,
                ObjectType.DEPLOYMENT,
                ObjectType.SERVICE,
                ObjectType.INGRESS,
                ObjectType.POD)) {
            assertThat(store.list(type, "", Filter.all(), 10, null).items()).isEmpty();
        }
    }

    private static Condition condition(Tenant tenant, String type) {
        return tenant.status().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theChildrenAreInTheCustomersClusterAloneAndThePlaceIsRecordedBeforeThem() {
        world.create(ACME, "gold");
        world.outage("gold").failWhile(call -> call.method().equals("create"), Failure.UPSTREAM_ERROR);
        assertThatThrownBy(world::reconcile).isInstanceOf(OpenCraneException.class);
        assertThat(world.tenant().status().placement()).isEqualTo(new Placement("gold", "tenants"));
        world.outage("gold").clear();

        ReconcileResult rolling = world.reconcile();
        Tenant running = world.reconcileUntil(TenantPhase.RUNNING);

        assertThat(rolling.requeueAfter()).as("nobody tells of a pod there").contains(Duration.ofSeconds(10));
        assertThat(world.reconcile().requeueAfter()).contains(Duration.ofMinutes(5));
        assertThat(running.status().podName()).isNotNull();
        assertThat(condition(running, "ParentResolved").message()).contains("ClusterTenant gold");
        assertThat(CustomersWithClusters.objectsOf(children))
                .allSatisfy(ref -> assertThat(live("gold", ref)).isNotNull());
        assertEmpty(world.home);
        assertEmpty(world.in("silver"));
    }

    @Test
    void anUnchangedTenantCostsNoWriteInEitherCluster() {
        runningIn("gold");
        String before = world.tenant().metadata().resourceVersion();
        world.forgetCalls();

        for (int i = 0; i < 5; i++) {
            assertThat(world.reconcile().children())
                    .extracting(ChildChange::action)
                    .containsOnly(Action.UNCHANGED);
        }

        assertThat(world.writesIn("")).isZero();
        assertThat(world.writesIn("gold")).isZero();
        assertThat(world.tenant().metadata().resourceVersion()).isEqualTo(before);
        System.out.printf(
                "an unchanged tenant of a customer's own cluster, without caches: %d requests at home, %d there%n",
                world.outage("").calls().size() / 5,
                world.outage("gold").calls().size() / 5);
    }

    @Test
    void changesAndSuspensionReachTheCustomersCluster() {
        runningIn("gold");

        world.openCrane
                .tenants()
                .update(ACME, TenantPatch.builder().openclawVersion("2.0").build());
        world.reconcileUntil(TenantPhase.RUNNING);
        assertThat(world.tenant().status().lastRunningVersion()).isEqualTo("2.0");

        world.openCrane.tenants().suspend(ACME);
        world.reconcileUntil(TenantPhase.SUSPENDED);
        assertThat(live("gold", children.deployment()).<Integer>get("spec", "replicas"))
                .isZero();
        assertEmpty(world.home);
    }

    @Test
    void theModelKeyItsRevisionAndThePodsAreReachedByTheServicesToo() {
        runningIn("gold");
        Tenant tenant = world.tenant();
        KeyJournal journal = world.cluster.modelKey(tenant);
        assertThat(journal.read().orElseThrow().current().revision()).isEqualTo(1);

        world.openCrane
                .budgets()
                .rotateKey(ACME, journal.read().orElseThrow().current().alias());
        world.reconcileUntil(TenantPhase.RUNNING);
        world.reconcileUntil(TenantPhase.RUNNING);

        assertThat(world.cluster.podKeyRevision(tenant)).isEqualTo(2);
        assertThat(journal.read().orElseThrow().current().revision()).isEqualTo(2);
        assertThat(live("gold", children.deployment())
                        .<String>get("spec", "template", "metadata", "annotations", Annotations.KEY_REVISION))
                .isEqualTo("2");
        assertThat(liteLlm.keys()).hasSize(1);
        assertThat(world.cluster.deletePods(tenant)).isEqualTo(1);
        assertThat(world.openSessions).isZero();
        assertEmpty(world.home);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSweepGoesOnWhereOneCustomersClusterCannotBeReachedAndLeavesItsKeysAlone(boolean down) {
        runningIn("gold");
        TenantId other = new TenantId("opencrane", "other");
        world.create(other, "bronze");
        world.reconcile(other);
        ObjectRef lost = new TenantChildren("other", "opencrane-bronze").modelKey();
        world.home.delete(lost, live("", lost).getMetadata().getUid());
        if (down) {
            world.outage("gold").failWhile(call -> true, Failure.TIMEOUT);
        } else {
            world.broken.add("gold");
        }

        KeyReport report = world.openCrane.budgets().sweep(RepairMode.APPLY);

        assertThat(report.findings())
                .extracting(KeyFinding::kind, KeyFinding::tenant, KeyFinding::outcome)
                .containsExactlyInAnyOrder(
                        tuple(Kind.UNREADABLE_RECORD, ACME, down ? Outcome.FAILED : Outcome.NEEDS_A_PERSON),
                        tuple(Kind.NO_KEY, other, Outcome.MENDED));
        world.outage("gold").clear();
        world.broken.clear();
        assertThat(liteLlm.isLive(world.cluster
                        .modelKey(world.tenant())
                        .read()
                        .orElseThrow()
                        .current()
                        .secret()))
                .isTrue();
    }

    @Test
    void aHostThatReachesNoCustomersClustersSaysSo() {
        runningIn("gold");
        KubernetesCluster alone = KubernetesCluster.over(world.home, world.cluster.scope());
        Tenant tenant = world.tenant();

        for (Runnable call : List.<Runnable>of(
                () -> alone.deletePods(tenant),
                () -> alone.podKeyRevision(tenant),
                () -> alone.modelKey(tenant).read())) {
            assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            OpenCraneException.class,
                            e -> assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_NOT_CONFIGURED))
                    .hasMessageContaining("gold");
        }
    }

    @Test
    void deletingCleansTheCustomersClusterAndKeepsTheStateThere() {
        runningIn("gold");

        world.openCrane.tenants().delete(ACME);
        world.reconcile();

        assertThat(world.openCrane.tenants().find(ACME)).isEmpty();
        assertThat(liteLlm.keys()).isEmpty();
        for (ObjectRef ref : CustomersWithClusters.objectsOf(children)) {
            boolean stays = ref.equals(children.state()) || ref.equals(children.encryptionKey());
            assertThat(world.in("gold").get(ref).isPresent()).as("%s", ref).isEqualTo(stays);
        }
    }

    @Test
    void aTenantThatNeverGotThereIsDeletedWithoutItsCluster() {
        world.create(ACME, "gold");
        world.cluster.resources().addFinalizer(world.tenant());
        world.broken.add("gold");

        world.openCrane.tenants().delete(ACME);
        world.reconcile();

        assertThat(world.openCrane.tenants().find(ACME)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Failure.class,
            names = {"UPSTREAM_ERROR", "TIMEOUT"})
    void anOutageOfTheCustomersClusterIsTriedAgainAndChangesNothing(Failure failure) {
        runningIn("gold");
        world.openCrane
                .tenants()
                .update(ACME, TenantPatch.builder().team("research").build());
        String before = world.tenant().metadata().resourceVersion();
        world.forgetCalls();
        world.outage("gold").failWhile(call -> call.method().equals("get"), failure);

        assertThatThrownBy(world::reconcile)
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        e -> assertThat(e.isRetryable()).isTrue());

        assertThat(world.writesIn("gold")).isZero();
        assertThat(world.writesIn("")).isZero();
        assertThat(world.tenant().metadata().resourceVersion()).isEqualTo(before);
        world.outage("gold").clear();
        world.reconcileUntil(TenantPhase.RUNNING);
    }

    @Test
    void writesThatFailThereAreTriedAgain() {
        world.create(ACME, "gold");
        world.outage("gold").failWhile(call -> call.method().equals("apply"), Faults.Moment.AFTER, Failure.TIMEOUT);
        assertThatThrownBy(world::reconcile)
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        e -> assertThat(e.isRetryable()).isTrue());
        world.outage("gold").clear();

        world.reconcileUntil(TenantPhase.RUNNING);

        assertThat(liteLlm.keys()).hasSize(1);
        assertEmpty(world.home);
    }

    @Test
    void aBrokenKubeconfigIsInTheStatusAndTouchesNothingAndRestsUntilItIsMended() {
        runningIn("gold");
        world.broken.add("gold");
        world.forgetCalls();

        ReconcileResult result = world.reconcile();
        String version = result.tenant().metadata().resourceVersion();
        world.clock.advance(Duration.ofMinutes(1));
        Tenant again = world.reconcile().tenant();

        assertThat(again.status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(again.status().placement()).isEqualTo(new Placement("gold", "tenants"));
        assertThat(condition(again, "ParentResolved").reason()).isEqualTo("DEPENDENCY_NOT_CONFIGURED");
        assertThat(result.requeueAfter()).contains(Duration.ofSeconds(30));
        assertThat(again.metadata().resourceVersion()).as("says it once").isEqualTo(version);
        assertThat(world.outage("gold").calls()).isEmpty();
        assertThat(live("gold", children.deployment()).<Integer>get("spec", "replicas"))
                .isEqualTo(1);

        world.broken.clear();
        Tenant mended = world.reconcileUntil(TenantPhase.RUNNING);
        assertThat(condition(mended, "ParentResolved").isTrue()).isTrue();
    }

    @Test
    void aCredentialThatIsNotAcceptedThereIsTheKubeconfigsFaultAndNotOurs() {
        runningIn("gold");
        world.outage("gold").failWhile(call -> true, Failure.UNAUTHORIZED);

        ReconcileResult result = world.reconcile();

        assertThat(result.tenant().status().message())
                .contains("DEPENDENCY_NOT_CONFIGURED", "ClusterTenant gold", "does not accept the credential");
        assertThat(result.requeueAfter()).contains(Duration.ofSeconds(30));
        assertThatThrownBy(() -> world.cluster.modelKey(world.tenant()).read())
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_NOT_CONFIGURED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"outage", "kubeconfig", "customer"})
    void aDeletionWaitsForAClusterThatCannotBeReachedAndSaysSo(String trouble) {
        runningIn("gold");
        world.openCrane.tenants().delete(ACME);
        if (trouble.equals("outage")) {
            world.outage("gold").failWhile(call -> true, Failure.UPSTREAM_ERROR);
        } else if (trouble.equals("kubeconfig")) {
            world.broken.add("gold");
        } else {
            KubernetesCluster.over(world.home, world.cluster.scope())
                    .resources()
                    .find(ClusterTenant.class, "", "gold")
                    .ifPresent(world.cluster.resources()::delete);
        }

        ReconcileResult waiting = world.reconcile();
        String version = waiting.tenant().metadata().resourceVersion();

        assertThat(waiting.tenant().metadata().finalizers()).containsExactly("opencrane.io/cleanup");
        assertThat(waiting.tenant().status().message()).startsWith("Deletion waits for its customer's cluster: ");
        assertThat(waiting.requeueAfter()).contains(Duration.ofSeconds(30));
        assertThat(liteLlm.keys()).hasSize(1);
        if (!trouble.equals("outage")) { // a simulated one counts its calls in the message
            assertThat(world.reconcile().tenant().metadata().resourceVersion()).isEqualTo(version);
        }
        assertThat(live("gold", children.deployment())).isNotNull();

        world.outage("gold").clear();
        world.broken.clear();
        if (!trouble.equals("customer")) {
            world.reconcile();
            assertThat(world.openCrane.tenants().find(ACME)).isEmpty();
            assertThat(world.in("gold").get(children.deployment())).isEmpty();
        }
    }

    @Test
    void whatSomebodyUndoesInOneClusterIsCountedApartFromObjectsOfTheSameNameInAnother() {
        runningIn("gold");
        world.create(NAMESAKE, "silver");
        world.reconcile(NAMESAKE);
        for (int i = 0; i < 3; i++) {
            undo("gold");
            assertThat(world.reconcile().tenant().status().message()).isNull();
            undo("silver");
            world.reconcile(NAMESAKE);
        }

        undo("gold");

        assertThat(world.reconcile().tenant().status().message()).contains("do not last");
    }

    /** The Service has the same name in both clusters. */
    private void undo(String customer) {
        world.in(customer)
                .patch(
                        children.service(),
                        Target.OBJECT,
                        PatchType.MERGE,
                        "{\"metadata\":{\"labels\":{\"app.kubernetes.io/component\":null}}}");
    }

    @Test
    void aNamesakeWhoseClusterIsDownHoldsItsHostAndStopsNobodyElse() {
        runningIn("gold");
        world.broken.add("gold");
        world.create(NAMESAKE, "bronze");

        Tenant loser = world.reconcile(NAMESAKE).tenant();

        assertThat(loser.status().message()).contains("acme.example.com");
        assertThat(condition(loser, "HostAssigned").reason()).isEqualTo("HOST_TAKEN");
        world.openCrane
                .tenants()
                .update(
                        NAMESAKE,
                        TenantPatch.builder().clusterTenantRef("silver").build());
        assertThat(world.reconcile(NAMESAKE).tenant().status().ingressHost()).isEqualTo("acme.silver.example.com");
    }

    @Test
    void aStrangersObjectUnderTheNameIsLeftAloneThere() {
        GenericKubernetesResource theirs = new GenericKubernetesResource();
        theirs.setApiVersion("v1");
        theirs.setKind("ConfigMap");
        theirs.setMetadata(new ObjectMetaBuilder()
                .withNamespace(CustomersWithClusters.BOUND)
                .withName(children.config().name())
                .build());
        theirs.setAdditionalProperty("data", Map.of("a", "b"));
        world.in("gold").create(theirs);
        world.create(ACME, "gold");

        assertThat(world.reconcile().tenant().status().message()).contains("NAME_TAKEN");
        assertThat(world.in("gold").get(children.serviceAccount())).isEmpty();
    }
}
