package io.opencrane.k8s;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.blueprint.Annotations;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.key.SecretKeyJournal;
import io.opencrane.k8s.object.ApiServerObjects;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.remote.CustomerClusters;
import io.opencrane.k8s.remote.CustomerObjects;
import io.opencrane.k8s.resource.ResourceStores;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes cluster for one OpenCrane instance. Thread-safe; starts no thread and keeps no cache.
 *
 * <p>A call is retried twice by the client when the connection breaks or the server answers 429 or 5xx, POST included, and takes no longer
 * than the time-out, retries included (DECISIONS 5).
 */
public final class KubernetesCluster implements Cluster, AutoCloseable {
    private static final int CHUNK = 100;

    private final ObjectStore objects;
    private final ResourceStore resources;
    private final InstanceScope scope;
    private final Runnable onClose;
    private final CustomerClusters customers;
    private volatile @Nullable String installUid;

    private KubernetesCluster(ObjectStore objects, InstanceScope scope, Runnable onClose, CustomerClusters customers) {
        this.objects = objects;
        this.resources = ResourceStores.over(objects, scope);
        this.scope = scope;
        this.onClose = onClose;
        this.customers = customers;
    }

    /**
     * A cluster over the host's client, with a time-out of {@link ApiServerObjects#DEFAULT_TIMEOUT}.
     *
     * @param client the host's client; it stays as it is, and open
     * @param scope the namespaces this instance works in
     * @return the cluster
     */
    public static KubernetesCluster using(KubernetesClient client, InstanceScope scope) {
        return using(client, scope, ApiServerObjects.DEFAULT_TIMEOUT);
    }

    /**
     * A cluster over the host's client.
     *
     * @param client the host's client; it stays as it is, and open
     * @param scope the namespaces this instance works in
     * @param timeout how long a call may take, its retries included; then it fails with {@code TIMEOUT}
     * @return the cluster
     */
    public static KubernetesCluster using(KubernetesClient client, InstanceScope scope, Duration timeout) {
        return over(ApiServerObjects.over(client, timeout), scope);
    }

    /**
     * A cluster over a client of its own, for a host that uses Kubernetes for nothing else. Needs a fabric8 client implementation on the
     * class path.
     *
     * @param config where the API server is and who we are; {@code Config.autoConfigure(null)} finds both as kubectl does
     * @param scope the namespaces this instance works in
     * @return the cluster; closing it closes the client
     */
    public static KubernetesCluster connect(Config config, InstanceScope scope) {
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build();
        return new KubernetesCluster(ApiServerObjects.over(client), scope, client::close, CustomerClusters.none());
    }

    /**
     * A cluster over any objects, for fakes and decorators.
     *
     * @param objects the objects
     * @param scope the namespaces this instance works in
     * @return the cluster
     */
    public static KubernetesCluster over(ObjectStore objects, InstanceScope scope) {
        return new KubernetesCluster(objects, scope, () -> {}, CustomerClusters.none());
    }

    /**
     * The same cluster, which reaches its customers' own clusters too: pods, model keys and reconciles of a tenant are then where its
     * customer is. Without this such a tenant is refused with {@code DEPENDENCY_NOT_CONFIGURED}.
     *
     * @param clusters the customers' clusters, for example {@code KubeconfigClusters}; they stay open when this cluster is closed
     * @return a cluster to be used in place of this one, and closed in its place
     */
    public KubernetesCluster reaching(CustomerClusters clusters) {
        return new KubernetesCluster(objects, scope, onClose, clusters);
    }

    /**
     * How customers' own clusters are reached.
     *
     * @return what {@link #reaching} was given, or else {@link CustomerClusters#none()}
     */
    public CustomerClusters customerClusters() {
        return customers;
    }

    /**
     * Every object of the cluster, as reconcilers need it; not limited to the scope, as children live in bound namespaces.
     *
     * @return the store
     */
    public ObjectStore objects() {
        return objects;
    }

    @Override
    public ResourceStore resources() {
        return resources;
    }

    @Override
    public InstanceScope scope() {
        return scope;
    }

    @Override
    public int deletePods(Tenant tenant) {
        scope.require(tenant.metadata().namespace());
        Placement placement = tenant.status().placement();
        String namespace = placement == null || placement.namespace().isEmpty()
                ? tenant.metadata().namespace()
                : placement.namespace();
        if (placement == null || placement.cluster().isEmpty()) {
            return deletePods(tenant, objects, namespace);
        }
        ClusterTenant customer = customer(tenant, placement.cluster());
        try (CustomerClusters.Session session = customers.open(customer)) {
            return deletePods(tenant, CustomerObjects.of(customer, session), namespace);
        }
    }

    private static int deletePods(Tenant tenant, ObjectStore there, String namespace) {
        Filter label =
                Filter.labelled(Map.of(Ownership.TENANT_LABEL, tenant.metadata().name()));
        int deleted = 0;
        String next = null;
        do {
            ObjectStore.Chunk chunk = there.list(ObjectType.POD, namespace, label, CHUNK, next);
            for (GenericKubernetesResource pod : chunk.items()) {
                deleted += isPodOf(tenant, pod) && delete(there, namespace, pod) ? 1 : 0;
            }
            next = chunk.continueToken();
        } while (next != null);
        return deleted;
    }

