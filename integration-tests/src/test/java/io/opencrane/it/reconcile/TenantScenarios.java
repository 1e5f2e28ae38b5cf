package io.opencrane.it.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.PurgeOutcome;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantField;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.ChildChange.Action;
import io.opencrane.k8s.blueprint.Annotations;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.ReconcileResult;
import io.opencrane.k8s.reconcile.TenantPlan;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.fault.Call;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a reconcile promises, on a real API server and on the fake alike. */
abstract class TenantScenarios {
    private static final SecretText MASTER_KEY = SecretText.of("sk-master");
    private static final Set<String> WRITES = Set.of("create", "apply", "patch", "delete");

    final String namespace = "r-" + UUID.randomUUID().toString().substring(0, 8);
    private final TenantId acme = new TenantId(namespace, "acme");
    private final TenantChildren children = new TenantChildren("acme", namespace);
    private final Faults faults = new Faults();
    private FakeLiteLlm liteLlm;
    private FakeKubelet kubelet;
    private ModelGateway gateway;
    private ObjectStore objects;
    private OpenCrane openCrane;
    private TenantReconciler reconciler;

    abstract ObjectStore startObjects();

    abstract FakeKubelet kubelet(ObjectStore objects);

    /** How the reconciler reads. */
    ObjectReader reader(KubernetesCluster cluster) {
        return ObjectReader.of(cluster.objects());
    }

    /** Waits until the reader has seen these objects as they are. */
    void settle(List<ObjectRef> refs) {}

    @BeforeEach
    void start() {
        objects = startObjects();
        kubelet = kubelet(objects);
        liteLlm = FakeLiteLlm.start(MASTER_KEY);
        gateway = LiteLlmGateway.builder(liteLlm.endpoint(), MASTER_KEY)
                .attempts(1, Duration.ofMillis(1))
                .circuit(1000, Duration.ofSeconds(30))
                .connectTimeout(Duration.ofSeconds(1))
                .requestTimeout(Duration.ofSeconds(2))
                .build();
        Settings settings = Settings.builder()
                .namespace(namespace)
                .watchNamespaces(namespace)
                .instanceId("it-" + namespace)
                .ingressDomain("example.com")
                .liteLlmEnabled(true)
                .liteLlmEndpoint(liteLlm.endpoint())
                .liteLlmMasterKey(MASTER_KEY)
                .build();
        KubernetesCluster cluster =
                KubernetesCluster.over(faults.wrap(ObjectStore.class, objects), InstanceScope.namespace(namespace));
        openCrane = OpenCrane.builder().cluster(cluster).settings(settings).build();
        reconciler = TenantReconciler.builder(cluster, settings)
                .modelGateway(faults.wrap(ModelGateway.class, gateway))
                .reader(reader(cluster))
                .build();
    }

    @AfterEach
    void stop() {
        liteLlm.close();
    }

    private void createAcme() {
        openCrane
                .tenants()
                .create(NewTenant.builder("acme", "ACME Corp", "owner@acme.com")
                        .team("engineering")
                        .monthlyBudgetUsd("200")
                        .build());
    }

    private ReconcileResult reconcile() {
        settle(List.of(
                customResource(),
                children.serviceAccount(),
                children.encryptionKey(),
                children.modelKey(),
                children.config(),
                children.state(),
                children.deployment(),
                children.service(),
                children.ingress()));
        for (int attempt = 1; ; attempt++) {
            try {
                return reconciler.reconcile(acme).orElseThrow();
            } catch (OpenCraneException e) {
                // As every queue does: a controller may write between a read and a write.
                if (e.code() != ErrorCode.CONFLICT || !e.isRetryable() || attempt == 5) {
                    throw e;
                }
            }
        }
    }

