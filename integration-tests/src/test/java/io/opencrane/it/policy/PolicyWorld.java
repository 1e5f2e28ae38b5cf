package io.opencrane.it.policy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.AccessPolicyReconciler;
import io.opencrane.k8s.reconcile.AccessPolicyResult;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.k8s.remote.CustomerClusters;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.fault.Call;
import io.opencrane.testkit.fault.Faults;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Policies and tenants of one instance, whose two reconcilers run side by side as an operator runs them. */
final class PolicyWorld {
    static final Set<String> WRITES = Set.of("create", "apply", "patch", "delete");

    final String home;
    final String second;
    final Faults faults;
    final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final InstanceScope scope;
    private final Function<KubernetesCluster, KubernetesCluster> reaching;
    private final String defaultPolicy;
    private ObjectStore objects;
    private KubernetesCluster direct;
    private TenantReconciler tenants;
    private AccessPolicyReconciler policies;

    private PolicyWorld(
            String home,
            Faults faults,
            InstanceScope scope,
            String defaultPolicy,
            Function<KubernetesCluster, KubernetesCluster> reaching) {
        this.home = home;
        this.second = home + "-b";
        this.faults = faults;
        this.scope = scope;
        this.defaultPolicy = defaultPolicy;
        this.reaching = reaching;
    }

    /** Names that nobody else on a shared server has. */
    static PolicyWorld fresh() {
        return of("pol-" + UUID.randomUUID().toString().substring(0, 8), new Faults());
    }

    static PolicyWorld of(String home, Faults faults) {
        return new PolicyWorld(home, faults, InstanceScope.namespaces(home, home + "-b"), "", UnaryOperator.identity());
    }

    PolicyWorld withDefaultPolicy(String name) {
        return new PolicyWorld(home, faults, scope, name, reaching);
    }

    PolicyWorld acrossTheCluster() {
        return new PolicyWorld(home, faults, InstanceScope.wholeCluster(home), defaultPolicy, reaching);
    }

    PolicyWorld reaching(CustomerClusters clusters) {
        return new PolicyWorld(home, faults, scope, defaultPolicy, cluster -> cluster.reaching(clusters));
    }

    InstanceScope scope() {
        return scope;
    }

    /** The cluster with our CRDs and the namespaces {@link #home} and {@link #second}. */
    PolicyWorld on(ObjectStore cluster) {
        objects = cluster;
        direct = KubernetesCluster.over(objects, scope);
        restart();
        return this;
    }

    /** A new process: it remembers nothing. */
    void restart() {
        Settings settings = settings();
        KubernetesCluster faulty =
                reaching.apply(KubernetesCluster.over(faults.wrap(ObjectStore.class, objects), scope));
        tenants = TenantReconciler.builder(faulty, settings).clock(clock).build();
        policies = AccessPolicyReconciler.builder(faulty, settings).clock(clock).build();
    }

    private Settings settings() {
        var settings = Settings.builder()
                .namespace(home)
                .podNamespace(home)
                .instanceId(home)
                .ingressDomain(home + ".example.com");
        if (!scope.isWholeCluster()) {
            settings.watchNamespaces(home, second);
        }
        return (defaultPolicy.isEmpty() ? settings : settings.defaultTenantPolicyRef(defaultPolicy)).build();
    }

    ObjectStore objects() {
        return objects;
    }

    KubernetesCluster direct() {
        return direct;
    }

    /** A new tenant, reconciled once. */
    Tenant tenant(String name, UnaryOperator<TenantSpec.Builder> spec) {
        return tenant(new TenantId(home, name), spec);
    }

    Tenant tenant(TenantId id, UnaryOperator<TenantSpec.Builder> spec) {
        createTenant(id, spec);
        return reconcile(id);
    }

    void createTenant(TenantId id, UnaryOperator<TenantSpec.Builder> spec) {
        direct.resources()
                .create(new Tenant(
                        ResourceMetadata.of(id.namespace(), id.name()),
                        spec.apply(TenantSpec.builder(id.name(), "owner@example.com"))
                                .build(),
                        TenantStatus.empty()));
    }

    /** One that is said to run in the namespace of its custom resource, and was never reconciled. */
    void placeTenant(String name, UnaryOperator<TenantSpec.Builder> spec) {
        createTenant(new TenantId(home, name), spec);
        Tenant made = find(name);
        TenantStatus placed =
                made.status().toBuilder().placement(new Placement("", home)).build();
        direct.resources().patchStatus(made, made.withStatus(placed));
    }

    Tenant changeTenant(String name, UnaryOperator<TenantSpec.Builder> spec) {
        Tenant now = find(name);
        direct.resources()
                .patch(now, now.withSpec(spec.apply(now.spec().toBuilder()).build()));
        return reconcile(new TenantId(home, name));
    }

    void deleteTenant(String name) {
        direct.resources().delete(find(name));
        reconcileTenant(new TenantId(home, name));
    }

    Tenant find(String tenant) {
        return direct.resources().find(Tenant.class, home, tenant).orElseThrow();
    }

    Tenant reconcile(TenantId id) {
        return reconcileTenant(id).orElseThrow();
    }

    private Optional<Tenant> reconcileTenant(TenantId id) {
        return retrying(() -> tenants.reconcile(id)).map(result -> result.tenant());
    }

