package io.opencrane.it.customer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.ClusterTenantResources;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.Compute;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.clustertenant.CustomerPurge;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.apply.CustomerOwnership;
import io.opencrane.k8s.blueprint.CustomerBlueprint;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.blueprint.RoleGrant;
import io.opencrane.k8s.blueprint.RoleGrant.Subject;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.ClusterTenantReconciler;
import io.opencrane.k8s.reconcile.ClusterTenantResult;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.fault.Call;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reconciler of customers promises in the home cluster, on a real API server and on the fake alike. */
abstract class CustomerScenarios {
    private static final Set<String> WRITES = Set.of("create", "apply", "patch", "delete");
    private static final Quota QUOTA = Quota.builder()
            .cpu(Quantity.parse("2"))
            .memory(Quantity.parse("4Gi"))
            .storage(Quantity.parse("10Gi"))
            .pods(5L)
            .build();

    final String name = "c-" + UUID.randomUUID().toString().substring(0, 8);
    final String home = "home-" + name;
    private final CustomerChildren children = new CustomerChildren(name, "opencrane-" + name);
    private final Faults faults = new Faults();
    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final Map<String, GenericKubernetesResource> baseline = new HashMap<>();
    private Optional<RoleGrant> grant = Optional.empty();
    private ObjectStore objects;
    private KubernetesCluster direct;
    private ClusterTenantReconciler reconciler;

    /** A cluster with our CRDs and a namespace {@link #home}. */
    abstract ObjectStore startObjects();

    @BeforeEach
    void start() {
        objects = startObjects();
        InstanceScope everything = InstanceScope.wholeCluster(home);
        direct = KubernetesCluster.over(objects, everything);
        reconciler = ClusterTenantReconciler.builder(
                        KubernetesCluster.over(faults.wrap(ObjectStore.class, objects), everything),
                        (customer, namespace) -> List.copyOf(baseline.values()))
                .namespaceAccess((customer, spec) -> grant)
                .clock(clock)
                .build();
    }