    private ReconcileResult reconcileUntil(TenantPhase phase) {
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> {
                            kubelet.runOnce();
                            return reconcile();
                        },
                        result -> result.tenant().status().phase() == phase);
    }

    /** A new tenant, reconciled until the message says this. */
    final Tenant reconcileUntil(String message) {
        if (openCrane.tenants().find(acme).isEmpty()) {
            createAcme();
        }
        return await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> reconcile().tenant(),
                        tenant -> String.valueOf(tenant.status().message()).contains(message));
    }

    private void running() {
        createAcme();
        reconcileUntil(TenantPhase.RUNNING);
    }

    private GenericKubernetesResource live(ObjectRef ref) {
        return objects.get(ref).orElseThrow(() -> new AssertionError(ref + " is not there"));
    }

    private ObjectRef customResource() {
        return ObjectType.of(ResourceKind.TENANT).named(namespace, "acme");
    }

    private String version(ObjectRef ref) {
        return live(ref).getMetadata().getResourceVersion();
    }

    private long writes() {
        return faults.calls().stream()
                .filter(call -> call.port() == ObjectStore.class && WRITES.contains(call.method()))
                .count();
    }

    private static Condition condition(Tenant tenant, String type) {
        return tenant.status().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no condition " + type + " in " + tenant.status()));
    }

    @Test
    void aNewTenantGetsItsChildrenInOrderAndWaitsForItsPod() {
        createAcme();
        faults.restart();

        ReconcileResult result = reconcile();

        assertThat(result.children()).extracting(ChildChange::action).containsOnly(Action.CREATE);
        assertThat(result.children())
                .extracting(ChildChange::ref)
                .containsExactly(
                        NetworkFence.tenantBaseline(namespace),
                        children.encryptionKey(),
                        children.serviceAccount(),
                        children.modelKey(),
                        children.config(),
                        children.state(),
                        children.deployment(),
                        children.service(),
                        children.ingress());
        assertThat(result.tenant().status().phase()).isEqualTo(TenantPhase.PENDING);
        assertThat(result.tenant().status().ingressHost()).isEqualTo("acme.example.com");
        assertThat(result.tenant().metadata().finalizers()).containsExactly("opencrane.io/cleanup");
        assertThat(condition(result.tenant(), "ModelKeyReady").isTrue()).isTrue();
        assertThat(condition(result.tenant(), "NetworkFenced").isTrue()).isTrue();
        assertThat(writes())
                .as("finalizer, the fence, 8 children, the key marked live, status")
                .isEqualTo(12);
        assertThat(live(children.encryptionKey()).<String>get("data", "key")).hasSize(44);
    }

    @Test
    void anUnchangedTenantCostsNoWriteAndItsStatusStaysToTheByte() {
        running();
        reconcile();
        String before = version(customResource());
        faults.restart();

        for (int i = 0; i < 5; i++) {
            assertThat(reconcile().children()).extracting(ChildChange::action).containsOnly(Action.UNCHANGED);
        }

        assertThat(writes()).isZero();
        assertThat(version(customResource())).isEqualTo(before);
    }

    @Test
    void aRunningTenantNamesItsPodAndVersion() {
        createAcme();

        Tenant tenant = reconcileUntil(TenantPhase.RUNNING).tenant();

        assertThat(tenant.status().podName()).startsWith("openclaw-acme-");
        assertThat(tenant.status().lastRunningVersion()).isEqualTo("latest");
        assertThat(tenant.status().observedGeneration())
                .isEqualTo(tenant.metadata().generation());
        assertThat(condition(tenant, "Ready").isTrue()).isTrue();
    }

    @Test
    void suspendingChangesReplicasAndNothingElse() {
        running();
        Object template = live(children.deployment()).get("spec", "template");

        openCrane.tenants().suspend(acme);
        ReconcileResult suspended = reconcile();

        assertThat(suspended.children())
                .filteredOn(child -> child.action() != Action.UNCHANGED)
                .singleElement()
                .satisfies(child -> assertThat(child.fields()).hasToString("[set spec.replicas]"));
        assertThat(live(children.deployment()).<Object>get("spec", "template")).isEqualTo(template);
        reconcileUntil(TenantPhase.SUSPENDED);
        openCrane.tenants().resume(acme);
        reconcileUntil(TenantPhase.RUNNING);
    }

    @Test
    void thePodRollsWhenTheConfigurationChangesAndNotWhenTheBudgetDoes() {
        running();
        Object template = live(children.deployment()).get("spec", "template");

        openCrane
                .tenants()
                .update(acme, TenantPatch.builder().monthlyBudgetUsd("300").build());
        reconcile();
        assertThat(live(children.deployment()).<Object>get("spec", "template")).isEqualTo(template);
        assertThat(liteLlm.teams())
                .singleElement()
                .satisfies(team -> assertThat(team.maxBudgetUsd()).isEqualByComparingTo("300"));

        openCrane
                .tenants()
                .update(acme, TenantPatch.builder().clear(TenantField.TEAM).build());
        reconcile();
        assertThat(live(children.deployment()).<Object>get("spec", "template")).isNotEqualTo(template);
    }

    @Test
    void aDeadModelGatewayNeverBlocksATenantAndItsKeyComesLater() {
        liteLlm.stop();
        createAcme();

        Tenant tenant = reconcileUntil(TenantPhase.RUNNING).tenant();
        assertThat(condition(tenant, "ModelKeyReady").isTrue()).isFalse();
        assertThat(reconcile().requeueAfter()).isPresent();

        liteLlm.start();
        Tenant healed = reconcileUntil(TenantPhase.RUNNING).tenant();
        assertThat(condition(healed, "ModelKeyReady").isTrue()).isTrue();
        assertThat(liteLlm.keys()).hasSize(1);
    }

    @Test
    void aLostEncryptionKeyIsAnErrorAndNothingIsTouched() {
        running();
        ObjectRef key = children.encryptionKey();
        objects.delete(key, live(key).getMetadata().getUid());
        faults.restart();

        ReconcileResult result = reconcile();

        assertThat(result.tenant().status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(condition(result.tenant(), "EncryptionKeyReady").reason()).isEqualTo("ENCRYPTION_KEY_LOST");
        assertThat(objects.get(key)).isEmpty();
        assertThat(writes()).as("the status alone").isEqualTo(1);
        faults.restart();
        assertThat(reconcile().tenant().status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(writes()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = Failure.class,
            names = {"UPSTREAM_ERROR", "TIMEOUT", "FORBIDDEN"})
    void anOutageOfSecretReadsChangesNoKey(Failure failure) {
        running();
        String encryptionKey = version(children.encryptionKey());
        String modelKey = version(children.modelKey());
        faults.restart().failWhile(TenantScenarios::readsSecret, failure);

        try {
            TenantPhase phase = reconcile().tenant().status().phase();
            boolean asked = faults.calls().stream().anyMatch(TenantScenarios::readsSecret);
            assertThat(phase).isEqualTo(asked ? TenantPhase.ERROR : TenantPhase.RUNNING);
        } catch (OpenCraneException e) {
            assertThat(e.isRetryable()).isTrue();
        }

        faults.restart();
        reconcile();
        assertThat(version(children.encryptionKey())).isEqualTo(encryptionKey);
        assertThat(version(children.modelKey())).isEqualTo(modelKey);
        assertThat(liteLlm.keys()).hasSize(1);
    }

    private static boolean readsSecret(Call call) {
        return call.is(ObjectStore.class, "get")
                && call.argument(ObjectRef.class)
                        .filter(ref -> ref.type().equals(ObjectType.SECRET))
                        .isPresent();
    }

    @Test
    void deletingKeepsStateAndEncryptionKeyAndKillsTheModelKey() {
        running();
        openCrane.tenants().delete(acme);
        assertThat(openCrane.tenants().get(acme).metadata().isBeingDeleted()).isTrue();

        reconcile();

        assertThat(openCrane.tenants().find(acme)).isEmpty();
        for (ObjectRef gone : List.of(
                children.serviceAccount(),
                children.modelKey(),
                children.config(),
                children.deployment(),
                children.service(),
                children.ingress())) {
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(objects.get(gone)).isEmpty());
        }
        assertThat(objects.get(children.encryptionKey())).isPresent();
        assertThat(objects.get(children.state())).isPresent();
        assertThat(liteLlm.keys()).isEmpty();
        assertThat(liteLlm.teams()).as("the team keeps what was spent").hasSize(1);
    }

    @Test
    void aRecreatedTenantFindsItsStateAndKeyAgain() {
        running();
        String key = live(children.encryptionKey()).get("data", "key");
        openCrane.tenants().delete(acme);
        reconcile();

        running();

        assertThat(live(children.encryptionKey()).<String>get("data", "key")).isEqualTo(key);
        assertThat(liteLlm.keys()).hasSize(1);
    }

    @Test
    void deletionWaitsVisiblyForADeadGateway() {
        running();
        liteLlm.stop();
        openCrane.tenants().delete(acme);

        ReconcileResult waiting = reconcile();

        assertThat(waiting.requeueAfter()).isPresent();
        assertThat(openCrane.tenants().get(acme).status().message()).contains("model gateway");
        liteLlm.start();
        reconcile();
        assertThat(openCrane.tenants().find(acme)).isEmpty();
        assertThat(liteLlm.keys()).isEmpty();
    }

    @Test
    void anObjectOfSomebodyElseUnderOurNameIsNeverTouched() {
        GenericKubernetesResource foreign = new GenericKubernetesResource();
        foreign.setApiVersion("v1");
        foreign.setKind("ServiceAccount");
        foreign.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName("openclaw-acme")
                .withAnnotations(Map.of("opencrane.io/tenant-namespace", "elsewhere"))
                .withLabels(Map.of("opencrane.io/tenant", "acme"))
                .build());
        objects.create(foreign);
        createAcme();

        Tenant tenant = reconcile().tenant();

        assertThat(tenant.status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(tenant.status().message()).contains("NAME_TAKEN", namespace + "/acme", "elsewhere/acme");
        assertThat(live(children.serviceAccount()).getMetadata().getManagedFields())
                .extracting(ManagedFieldsEntry::getManager)
                .doesNotContain("opencrane");
        assertThat(objects.get(children.deployment())).isEmpty();
    }

    @Test
    void aMissingPolicyKeepsANewTenantFromStarting() {
        openCrane
                .tenants()
                .create(NewTenant.builder("acme", "ACME Corp", "owner@acme.com")
                        .policyRef("strict")
                        .build());

        Tenant tenant = reconcile().tenant();

        assertThat(tenant.status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(condition(tenant, "PolicyResolved").reason()).isEqualTo("PolicyNotFound");
        assertThat(objects.get(children.deployment())).isEmpty();
    }

    @Test
    void aTenantOfACustomerThatDoesNotExistWaitsAndSaysForWhom() {
        openCrane
                .tenants()
                .create(NewTenant.builder("acme", "ACME Corp", "owner@acme.com")
                        .clusterTenantRef("nobody-yet")
                        .build());

        ReconcileResult waiting = reconcile();

        assertThat(waiting.tenant().status().phase()).isEqualTo(TenantPhase.PENDING);
        assertThat(waiting.tenant().status().message()).contains("nobody-yet");
        assertThat(waiting.requeueAfter()).isPresent();
    }

    @Test
    void aFieldThatSomebodyElseTookIsReportedWithItsOwner() {
        running();
        objects.patch(children.config(), Target.OBJECT, PatchType.MERGE, "{\"data\":{\"openclaw.json\":\"{}\"}}");

        Tenant tenant = reconcile().tenant();

        assertThat(tenant.status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(condition(tenant, "WorkloadApplied").message()).contains("openclaw.json");
    }

    @Test
    void replicasThatSomebodyScaledComeBack() {
        running();
        objects.patch(children.deployment(), Target.OBJECT, PatchType.MERGE, "{\"spec\":{\"replicas\":3}}");

        reconcile();

        assertThat(live(children.deployment()).<Integer>get("spec", "replicas")).isEqualTo(1);
        reconcileUntil(TenantPhase.RUNNING);
    }

    @Test
    void aForcedReconcileBringsBackAKeyThatTheGatewayLostAndIsRecordedOnce() {
        running();
        gateway.deleteKey(liteLlm.keys().get(0).hash());
        reconcile();
        assertThat(liteLlm.keys()).as("the record is believed").isEmpty();

        openCrane.tenants().requestReconcile(acme);
        Tenant tenant = reconcile().tenant();

        assertThat(liteLlm.keys()).hasSize(1);
        assertThat(tenant.status().observedReconcileAt())
                .isEqualTo(tenant.metadata().annotations().get("opencrane.io/reconcile-at"));
    }

    @Test
    void aTenantOutsideTheScopeIsRefused() {
        assertThatThrownBy(() -> reconciler.reconcile(new TenantId("elsewhere", "acme")))
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALIDATION_ERROR));
    }

    @Test
    void aPlanWritesNothingAndTheReconcileDoesExactlyThat() {
        createAcme();
        faults.restart();
        List<ChildChange> toCreate = plan().children();
        assertThat(writes()).isZero();
        assertThat(liteLlm.keys()).isEmpty();

        assertThat(reconcile().children()).isEqualTo(toCreate);

        reconcileUntil(TenantPhase.RUNNING);
        openCrane
                .tenants()
                .update(
                        acme,
                        TenantPatch.builder()
                                .monthlyBudgetUsd("300")
                                .openclawVersion("2.0")
                                .build());
        faults.restart();
        TenantPlan toUpdate = plan();
        assertThat(writes()).isZero();
        assertThat(toUpdate.children())
                .filteredOn(child -> child.action() == Action.UPDATE)
                .extracting(ChildChange::ref)
                .containsExactly(children.modelKey(), children.deployment());
        assertThat(toUpdate.children())
                .filteredOn(child -> child.ref().equals(children.deployment()))
                .flatExtracting(ChildChange::fields)
                .anySatisfy(field -> {
                    assertThat(field.path()).isEqualTo("spec.template.spec.containers[name=openclaw].image");
                    assertThat(field.before()).isEqualTo("\"ghcr.io/opencrane/tenant:latest\"");
                    assertThat(field.after()).isEqualTo("\"ghcr.io/opencrane/tenant:2.0\"");
                });

        assertThat(reconcile().children()).isEqualTo(toUpdate.children());

        settle(List.of(children.deployment(), children.modelKey()));
        assertThat(plan().isUnchanged()).isTrue();
        openCrane.tenants().delete(acme);
        List<ChildChange> toPrune = plan().children();
        assertThat(toPrune).extracting(ChildChange::action).containsOnly(Action.PRUNE);
        assertThat(reconcile().children()).containsExactlyInAnyOrderElementsOf(toPrune);
    }

    private TenantPlan plan() {
        settle(List.of(customResource()));
        return reconciler.plan(acme).orElseThrow();
    }

    @Test
    void aPlanNamesWhoIsInTheWay() {
        running();
        objects.patch(children.config(), Target.OBJECT, PatchType.MERGE, "{\"data\":{\"openclaw.json\":\"{}\"}}");
        settle(List.of(children.config()));

        TenantPlan plan = plan();

        assertThat(plan.conflicts()).extracting(ChildChange::ref).containsExactly(children.config());
        assertThat(plan.conflicts().get(0).conflict().orElseThrow().owner()).isNotBlank();
        assertThat(plan.toString()).contains("held by");
    }

    @Test
    void aChangeThatSomebodyUndoesAgainAndAgainStopsUntilSomebodyAsks() {
        running();
        TenantPhase phase = TenantPhase.PENDING;
        int applies = 0;
        for (; applies < 10 && phase != TenantPhase.ERROR; applies++) {
            scaleTo(3);
            phase = reconcile().tenant().status().phase();
        }

        assertThat(applies).as("three applies, and the one that was refused").isEqualTo(4);
        Tenant stopped = openCrane.tenants().get(acme);
        assertThat(condition(stopped, "WorkloadApplied").reason()).isEqualTo("NotConverging");
        assertThat(stopped.status().message()).contains("spec.replicas");
        faults.restart();
        assertThat(reconcile().tenant().status()).isEqualTo(stopped.status());
        assertThat(writes()).as("it stays stopped").isZero();
        assertThat(plan().reason()).as("and a plan says so").contains("NotConverging");

        openCrane.tenants().requestReconcile(acme);
        reconcile();
        assertThat(live(children.deployment()).<Integer>get("spec", "replicas")).isEqualTo(1);
    }

    @Test
    void aReconcileThatWasAskedForIsOneAlsoWhenAChildStopsIt() {
        running();
        objects.patch(children.config(), Target.OBJECT, PatchType.MERGE, "{\"data\":{\"openclaw.json\":\"{}\"}}");
        settle(List.of(children.config()));
        openCrane.tenants().requestReconcile(acme);

        Tenant stopped = reconcile().tenant();

        assertThat(condition(stopped, "WorkloadApplied").reason()).isEqualTo("CONFLICT");
        assertThat(stopped.status().observedReconcileAt())
                .isNotNull()
                .isEqualTo(stopped.metadata().annotations().get("opencrane.io/reconcile-at"));
    }

    private void scaleTo(int replicas) {
        objects.patch(
                children.deployment(), Target.OBJECT, PatchType.MERGE, "{\"spec\":{\"replicas\":" + replicas + "}}");
    }

    @Test
    void aLostStateVolumeIsNotMadeAgainUnlessItsOwnerAcceptsAnEmptyOne() {
        running();
        loseVolume();
        faults.restart();

        Tenant lost = reconcile().tenant();

        assertThat(lost.status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(condition(lost, "StorageReady").reason()).isEqualTo("STATE_LOST");
        assertThat(writes()).as("the status alone").isEqualTo(1);
        assertThat(objects.get(children.state())).isEmpty();

        objects.patch(
                customResource(),
                Target.OBJECT,
                PatchType.MERGE,
                "{\"metadata\":{\"annotations\":{\"opencrane.io/accept-empty-state\":\"" + namespace + "\"}}}");
        reconcile();
        assertThat(objects.get(children.state())).isPresent();
    }

    /** A claim in use is held by a finalizer until its pod is gone, which no kubelet here would see to. */
    private void loseVolume() {
        objects.delete(children.state(), live(children.state()).getMetadata().getUid());
        try {
            objects.patch(children.state(), Target.OBJECT, PatchType.MERGE, "{\"metadata\":{\"finalizers\":null}}");
        } catch (OpenCraneException e) {
            assertThat(e.code()).as("its controller was faster").isEqualTo(ErrorCode.NOT_FOUND);
        }
        assertThat(objects.get(children.state())).isEmpty();
    }

    @Test
    void aCopyOfATenantThatIsGoneBringsNothingBack() {
        running();
        Tenant old = openCrane.tenants().get(acme);
        openCrane.tenants().delete(acme);
        reconcile();

        assertThatThrownBy(() -> reconciler.reconcile(old))
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        e -> assertThat(e.isRetryable()).isTrue());

        assertThat(objects.get(children.serviceAccount())).isEmpty();
        assertThat(objects.get(children.deployment())).isEmpty();
        assertThat(liteLlm.keys()).isEmpty();
    }

    @Test
    void aCopyOfADeletedTenantDoesNotCleanUpAfterItsSuccessor() {
        running();
        openCrane.tenants().delete(acme);
        Tenant old = openCrane.tenants().get(acme);
        reconcile();
        running();

        assertThat(reconciler.reconcile(old).children()).isEmpty();

        assertThat(objects.get(children.deployment())).isPresent();
        assertThat(liteLlm.keys()).hasSize(1);
    }

    @Test
    void purgingATenantTakesItsStateAlong() {
        running();

        assertThat(openCrane.tenants().purge(acme, "acme")).isEqualTo(PurgeOutcome.WITH_THE_TENANT);
        reconcile();

        assertThat(openCrane.tenants().find(acme)).isEmpty();
        assertThat(objects.get(children.encryptionKey())).isEmpty();
        assertThat(objects.get(children.state())
                        .filter(left -> left.getMetadata().getDeletionTimestamp() == null))
                .isEmpty();
    }

    @Test
    void aTenantCreatedAnewWaitsUntilThePurgedVolumeIsGone() {
        running();
        ObjectRef volume = children.state();
        objects.patch(volume, Target.OBJECT, PatchType.MERGE, "{\"metadata\":{\"finalizers\":[\"example.com/held\"]}}");
        openCrane.tenants().purge(acme, "acme");
        reconcile();
        createAcme();

        Tenant waiting = reconcile().tenant();

        assertThat(waiting.status().phase()).isEqualTo(TenantPhase.PENDING);
        assertThat(condition(waiting, "StorageReady").reason()).isEqualTo("BEING_DELETED");
        assertThat(objects.get(children.deployment())).isEmpty();
        objects.patch(volume, Target.OBJECT, PatchType.MERGE, "{\"metadata\":{\"finalizers\":null}}");
        reconcileUntil(TenantPhase.RUNNING);
        assertThat(live(volume).getMetadata().getDeletionTimestamp()).isNull();
    }

    @Test
    void theStateOfATenantThatIsGoneIsPurgedWithItsNameTyped() {
        running();
        openCrane.tenants().delete(acme);
        reconcile();

        assertThatThrownBy(() -> openCrane.tenants().purge(acme, "acm")).hasMessageContaining("Type the tenant's name");
        assertThat(objects.get(children.encryptionKey())).isPresent();
        assertThat(openCrane.tenants().purge(acme, "acme")).isEqualTo(PurgeOutcome.DONE);

        assertThat(objects.get(children.encryptionKey())).isEmpty();
    }

    @Test
    void finalizersAreReleasedWhereNoOperatorIsLeft() {
        running();
        openCrane.tenants().delete(acme);

        assertThat(openCrane.releaseFinalizers(InstanceScope.namespace(namespace)))
                .containsExactly(acme);

        assertThat(openCrane.tenants().find(acme)).isEmpty();
        assertThat(objects.get(children.deployment()))
                .as("nothing is cleaned up")
                .isPresent();
        assertThatThrownBy(() -> openCrane.releaseFinalizers(InstanceScope.wholeCluster(namespace)))
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALIDATION_ERROR));
    }

    @Test
    void aSecretThatNobodyCanReadStopsNeitherTheTenantNorItsDeletion() {
        running();
        objects.patch(
                children.modelKey(),
                Target.OBJECT,
                PatchType.MERGE,
                "{\"metadata\":{\"annotations\":{\"opencrane.io/litellm-key-revision\":\"first\"}}}");

        Tenant tenant = reconcileUntil(TenantPhase.RUNNING).tenant();
        assertThat(condition(tenant, "ModelKeyReady").isTrue()).isFalse();

        openCrane.tenants().delete(acme);
        reconcile();
        assertThat(openCrane.tenants().find(acme)).isEmpty();
        assertThat(objects.get(children.modelKey())).isEmpty();
        assertThat(liteLlm.keys()).isEmpty();
    }

    @Test
    void aKeyOfThePlatformIsTakenOverAndNoNewOneIsMade() {
        SecretText key = liteLlm.addKey("tenant-acme", new BigDecimal("50"), "30d", new BigDecimal("12.5"));
        objects.create(platformSecret(key));
        createAcme();

        Tenant tenant = reconcile().tenant();

        assertThat(condition(tenant, "ModelKeyReady"))
                .extracting(Condition::reason, Condition::message)
                .containsExactly("Live", "Revision 0; taken over, after 12.5 USD spent on its own budget.");
        assertThat(live(children.modelKey()).<String>get("data", "apiKey")).isEqualTo(encoded(key));
        assertThat(Annotations.keyRevision(live(children.deployment())))
                .as("no pod rolls for it")
                .isZero();
        assertThat(liteLlm.keys()).singleElement().satisfies(taken -> {
            assertThat(taken.teamId()).isEqualTo(liteLlm.teams().get(0).teamId());
            assertThat(taken.maxBudgetUsd()).isNull();
        });
        assertThat(liteLlm.isLive(key)).isTrue();
        String version = version(children.modelKey());
        reconcileUntil(TenantPhase.RUNNING);
        assertThat(version(children.modelKey())).as("taken over once").isEqualTo(version);
    }

    @Test
    void aKeyOfThePlatformThatIsInAnotherTeamIsUsedAsItIsAndReported() {
        SecretText key = liteLlm.addKey("tenant-acme", new BigDecimal("50"), "30d", BigDecimal.ZERO);
        liteLlm.addTeam("research", "Research", null, null, BigDecimal.ZERO);
        gateway.placeKey(liteLlm.keys().get(0).hash(), "research", Map.of());
        GenericKubernetesResource before = objects.create(platformSecret(key));
        createAcme();

        Tenant tenant = reconcile().tenant();

        assertThat(condition(tenant, "ModelKeyReady").reason()).isEqualTo("NotTakenOver");
        assertThat(version(children.modelKey())).isEqualTo(before.getMetadata().getResourceVersion());
    }

    /** As the deployed platform lays it. */
    private GenericKubernetesResource platformSecret(SecretText key) {
        GenericKubernetesResource theirs = new GenericKubernetesResource();
        theirs.setApiVersion("v1");
        theirs.setKind("Secret");
        theirs.setMetadata(new ObjectMetaBuilder()
                .withNamespace(namespace)
                .withName("openclaw-acme-litellm-key")
                .withLabels(Map.of("opencrane.io/tenant", "acme", "app.kubernetes.io/managed-by", "opencrane-operator"))
                .build());
        theirs.setAdditionalProperty("data", Map.of("apiKey", encoded(key)));
        return theirs;
    }

    private static String encoded(SecretText key) {
        return Base64.getEncoder().encodeToString(key.reveal().getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theSameTenantReconciledByManyAtOnceEndsTheSame() throws Exception {
        createAcme();
        settle(List.of(customResource()));
        ExecutorService workers = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                all.add(workers.submit(() -> untilDone(() -> reconciler.reconcile(acme))));
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        } finally {
            workers.shutdownNow();
        }

        reconcileUntil(TenantPhase.RUNNING);
        assertThat(liteLlm.keys()).hasSize(1);
        String recorded = live(children.modelKey()).get("data", "apiKey");
        assertThat(liteLlm.isLive(
                        SecretText.of(new String(Base64.getDecoder().decode(recorded), StandardCharsets.UTF_8))))
                .isTrue();
        assertThat(live(children.deployment()).getMetadata().getGeneration()).isEqualTo(1);
    }

    /** As an operator's queue does: a lost race is tried again. */
    private static void untilDone(Runnable work) {
        for (int attempt = 0; attempt < 50; attempt++) {
            try {
                work.run();
                return;
            } catch (OpenCraneException e) {
                assertThat(e.isRetryable()).as("%s", e.getMessage()).isTrue();
            }
        }
        throw new AssertionError("never done");
    }

    @Test
    void aBadChannelIsRefusedAlsoWhenKubectlMadeIt() {
        createAcme();
        objects.patch(
                customResource(),
                Target.OBJECT,
                PatchType.MERGE,
                "{\"spec\":{\"channels\":[{\"adapter\":\"slack\",\"credentialsSecretName\":\"openclaw-other-encryption-key\"}]}}");

        Tenant tenant = reconcile().tenant();

        assertThat(tenant.status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(tenant.status().message()).contains("channels[0].credentialsSecretName");
        assertThat(objects.get(children.deployment())).isEmpty();
    }
}