    private ClusterTenant customer(Tenant tenant, String name) {
        return resources
                .find(ClusterTenant.class, "", name)
                .orElseThrow(() -> new OpenCraneException(
                        ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                        tenant.key().toString(),
                        "Its objects are in the cluster of ClusterTenant " + name
                                + ", which does not exist any more, so that cluster cannot be reached."));
    }

    /** The cluster that a tenant's children are in; for as long as anybody likes, so a customer's is asked for at each call. */
    private ObjectStore objectsOf(Tenant tenant, Placement placement) {
        String cluster = placement.cluster();
        return cluster.isEmpty()
                ? objects
                : CustomerObjects.perCall(cluster, () -> customers.open(customer(tenant, cluster)));
    }

    /** A label can be set by anybody and two instances may share a namespace; the uid cannot be mistaken (DECISIONS 9). */
    private static boolean isPodOf(Tenant tenant, GenericKubernetesResource pod) {
        @Nullable Map<String, String> annotations = pod.getMetadata().getAnnotations();
        return annotations != null
                && !tenant.metadata().uid().isEmpty()
                && tenant.metadata().namespace().equals(annotations.get(Ownership.NAMESPACE_ANNOTATION))
                && tenant.metadata().uid().equals(annotations.get(Ownership.UID_ANNOTATION));
    }

    private static boolean delete(ObjectStore there, String namespace, GenericKubernetesResource pod) {
        try {
            return there.delete(
                    ObjectType.POD.named(namespace, pod.getMetadata().getName()),
                    pod.getMetadata().getUid());
        } catch (OpenCraneException e) {
            if (e.code() == ErrorCode.CONFLICT) {
                return false; // ours is gone; another pod has its name by now
            }
            throw e;
        }
    }

    @Override
    public int deleteState(TenantId tenant) {
        scope.require(tenant.namespace());
        Filter ofTheName = Filter.labelled(Map.of(Ownership.TENANT_LABEL, tenant.name()));
        // Volumes first: a key without a volume is harmless, a volume without its key looks like a loss.
        List<String> namespaces = scope.namespaces().isEmpty() ? List.of("") : scope.namespaces();
        int deleted = 0;
        for (ObjectType type : List.of(ObjectType.PERSISTENT_VOLUME_CLAIM, ObjectType.SECRET)) {
            for (String namespace : namespaces) {
                for (GenericKubernetesResource left : ObjectReader.of(objects).list(type, namespace, ofTheName)) {
                    deleted += isStateOf(tenant, type, left) && deleteLeft(type, left) ? 1 : 0;
                }
            }
        }
        return deleted;
    }

    private static boolean isStateOf(TenantId tenant, ObjectType type, GenericKubernetesResource left) {
        TenantChildren names =
                new TenantChildren(tenant.name(), left.getMetadata().getNamespace());
        String name = type.equals(ObjectType.SECRET)
                ? names.encryptionKey().name()
                : names.state().name();
        return name.equals(left.getMetadata().getName()) && new Ownership(tenant, "").of(left) == Ownership.Claim.OURS;
    }

    private boolean deleteLeft(ObjectType type, GenericKubernetesResource left) {
        return objects.delete(
                type.named(left.getMetadata().getNamespace(), left.getMetadata().getName()),
                left.getMetadata().getUid());
    }

    @Override
    public KeyJournal modelKey(Tenant tenant) {
        Placement placement = placed(tenant)
                .orElseThrow(() -> new OpenCraneException(
                        ErrorCode.CONFLICT,
                        tenant.key().toString(),
                        "It has no namespace for its model key yet; its first reconcile gives it both.",
                        OpenCraneException.Retry.MAY_HELP,
                        null));
        Ownership owner = new Ownership(tenant.id(), tenant.metadata().uid());
        ObjectStore there = objectsOf(tenant, placement);
        return new SecretKeyJournal(there, there, children(tenant, placement), owner, SecretKeyJournal.FirstRead.FRESH);
    }

    @Override
    public long podKeyRevision(Tenant tenant) {
        return placed(tenant)
                .flatMap(placement -> objectsOf(tenant, placement)
                        .get(children(tenant, placement).deployment()))
                .map(Annotations::keyRevision)
                .orElse(0L);
    }

    /** Where the tenant's children are, as its status says; empty before its first reconcile. */
    private Optional<Placement> placed(Tenant tenant) {
        scope.require(tenant.metadata().namespace());
        return Optional.ofNullable(tenant.status().placement())
                .filter(placement -> !placement.namespace().isEmpty());
    }

    private static TenantChildren children(Tenant tenant, Placement placement) {
        return new TenantChildren(tenant.metadata().name(), placement.namespace());
    }

    /** {@inheritDoc} Read once. */
    @Override
    public String installUid() {
        String known = installUid;
        if (known == null) {
            known = objects.get(ObjectType.NAMESPACE.named("", scope.home()))
                    .map(namespace -> namespace.getMetadata().getUid())
                    .orElseThrow(() -> new OpenCraneException(
                            ErrorCode.NOT_FOUND,
                            "Namespace " + scope.home(),
                            "The install namespace does not exist; create it or set OPENCRANE_INSTANCE_ID."));
            installUid = known;
        }
        return known;
    }

    /** Releases what this object made: the client of {@link #connect}, and nothing of the host's. */
    @Override
    public void close() {
        onClose.run();
    }
}