    @Test
    void aNewCustomerIsReadyWithANamespaceThatHasEverythingInForce() {
        create(spec -> spec);

        ClusterTenant ready = reconcile();

        assertThat(ready.status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(ready.status().boundNamespace()).isEqualTo(children.namespace());
        assertThat(ready.status().provisioner()).isEqualTo("opencrane");
        assertThat(ready.status().message()).isNull();
        assertThat(ready.status().observedGeneration())
                .isEqualTo(ready.metadata().generation());
        assertThat(ready.status().conditions())
                .extracting(Condition::type, Condition::isTrue)
                .contains(tuple("Accepted", true), tuple("NamespaceReady", true), tuple("Ready", true));
        assertThat(ready.metadata().finalizers()).containsExactly("opencrane.io/cleanup");
        assertThat(live(children.boundNamespace()).getMetadata().getLabels())
                .containsAllEntriesOf(new CustomerOwnership(name).labels())
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted")
                .containsEntry("pod-security.kubernetes.io/enforce-version", "latest")
                .containsEntry("pod-security.kubernetes.io/warn", "restricted")
                .containsEntry("pod-security.kubernetes.io/audit", "restricted");
        assertThat(hard())
                .isEqualTo(
                        Map.of("requests.cpu", "2", "requests.memory", "4Gi", "requests.storage", "10Gi", "pods", "5"));
        List<Map<String, Object>> limits = live(children.limits()).get("spec", "limits");
        assertThat(limits)
                .containsExactly(Map.of(
                        "type", "Container",
                        "default", Map.of("cpu", "1", "memory", "1Gi"),
                        "defaultRequest", Map.of("cpu", "100m", "memory", "128Mi")));
        assertThat(objects.get(children.access())).isEmpty();
    }

    @Test
    void anIdleCustomerCostsNoWrite() {
        grant = Optional.of(new RoleGrant("view", List.of(Subject.serviceAccount(home, "operator"))));
        baseline.put("deny", policy("deny"));
        create(spec -> spec.compute(Compute.dedicated("gold")).isolationTier(IsolationTier.DEDICATED_NODES));
        reconcile();
        faults.restart();

        for (int i = 0; i < 20; i++) {
            assertThat(reconciler.reconcile(name))
                    .get()
                    .satisfies(result -> assertThat(result.requeueAfter()).isEmpty());
        }

        assertThat(writes()).isEmpty();
    }

    @Test
    void aDroppedQuotaDimensionIsRemovedAndTheLastOneTakesTheQuotaWithIt() {
        create(spec -> spec);
        reconcile();

        change(spec -> spec.resources(
                new ClusterTenantResources(Quota.builder().pods(3L).gpu(1L).build())));
        reconcile();
        assertThat(hard()).isEqualTo(Map.of("pods", "3", "requests.nvidia.com/gpu", "1"));

        change(spec -> spec.resources(ClusterTenantResources.NONE));
        reconcile();
        assertThat(objects.get(children.quota())).isEmpty();
    }

    @Test
    void whatIsInForceIsBroughtBackWhoeverTookIt() {
        baseline.put("deny", policy("deny"));
        create(spec -> spec);
        reconcile();
        merge(
                children.boundNamespace(),
                "{\"metadata\":{\"labels\":{\"pod-security.kubernetes.io/enforce\":\"privileged\"}}}");
        merge(children.quota(), "{\"spec\":{\"hard\":{\"pods\":\"500\"}}}");
        delete(children.limits());
        delete(ObjectType.NETWORK_POLICY.named(children.namespace(), "deny"));

        ClusterTenant after = reconcile();

        assertThat(after.status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(live(children.boundNamespace()).getMetadata().getLabels())
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
        assertThat(hard()).containsEntry("pods", "5");
        assertThat(objects.get(children.limits())).isPresent();
        assertThat(objects.get(ObjectType.NETWORK_POLICY.named(children.namespace(), "deny")))
                .isPresent();
        faults.restart();
        reconcile();
        assertThat(writes()).isEmpty();
    }

    @Test
    void anObjectThatLostItsLabelGetsItBack() {
        create(spec -> spec);
        reconcile();
        merge(children.limits(), "{\"metadata\":{\"labels\":{\"opencrane.io/cluster-tenant\":null}}}");

        assertThat(reconcile().status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(live(children.limits()).getMetadata().getLabels())
                .containsEntry("opencrane.io/cluster-tenant", name);
    }

    @Test
    void whoFightsOverAQuotaIsReportedAndTheFightIsTakenUpAgain() {
        create(spec -> spec);
        reconcile();
        for (int i = 0; i < 3; i++) {
            merge(children.quota(), "{\"spec\":{\"hard\":{\"pods\":\"500\"}}}");
            assertThat(reconcile().status().phase()).isEqualTo(ClusterTenantPhase.READY);
        }
        merge(children.quota(), "{\"spec\":{\"hard\":{\"pods\":\"500\"}}}");

        ClusterTenant fought = reconcile();
        assertThat(fought.status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(condition(fought, "NamespaceReady").reason()).isEqualTo("NotConverging");
        faults.restart();
        reconcile();
        assertThat(writes()).isEmpty();

        clock.advance(Duration.ofMinutes(11));
        assertThat(reconcile().status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(hard()).containsEntry("pods", "5");
    }

    @Test
    void aLabelOfSomebodyElseOnTheNamespaceStays() {
        create(spec -> spec);
        reconcile();
        merge(children.boundNamespace(), "{\"metadata\":{\"labels\":{\"cost-center\":\"42\"}}}");
        faults.restart();

        reconcile();

        assertThat(live(children.boundNamespace()).getMetadata().getLabels()).containsEntry("cost-center", "42");
        assertThat(writes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "another"})
    void aNamespaceThatIsNotTheCustomersIsNotCaptured(String labelled) {
        GenericKubernetesResource foreign = object(children.boundNamespace());
        if (!labelled.isEmpty()) {
            foreign.getMetadata().setLabels(new CustomerOwnership(labelled).labels());
        }
        String version = objects.create(foreign).getMetadata().getResourceVersion();
        create(spec -> spec);

        ClusterTenant refused = reconcile();

        assertThat(refused.status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(refused.status().boundNamespace()).isNull();
        assertThat(refused.status().message())
                .contains("ClusterTenant " + name + " needs this name")
                .contains(labelled.isEmpty() ? "nobody of OpenCrane" : "ClusterTenant another");
        assertThat(condition(refused, "NamespaceReady").reason()).isEqualTo("NAME_TAKEN");
        assertThat(live(children.boundNamespace()).getMetadata().getResourceVersion())
                .isEqualTo(version);
        assertThat(objects.get(children.quota())).isEmpty();

        delete();
        reconciler.reconcile(name);
        assertThat(find()).isEmpty();
        assertThat(live(children.boundNamespace()).getMetadata().getResourceVersion())
                .isEqualTo(version);
    }

    @Test
    void whatThePlatformMadeIsTakenOver() {
        GenericKubernetesResource namespace = object(children.boundNamespace());
        namespace.getMetadata().setLabels(new CustomerOwnership(name).labels());
        objects.create(namespace);
        GenericKubernetesResource quota = object(children.quota());
        quota.getMetadata().setLabels(new CustomerOwnership(name).labels());
        quota.setAdditionalProperty("spec", Map.of("hard", Map.of("pods", "99", "requests.cpu", "7")));
        objects.create(quota);
        create(spec -> spec.resources(
                new ClusterTenantResources(Quota.builder().pods(5L).build())));

        ClusterTenant ready = reconcile();

        assertThat(ready.status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(hard()).isEqualTo(Map.of("pods", "5"));
    }

    @Test
    void aDeletedCustomerWithoutStateIsGoneWithItsNamespace() {
        create(spec -> spec);
        reconcile();

        delete();
        reconcileUntilGone();

        assertThat(objects.get(children.boundNamespace())).isEmpty();
    }

    @Test
    void aNamespaceWithStateStaysAndIsTheCustomersAgainWhenItComesBack() {
        grant = Optional.of(new RoleGrant("view", List.of(Subject.group("people"))));
        baseline.put("deny", policy("deny"));
        create(spec -> spec);
        reconcile();
        ObjectRef key = ObjectType.SECRET.named(children.namespace(), "openclaw-ada-encryption-key");
        objects.create(object(key));
        ObjectRef orphan = ObjectType.SERVICE_ACCOUNT.named(children.namespace(), "openclaw-ada");
        GenericKubernetesResource left = object(orphan);
        left.getMetadata().setLabels(new TenantChildren("ada", children.namespace()).labels());
        objects.create(left);

        delete();
        reconcileUntilGone();

        GenericKubernetesResource retained = live(children.boundNamespace());
        assertThat(retained.getMetadata().getAnnotations()).containsKey(CustomerBlueprint.RETAINED_SINCE);
        assertThat(retained.getMetadata().getDeletionTimestamp()).isNull();
        assertThat(retained.getMetadata().getLabels())
                .containsEntry("pod-security.kubernetes.io/enforce", "restricted");
        for (ObjectRef gone : List.of(
                children.quota(),
                children.limits(),
                children.parent(),
                children.access(),
                orphan,
                ObjectType.NETWORK_POLICY.named(children.namespace(), "deny"))) {
            assertThat(objects.get(gone)).as(gone.toString()).isEmpty();
        }

        create(spec -> spec);
        assertThat(reconcile().status().phase()).isEqualTo(ClusterTenantPhase.READY);
        assertThat(Objects.requireNonNullElse(
                        live(children.boundNamespace()).getMetadata().getAnnotations(), Map.<String, String>of()))
                .doesNotContainKey(CustomerBlueprint.RETAINED_SINCE);
        assertThat(objects.get(key)).isPresent();
        assertThat(hard()).containsEntry("pods", "5");
    }

    @Test
    void aPurgeTakesTheStateToo() {
        create(spec -> spec);
        reconcile();
        objects.create(object(ObjectType.SECRET.named(children.namespace(), "openclaw-ada-encryption-key")));

        patchMetadata(metadata -> metadata.withAnnotations(Map.of(CustomerPurge.ANNOTATION, name)));
        delete();
        reconcileUntilGone();

        assertThat(objects.get(children.boundNamespace())).isEmpty();
    }

    @Test
    void whileTenantsAreAttachedItStaysAndNamesThem() {
        create(spec -> spec);
        reconcile();
        direct.resources().create(tenant());

        delete();
        ClusterTenant waiting = reconcile();

        assertThat(waiting.status().message()).contains("1 tenant is attached").contains(home + "/ada");
        assertThat(condition(waiting, "TenantsGone").reason()).isEqualTo("IN_USE");
        assertThat(objects.get(children.quota())).isPresent();

        direct.resources()
                .delete(direct.resources().find(Tenant.class, home, "ada").orElseThrow());
        reconcileUntilGone();
    }

    @Test
    void nodesOfItsOwnMayComeAndGoButAClusterOfItsOwnMayNot() {
        create(spec -> spec);
        reconcile();
        change(spec -> spec.isolationTier(IsolationTier.DEDICATED_NODES).compute(Compute.dedicated("gold")));
        assertThat(reconcile().status().phase()).isEqualTo(ClusterTenantPhase.READY);
        change(spec -> spec.isolationTier(IsolationTier.DEDICATED_CLUSTER));
        faults.restart();

        ClusterTenant refused = reconcile();

        assertThat(refused.status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(refused.status().boundNamespace()).isEqualTo(children.namespace());
        assertThat(condition(refused, "Accepted").reason()).isEqualTo("MOVE_NEEDS_STATE_PLAN");
        assertThat(faults.calls().stream().filter(call -> WRITES.contains(call.method())))
                .as("its status and nothing else")
                .hasSize(1);
    }

    @Test
    void aTierWithoutAProvisionerIsRefusedBeforeAnythingIsMade() {
        create(spec -> spec.isolationTier(IsolationTier.DEDICATED_CLUSTER));

        ClusterTenant refused = reconcile();

        assertThat(refused.status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(condition(refused, "Accepted").reason()).isEqualTo("TIER_UNAVAILABLE");
        assertThat(refused.metadata().finalizers()).isEmpty();
        assertThat(objects.get(children.boundNamespace())).isEmpty();
    }

    @Test
    void whatKubectlWroteAndCannotBeCarriedOutIsRefusedAndNothingIsTouched() {
        create(spec -> spec);
        reconcile();
        change(spec -> spec.isolationTier(IsolationTier.DEDICATED_NODES).compute(Compute.dedicated("no such/pool!")));

        ClusterTenant refused = reconcile();

        assertThat(refused.status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(condition(refused, "Accepted").reason()).isEqualTo("VALIDATION_ERROR");
        assertThat(refused.status().message()).contains("nodePool").doesNotContain("no such/pool!");
        assertThat(hard()).containsEntry("pods", "5");
    }

    @Test
    void aGrantIsMadeExchangedAndTakenBack() {
        grant = Optional.of(
                new RoleGrant("view", List.of(Subject.serviceAccount(home, "operator"), Subject.user("ada"))));
        create(spec -> spec);
        reconcile();
        assertThat(live(children.access()).<String>get("roleRef", "name")).isEqualTo("view");

        grant = Optional.of(new RoleGrant("edit", List.of(Subject.group("people"))));
        reconcile();
        assertThat(live(children.access()).<String>get("roleRef", "name")).isEqualTo("edit");
        List<Map<String, Object>> subjects = live(children.access()).get("subjects");
        assertThat(subjects)
                .singleElement()
                .satisfies(subject -> assertThat(subject).containsEntry("name", "people"));

        grant = Optional.empty();
        reconcile();
        assertThat(objects.get(children.access())).isEmpty();
    }

    @Test
    void aPolicyOfTheBaselineThatIsNotWantedAnyMoreGoesAndAStrangersStays() {
        baseline.put("deny", policy("deny"));
        baseline.put("dns", policy("dns"));
        create(spec -> spec);
        reconcile();
        ObjectRef strangers = ObjectType.NETWORK_POLICY.named(children.namespace(), "theirs");
        GenericKubernetesResource theirs = policy("theirs");
        objects.create(theirs);

        baseline.remove("dns");
        reconcile();

        assertThat(objects.get(ObjectType.NETWORK_POLICY.named(children.namespace(), "deny")))
                .isPresent();
        assertThat(objects.get(ObjectType.NETWORK_POLICY.named(children.namespace(), "dns")))
                .isEmpty();
        assertThat(objects.get(strangers)).isPresent();
    }

    @Test
    void anOldCopyOfACustomerThatIsGoneMakesNothing() {
        create(spec -> spec);
        ClusterTenant copy = reconcile();
        delete();
        reconcileUntilGone();

        assertThatThrownBy(() -> reconciler.reconcile(copy)).isInstanceOf(OpenCraneException.class);

        assertThat(objects.get(children.boundNamespace())).isEmpty();
    }

    @Test
    void whatTheHostHandsOverStaysAsItIs() {
        GenericKubernetesResource policy = policy("deny");
        ObjectMeta before = new ObjectMetaBuilder(policy.getMetadata()).build();
        baseline.put("deny", policy);
        create(spec -> spec);

        assertThat(reconcile().status().phase()).isEqualTo(ClusterTenantPhase.READY);

        assertThat(policy.getMetadata()).isEqualTo(before);
    }

    @Test
    void tenantsOfOthersThatLiveInItsNamespaceAreNotDeletedWithIt() {
        create(spec -> spec);
        reconcile();
        direct.resources()
                .create(new Tenant(
                        ResourceMetadata.of(children.namespace(), "eve"),
                        TenantSpec.builder("Eve", "eve@example.com").build(),
                        TenantStatus.empty()));

        delete();
        ClusterTenant waiting = reconcile();

        assertThat(waiting.status().message()).contains("eve");
        assertThat(live(children.boundNamespace()).getMetadata().getDeletionTimestamp())
                .isNull();
        assertThat(objects.get(children.quota())).isPresent();
        direct.resources()
                .delete(direct.resources()
                        .find(Tenant.class, children.namespace(), "eve")
                        .orElseThrow());
        reconcileUntilGone();
    }

    @Test
    void whatADeletionMayNotRemoveIsSaidInTheStatus() {
        create(spec -> spec);
        reconcile();
        delete();
        faults.failWhile(call -> call.method().equals("delete"), Failure.FORBIDDEN);

        ClusterTenant held = reconcile();

        assertThat(held.status().phase()).isEqualTo(ClusterTenantPhase.FAILED);
        assertThat(held.status().message()).contains("not allowed");
        faults.clear();
        reconcileUntilGone();
    }

    private ClusterTenant reconcile() {
        return reconciler.reconcile(name).map(ClusterTenantResult::customer).orElseThrow();
    }

    private void reconcileUntilGone() {
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    reconciler.reconcile(name);
                    return find().isEmpty();
                });
    }

    private void create(UnaryOperator<ClusterTenantSpec.Builder> changed) {
        ClusterTenantSpec.Builder spec =
                ClusterTenantSpec.builder("Customer " + name).resources(new ClusterTenantResources(QUOTA));
        direct.resources()
                .create(new ClusterTenant(
                        ResourceMetadata.of("", name), changed.apply(spec).build(), ClusterTenantStatus.empty()));
    }

    private void change(UnaryOperator<ClusterTenantSpec.Builder> changed) {
        ClusterTenant now = find().orElseThrow();
        direct.resources()
                .patch(now, now.withSpec(changed.apply(now.spec().toBuilder()).build()));
    }

    private void patchMetadata(UnaryOperator<ResourceMetadata> changed) {
        ClusterTenant now = find().orElseThrow();
        direct.resources().patch(now, now.withMetadata(changed.apply(now.metadata())));
    }

    private void delete() {
        direct.resources().delete(find().orElseThrow());
    }

    private Optional<ClusterTenant> find() {
        return direct.resources().find(ClusterTenant.class, "", name);
    }

    private Tenant tenant() {
        return new Tenant(
                ResourceMetadata.of(home, "ada"),
                TenantSpec.builder("Ada", "ada@example.com")
                        .clusterTenantRef(name)
                        .build(),
                TenantStatus.empty());
    }

    private static Condition condition(ClusterTenant customer, String type) {
        return customer.status().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private Map<String, Object> hard() {
        return live(children.quota()).get("spec", "hard");
    }

    private GenericKubernetesResource live(ObjectRef ref) {
        return objects.get(ref).orElseThrow();
    }

    private void merge(ObjectRef ref, String body) {
        objects.patch(ref, Target.OBJECT, PatchType.MERGE, body);
    }

    private void delete(ObjectRef ref) {
        objects.delete(ref, live(ref).getMetadata().getUid());
    }

    private List<Call> writes() {
        return faults.calls().stream()
                .filter(call -> WRITES.contains(call.method()))
                .toList();
    }

    private static GenericKubernetesResource object(ObjectRef ref) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(ref.type().apiVersion());
        object.setKind(ref.type().kind());
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(ref.namespace().isEmpty() ? null : ref.namespace())
                .withName(ref.name())
                .build());
        return object;
    }

    private GenericKubernetesResource policy(String policyName) {
        GenericKubernetesResource policy = object(ObjectType.NETWORK_POLICY.named(children.namespace(), policyName));
        policy.setAdditionalProperty(
                "spec", Map.of("podSelector", Map.of(), "policyTypes", List.of("Ingress", "Egress")));
        return policy;
    }
}