    AccessPolicy policy(String name, UnaryOperator<AccessPolicySpec.Builder> spec) {
        return policy(new AccessPolicyId(home, name), spec);
    }

    /** A new policy, reconciled once. */
    AccessPolicy policy(AccessPolicyId id, UnaryOperator<AccessPolicySpec.Builder> spec) {
        createPolicy(id, spec);
        return reconcile(id).policy().orElseThrow();
    }

    AccessPolicy createPolicy(AccessPolicyId id, UnaryOperator<AccessPolicySpec.Builder> spec) {
        return direct.resources()
                .create(new AccessPolicy(
                        ResourceMetadata.of(id.namespace(), id.name()),
                        spec.apply(AccessPolicySpec.builder()).build(),
                        AccessPolicyStatus.empty()));
    }

    AccessPolicy changePolicy(String name, UnaryOperator<AccessPolicySpec.Builder> spec) {
        AccessPolicy now = findPolicy(name).orElseThrow();
        direct.resources()
                .patch(now, now.withSpec(spec.apply(now.spec().toBuilder()).build()));
        return reconcile(name);
    }

    void deletePolicy(String name) {
        direct.resources().delete(findPolicy(name).orElseThrow());
    }

    Optional<AccessPolicy> findPolicy(String name) {
        return direct.resources().find(AccessPolicy.class, home, name);
    }

    AccessPolicy reconcile(String policy) {
        return reconcile(new AccessPolicyId(home, policy)).policy().orElseThrow();
    }

    AccessPolicyResult reconcile(AccessPolicyId id) {
        return retrying(() -> policies.reconcile(id));
    }

    AccessPolicyResult reconcile(AccessPolicy copy) {
        return policies.reconcile(copy);
    }

    /** A customer that is bound already: to a namespace at home, or to one in a cluster of its own. */
    void customer(String name, String namespace, IsolationTier tier) {
        ClusterTenant made = direct.resources()
                .create(new ClusterTenant(
                        ResourceMetadata.of("", name),
                        ClusterTenantSpec.builder(name).isolationTier(tier).build(),
                        ClusterTenantStatus.empty()));
        ClusterTenantStatus.Builder status =
                ClusterTenantStatus.empty().toBuilder().boundNamespace(namespace);
        if (tier == IsolationTier.DEDICATED_CLUSTER) {
            status.kubeconfigSecretRef(new SecretKeyRef(home, name + "-kubeconfig", "kubeconfig"));
        }
        direct.resources().patchStatus(made, made.withStatus(status.build()));
    }

    static ObjectRef network(String namespace, String policy) {
        return ObjectType.NETWORK_POLICY.named(namespace, "opencrane-policy-" + policy);
    }

    ObjectRef network(String policy) {
        return network(home, policy);
    }

    static ObjectRef cilium(String namespace, String policy) {
        return ObjectType.CILIUM_NETWORK_POLICY.named(namespace, "opencrane-policy-" + policy);
    }

    GenericKubernetesResource live(ObjectRef ref) {
        return objects.get(ref).orElseThrow(() -> new AssertionError(ref + " is not there"));
    }

    void merge(ObjectRef ref, String body) {
        objects.patch(ref, Target.OBJECT, PatchType.MERGE, body);
    }

    void json(ObjectRef ref, String body) {
        objects.patch(ref, Target.OBJECT, PatchType.JSON, body);
    }

    /** All network policies that policies made in a namespace. */
    List<String> networks(String namespace) {
        return objects.list(ObjectType.NETWORK_POLICY, namespace, Filter.all(), 500, null).items().stream()
                .map(policy -> policy.getMetadata().getName())
                .filter(name -> name.startsWith("opencrane-policy-"))
                .sorted()
                .toList();
    }

    static GenericKubernetesResource object(ObjectRef ref, Object spec) {
        GenericKubernetesResource object = new GenericKubernetesResource();
        object.setApiVersion(ref.type().apiVersion());
        object.setKind(ref.type().kind());
        object.setMetadata(new ObjectMetaBuilder()
                .withNamespace(ref.namespace().isEmpty() ? null : ref.namespace())
                .withName(ref.name())
                .build());
        object.setAdditionalProperty("spec", spec);
        return object;
    }

    /** The writes of one step. */
    List<String> writes(Runnable step) {
        faults.restart();
        step.run();
        List<String> writes = faults.calls().stream()
                .filter(call -> WRITES.contains(call.method()))
                .map(Call::toString)
                .toList();
        faults.restart();
        return writes;
    }

    static String condition(AccessPolicy policy, String type) {
        return policy.status().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .map(condition -> condition.isTrue() ? "True" : condition.reason())
                .findFirst()
                .orElse("-");
    }

    static String message(AccessPolicy policy, String type) {
        return policy.status().conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .map(Condition::message)
                .findFirst()
                .orElse("");
    }

    static UnaryOperator<AccessPolicySpec.Builder> forTeam(String team, EgressRule... rules) {
        return spec -> spec.tenantSelector(new TenantSelector(Map.of(), team)).egressRules(List.of(rules));
    }

    /** As every queue does: somebody may write between a read and a write. */
    private static <T> T retrying(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (OpenCraneException e) {
                if (e.code() != ErrorCode.CONFLICT || !e.isRetryable() || attempt == 5) {
                    throw e;
                }
            }
        }
    }
}
