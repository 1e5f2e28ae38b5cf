package io.opencrane.k8s.informer;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The objects that tenants are made of, kept up to date by fabric8 informers in the namespaces of the scope. Reconcilers that read through
 * it cost an unchanged tenant no request, and it tells which tenants to reconcile when something changes.
 *
 * <p>Secrets and pods are watched by their tenant label only; one that the cache does not have is asked for at the server, and so is
 * everything in namespaces outside the scope, and everything while an informer does not run. What the reconciler wrote is seen at once.
 * ClusterTenants and LimitRanges are watched where the scope is the whole cluster; a scope of namespaces reads them by request.
 *
 * <p>Needs {@code list} and {@code watch} on Tenant, AccessPolicy, ServiceAccount, Secret, ConfigMap, PersistentVolumeClaim, Deployment,
 * Service, Ingress, NetworkPolicy and Pod. Model keys are in memory, as they are in the Secrets watched. Thread-safe.
 */
public final class InformerCache implements ObjectReader, AutoCloseable {
    private static final ObjectType TENANT = ObjectType.of(ResourceKind.TENANT);

    private static final List<ObjectType> OF_NAMESPACES = List.of(
            TENANT,
            ObjectType.of(ResourceKind.ACCESS_POLICY),
            ObjectType.SERVICE_ACCOUNT,
            ObjectType.SECRET,
            ObjectType.CONFIG_MAP,
            ObjectType.PERSISTENT_VOLUME_CLAIM,
            ObjectType.DEPLOYMENT,
            ObjectType.SERVICE,
            ObjectType.INGRESS,
            ObjectType.NETWORK_POLICY,
            ObjectType.POD);
    private static final List<ObjectType> OF_THE_CLUSTER =
            List.of(ObjectType.of(ResourceKind.CLUSTER_TENANT), ObjectType.LIMIT_RANGE);

    private final ObjectReader server;
    private final Map<ObjectType, List<Watched>> watched = new LinkedHashMap<>();
    private final List<Consumer<TenantId>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<AccessPolicyId>> policyListeners = new CopyOnWriteArrayList<>();
    private final Written written = new Written(System::nanoTime);

    private volatile boolean started;

    private InformerCache(KubernetesClient client, KubernetesCluster cluster) {
        server = ObjectReader.of(cluster.objects());
        InstanceScope scope = cluster.scope();
        Affected affected = new Affected(this, this::tell, this::tellPolicy);
        List<ObjectType> types = new ArrayList<>(OF_NAMESPACES);
        List<String> namespaces = scope.namespaces();
        if (namespaces.isEmpty()) {
            types.addAll(OF_THE_CLUSTER);
            namespaces = List.of("");
        }
        for (ObjectType type : types) {
            watched.put(
                    type,
                    namespaces.stream()
                            .map(namespace -> new Watched(client, type, namespace, written, affected))
                            .toList());
        }
    }

    /**
     * A cache that is not started yet: until then it reads by request.
     *
     * @param client the host's client; watches run over its connections, and it stays open
     * @param cluster the cluster behind the same client, with the scope to watch
     * @return the cache
     */
    public static InformerCache over(KubernetesClient client, KubernetesCluster cluster) {
        return new InformerCache(client, cluster);
    }

