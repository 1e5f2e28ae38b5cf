package io.opencrane.it.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.ReconcileResult;
import io.opencrane.k8s.reconcile.StateClaim;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.k8s.remote.CustomerClusters;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One instance with a home cluster and the customers gold and silver, who have clusters of their own, bound to namespaces of one name
 * there; bronze is at home. All in memory.
 */
final class CustomersWithClusters {
    static final TenantId ACME = new TenantId("opencrane", "acme");
    static final String BOUND = "tenants";
    static final SecretText MASTER_KEY = SecretText.of("sk-master");
    private static final Set<String> WRITES = Set.of("create", "apply", "patch", "delete");

    final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    final Faults faults;
    final ObjectStore home;
    final KubernetesCluster cluster;
    final OpenCrane openCrane;
    final TenantReconciler reconciler;
    final List<String> moves = new ArrayList<>();
    final Set<String> broken = new HashSet<>();
    int openSessions;
    private final Map<String, ObjectStore> stores = new HashMap<>();
    private final Map<String, ObjectStore> wrapped = new HashMap<>();
    private final Map<String, Faults> outages = new HashMap<>();
    private final Supplier<TenantReconciler.Builder> reconcilers;
    private final List<FakeKubelet> kubelets = new ArrayList<>();

    CustomersWithClusters(Faults faults, FakeLiteLlm liteLlm, ModelGateway gateway) {
        this.faults = faults;
        InstanceScope scope = InstanceScope.namespaces("opencrane", "team-b");
        for (String name : List.of("", "gold", "silver")) {
            InMemoryCluster memory =
                    InMemoryCluster.create(name.isEmpty() ? scope : InstanceScope.namespace(BOUND), clock);
            memory.createNamespace(name.isEmpty() ? "opencrane-bronze" : BOUND);
            stores.put(name, memory.objects());
            outages.put(name, new Faults());
            wrapped.put(name, faults.wrap(ObjectStore.class, outage(name).wrap(ObjectStore.class, memory.objects())));
            kubelets.add(FakeKubelet.withControllers(memory.objects()));
        }
        home = stores.get("");
        cluster = KubernetesCluster.over(wrapped.get(""), scope).reaching(this::open);
        Settings settings = Settings.builder()
                .namespace("opencrane")
                .watchNamespaces("opencrane", "team-b")
                .instanceId("clusters")
                .ingressDomain("example.com")
                .liteLlmEnabled(true)
                .liteLlmEndpoint(liteLlm.endpoint())
                .liteLlmMasterKey(MASTER_KEY)
                .build();
        openCrane = OpenCrane.builder()
                .cluster(cluster)
                .settings(settings)
                .modelGateway(gateway)
                .clock(clock)
                .build();
        reconcilers = () -> TenantReconciler.builder(cluster, settings)
                .modelGateway(faults.wrap(ModelGateway.class, gateway))
                .clock(clock);
        reconciler = reconcilers
                .get()
                .stateMover((tenant, from, to) -> move(from, to))
                .build();
        customer("gold", IsolationTier.DEDICATED_CLUSTER, BOUND, null);
        customer("silver", IsolationTier.DEDICATED_CLUSTER, BOUND, "silver.example.com");
        customer("bronze", IsolationTier.SHARED, "opencrane-bronze", null);
    }

    private CustomerClusters.Session open(ClusterTenant customer) {
        String name = customer.metadata().name();
        if (broken.contains(name)) {
            throw new OpenCraneException(
                    ErrorCode.DEPENDENCY_NOT_CONFIGURED, customer.key().toString(), "Its kubeconfig is broken.");
        }
        openSessions++;
        ObjectStore objects = wrapped.get(name);
        return new CustomerClusters.Session() {
            @Override
            public ObjectStore objects() {
                return objects;
            }

            @Override
            public void close() {
                openSessions--;
            }
        };
    }

    private boolean move(StateClaim from, StateClaim to) {
        ObjectStore before = stores.get(from.cluster());
        assertThat(before.list(ObjectType.POD, from.claim().namespace(), Filter.all(), 10, null)
                        .items())
                .as("nothing runs while state is copied")
                .isEmpty();
        assertThat(before.get(from.claim())).isPresent();
        assertThat(stores.get(to.cluster()).get(to.claim())).isPresent();
        moves.add(from + " -> " + to);
        return true;
    }

    private void customer(String name, IsolationTier tier, String namespace, String baseDomain) {
        KubernetesCluster plain = KubernetesCluster.over(home, cluster.scope());
        ClusterTenantSpec.Builder spec = ClusterTenantSpec.builder(name).isolationTier(tier);
        ClusterTenant made = plain.resources()
                .create(new ClusterTenant(
                        ResourceMetadata.of("", name),
                        (baseDomain == null ? spec : spec.baseDomain(baseDomain)).build(),
                        ClusterTenantStatus.empty()));
        SecretKeyRef kubeconfig = tier == IsolationTier.DEDICATED_CLUSTER
                ? new SecretKeyRef("opencrane", name + "-kubeconfig", "kubeconfig")
                : null;
        plain.resources()
                .patchStatus(
                        made,
                        made.withStatus(ClusterTenantStatus.empty().toBuilder()
                                .boundNamespace(namespace)
                                .kubeconfigSecretRef(kubeconfig)
                                .build()));
    }

    /** The real objects of a customer's cluster, past all faults; home for none. */
    ObjectStore in(String customer) {
        return stores.get(customer);
    }

    /** What can go wrong with one cluster, and what it was asked. */
    Faults outage(String customer) {
        return outages.get(customer);
    }

    long writesIn(String customer) {
        return outage(customer).calls().stream()
                .filter(call -> WRITES.contains(call.method()))
                .count();
    }

    void forgetCalls() {
        outages.values().forEach(Faults::restart);
    }

    void create(TenantId id, String customer) {
        NewTenant.Builder tenant = NewTenant.builder(id.name(), "ACME Corp", "owner@acme.com")
                .namespace(id.namespace())
                .team("engineering")
                .monthlyBudgetUsd("200");
        openCrane.tenants().create((customer == null ? tenant : tenant.clusterTenantRef(customer)).build());
    }

    void moveTo(String customer) {
        openCrane
                .tenants()
                .update(ACME, TenantPatch.builder().clusterTenantRef(customer).build());
    }

    Tenant tenant() {
        return openCrane.tenants().get(ACME);
    }

    TenantReconciler reconcilerWithoutMover() {
        return reconcilers.get().build();
    }

    void runKubelets() {
        kubelets.forEach(FakeKubelet::runOnce);
    }

    ReconcileResult reconcile() {
        return reconcile(ACME);
    }

    ReconcileResult reconcile(TenantId id) {
        runKubelets();
        try {
            return reconciler.reconcile(id).orElseThrow();
        } finally {
            assertThat(openSessions).as("sessions are closed on every path").isZero();
        }
    }

    Tenant reconcileUntil(TenantPhase phase) {
        for (int i = 0; i < 12; i++) {
            ReconcileResult result = reconcile();
            boolean hasKey = result.modelKey().isPresent();
            if (result.tenant().status().phase() == phase && hasKey) {
                return result.tenant();
            }
        }
        throw new AssertionError("never " + phase + ": " + tenant().status());
    }

    static List<ObjectRef> objectsOf(TenantChildren children) {
        return List.of(
                children.encryptionKey(),
                children.serviceAccount(),
                children.modelKey(),
                children.config(),
                children.state(),
                children.deployment(),
                children.service(),
                children.ingress());
    }
}
