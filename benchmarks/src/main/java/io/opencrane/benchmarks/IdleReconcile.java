package io.opencrane.benchmarks;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.Faults;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What looking at a tenant costs that did not change, when everything comes from caches: processor time, and no request. */
public final class IdleReconcile {
    private static final String NAMESPACE = "opencrane";
    private static final int TENANTS = 200;
    private static final int ROUNDS = 20;

    private IdleReconcile() {}

    /**
     * Prints microseconds a reconcile, after as many rounds to warm up.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        InstanceScope scope = InstanceScope.namespace(NAMESPACE);
        ObjectStore objects =
                InMemoryCluster.create(scope, InstantSource.system()).objects();
        Faults requests = new Faults();
        KubernetesCluster cluster = KubernetesCluster.over(requests.wrap(ObjectStore.class, objects), scope);
        Settings settings = Settings.builder()
                .namespace(NAMESPACE)
                .watchNamespaces(NAMESPACE)
                .build();
        makeRunning(cluster, settings, objects);
        TenantReconciler reconciler = TenantReconciler.builder(cluster, settings)
                .reader(new Snapshot(objects))
                .build();
        requests.restart();

        round(reconciler);
        long start = System.nanoTime();
        round(reconciler);
        double micros = (System.nanoTime() - start) / 1_000.0 / TENANTS / ROUNDS;
        System.out.printf(
                "idle reconcile from caches: %.0f microseconds each (%.0f/s on one core), %d requests in %d reconciles%n",
                micros, 1_000_000 / micros, requests.calls().size(), 2 * ROUNDS * TENANTS);
    }

    private static void makeRunning(KubernetesCluster cluster, Settings settings, ObjectStore objects) {
        OpenCrane openCrane = OpenCrane.builder().cluster(cluster).build();
        TenantReconciler reconciler =
                TenantReconciler.builder(cluster, settings).build();
        FakeKubelet kubelet = FakeKubelet.withControllers(objects);
        for (int i = 0; i < TENANTS; i++) {
            openCrane
                    .tenants()
                    .create(NewTenant.builder("t" + i, "Tenant " + i, "owner@example.com")
                            .namespace(NAMESPACE)
                            .team("engineering")
                            .build());
            reconciler.reconcile(id(i));
        }
        kubelet.runOnce();
        for (int i = 0; i < TENANTS; i++) {
            TenantPhase phase =
                    reconciler.reconcile(id(i)).orElseThrow().tenant().status().phase();
            if (phase != TenantPhase.RUNNING) {
                throw new IllegalStateException(id(i) + " is " + phase);
            }
        }
    }

    private static void round(TenantReconciler reconciler) {
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < TENANTS; i++) {
                if (reconciler.reconcile(id(i)).isEmpty()) {
                    throw new IllegalStateException(id(i) + " is gone");
                }
            }
        }
    }

    private static TenantId id(int number) {
        return new TenantId(NAMESPACE, "t" + number);
    }

    /** A cache that is always right, because nothing changes. */
    private static final class Snapshot implements ObjectReader {
        private final Map<ObjectRef, GenericKubernetesResource> objects = new HashMap<>();

        Snapshot(ObjectStore source) {
            for (ObjectType type : List.of(
                    ObjectType.of(ResourceKind.TENANT),
                    ObjectType.SERVICE_ACCOUNT,
                    ObjectType.SECRET,
                    ObjectType.CONFIG_MAP,
                    ObjectType.PERSISTENT_VOLUME_CLAIM,
                    ObjectType.DEPLOYMENT,
                    ObjectType.SERVICE,
                    ObjectType.INGRESS,
                    ObjectType.POD)) {
                ObjectReader.of(source)
                        .list(type, NAMESPACE, Filter.all())
                        .forEach(object -> objects.put(
                                type.named(NAMESPACE, object.getMetadata().getName()), object));
            }
        }

        @Override
        public Optional<GenericKubernetesResource> get(ObjectRef ref) {
            return Optional.ofNullable(objects.get(ref));
        }

        @Override
        public List<GenericKubernetesResource> list(ObjectType type, String namespace, Filter filter) {
            return type.equals(ObjectType.POD)
                    ? objects.values().stream()
                            .filter(object -> "Pod".equals(object.getKind()))
                            .filter(filter::matches)
                            .toList()
                    : List.of();
        }
    }
}