    /**
     * Calls back for every tenant that something changed for: the tenant itself (not its status), its children, a policy that may resolve
     * for it now or tells its pod something else, its customer, a namesake, the fence around the tenants of its namespace. On start it is called once for each tenant and child there is. Status changes of tenants,
     * which are the reconciler's own, are left out.
     *
     * @param listener called on informer threads, so it must only note the tenant, as a work queue does
     * @return this cache
     */
    public InformerCache onChange(Consumer<TenantId> listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Calls back for every policy that something changed for: the policy itself (not its status), its NetworkPolicies, and tenants that
     * join it, leave it or move. On start it is called for each policy, NetworkPolicy and tenant there is.
     *
     * @param listener called on informer threads, so it must only note the policy, as a work queue does
     * @return this cache
     */
    public InformerCache onPolicyChange(Consumer<AccessPolicyId> listener) {
        policyListeners.add(listener);
        return this;
    }

    /**
     * Starts the informers' threads and waits until every cache is filled.
     *
     * @param deadline how long that may take
     * @return this cache
     * @throws OpenCraneException {@code TIMEOUT} after the deadline; {@code FORBIDDEN} or {@code UNAUTHORIZED} if a list or watch is
     *     refused; {@code UPSTREAM_ERROR} otherwise. It is closed then
     */
    public InformerCache start(Duration deadline) {
        CompletableFuture<?>[] synced = all().map(Watched::start).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(synced).get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            started = true;
            return this;
        } catch (TimeoutException e) {
            close();
            throw new OpenCraneException(
                    ErrorCode.TIMEOUT,
                    "InformerCache",
                    "The caches were not filled within " + deadline.toSeconds() + " s.",
                    OpenCraneException.Retry.MAY_HELP,
                    e);
        } catch (ExecutionException e) {
            close();
            throw e.getCause() instanceof OpenCraneException refused ? refused : Refused.of("A cache", e.getCause());
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new OpenCraneException(
                    ErrorCode.TIMEOUT, "InformerCache", "The thread was interrupted while the caches were filled.");
        }
    }

    /**
     * Whether every cache is filled and watched, for a health page. A watch that is being re-established is not: ask again before you
     * call it ill.
     *
     * @return true if all of them are
     */
    public boolean isWatching() {
        return all().allMatch(Watched::isWatching);
    }

    /**
     * Whether an informer gave up, for a liveness probe. It does not come back: reads go to the server then, and changes are not told
     * any more.
     *
     * @return true between start and close when at least one does not run
     */
    public boolean hasFailed() {
        return started && !all().allMatch(Watched::isRunning);
    }

    @Override
    public Optional<GenericKubernetesResource> get(ObjectRef ref) {
        Optional<Watched> cache = covering(ref.type(), ref.namespace());
        if (cache.isEmpty()) {
            return server.get(ref);
        }
        Optional<GenericKubernetesResource> found =
                written.newest(ref, cache.get().get(ref));
        return found.isEmpty() && cache.get().isFiltered() ? server.get(ref) : found;
    }

    @Override
    public List<GenericKubernetesResource> list(ObjectType type, String namespace, Filter filter) {
        Optional<Watched> cache = covering(type, namespace);
        if (cache.isEmpty() || cache.get().isFiltered() && !filter.labels().containsKey(Ownership.TENANT_LABEL)) {
            return server.list(type, namespace, filter);
        }
        return known(type, namespace, filter).toList();
    }

    /** What the caches have, and nothing else. */
    Stream<GenericKubernetesResource> known(ObjectType type, String namespace, Filter filter) {
        return watched.getOrDefault(type, List.of()).stream()
                .filter(cache -> namespace.isEmpty() || cache.covers(namespace))
                .flatMap(cache -> cache.candidates(namespace, filter).stream())
                .flatMap(object -> written.newest(Watched.refOf(type, object), Optional.of(object)).stream())
                .filter(filter::matches);
    }

    @Override
    public void wrote(GenericKubernetesResource object) {
        ObjectType.known(object.getApiVersion(), object.getKind())
                .map(type -> Watched.refOf(type, object))
                .filter(ref -> covering(ref.type(), ref.namespace()).isPresent())
                .ifPresent(ref -> written.put(ref, object));
    }

    /** Stops the informers and their threads; reads go to the server from now on. */
    @Override
    public void close() {
        started = false;
        all().forEach(Watched::stop);
    }

    private void tellPolicy(AccessPolicyId policy) {
        policyListeners.forEach(listener -> listener.accept(policy));
    }

    private void tell(TenantId tenant) {
        listeners.forEach(listener -> listener.accept(tenant));
    }

    private Stream<Watched> all() {
        return watched.values().stream().flatMap(List::stream);
    }

    /** The cache that surely has what there is; one that does not run has nothing. */
    private Optional<Watched> covering(ObjectType type, String namespace) {
        return watched.getOrDefault(type, List.of()).stream()
                .filter(cache -> cache.covers(namespace))
                .findFirst();
    }
}
