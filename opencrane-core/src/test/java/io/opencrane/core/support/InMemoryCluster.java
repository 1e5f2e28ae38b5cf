package io.opencrane.core.support;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.port.ResourceStore;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Tenants, customers and policies in sorted maps, with optimistic locking, and a script of what goes wrong. The real fake is the testkit's. */
public final class InMemoryCluster implements Cluster, ResourceStore {
    public final Map<String, Tenant> tenants = new TreeMap<>();
    public final Map<String, ClusterTenant> customers = new TreeMap<>();
    public final Map<String, AccessPolicy> policies = new TreeMap<>();
    public final List<String> calls = new ArrayList<>();
    public final Deque<Runnable> beforePatch = new ArrayDeque<>();
    public final Deque<Runnable> beforeDelete = new ArrayDeque<>();
    public final Deque<Runnable> afterFind = new ArrayDeque<>();
    public final Deque<RuntimeException> afterCreate = new ArrayDeque<>();
    public final Deque<RuntimeException> afterPatch = new ArrayDeque<>();
    public final Deque<RuntimeException> onPage = new ArrayDeque<>();
    public final Deque<Runnable> afterPage = new ArrayDeque<>();
    public final Map<TenantId, InMemoryJournal> journals = new HashMap<>();
    public long podKeyRevision;
    public int pods = 1;
    public int state = 2;
    private final InstanceScope scope;
    private long revision = 100;

    public InMemoryCluster(InstanceScope scope) {
        this.scope = scope;
    }

    @Override
    public ResourceStore resources() {
        return this;
    }

    @Override
    public InstanceScope scope() {
        return scope;
    }

    @Override
    public <R extends Resource> List<R> namesakes(R resource) {
        throw new UnsupportedOperationException("only reconcilers ask");
    }

    @Override
    public int deletePods(Tenant tenant) {
        calls.add("deletePods");
        return pods;
    }

    @Override
    public int deleteState(TenantId tenant) {
        calls.add("deleteState");
        int deleted = state;
        state = 0;
        return deleted;
    }

    @Override
    public KeyJournal modelKey(Tenant tenant) {
        return journals.computeIfAbsent(tenant.id(), id -> new InMemoryJournal());
    }

    @Override
    public long podKeyRevision(Tenant tenant) {
        return podKeyRevision;
    }

    @Override
    public String installUid() {
        return "install-uid";
    }

    /** Stores a tenant as if kubectl had. */
    public Tenant put(Tenant tenant) {
        Tenant stored = tenant.withMetadata(stamped(tenant.metadata()));
        tenants.put(stored.id().toString(), stored);
        return stored;
    }

    /** Stores a customer as if kubectl had. */
    public ClusterTenant put(ClusterTenant customer) {
        ClusterTenant stored = customer.withMetadata(stamped(customer.metadata()));
        customers.put(stored.metadata().name(), stored);
        return stored;
    }

    /** Stores a policy as if kubectl had. */
    public AccessPolicy put(AccessPolicy policy) {
        AccessPolicy stored = policy.withMetadata(stamped(policy.metadata()));
        policies.put(stored.id().toString(), stored);
        return stored;
    }

    private ResourceMetadata stamped(ResourceMetadata given) {
        return new ResourceMetadata(
                given.namespace(),
                given.name(),
                given.uid().isEmpty() ? "uid-" + ++revision : given.uid(),
                Long.toString(++revision),
                1,
                given.creationTimestamp() == null ? Instant.ofEpochSecond(1_700_000_000L) : given.creationTimestamp(),
                given.deletionTimestamp(),
                given.labels(),
                given.annotations(),
                given.finalizers());
    }

    private Resource store(Resource resource) {
        if (resource instanceof AccessPolicy policy) {
            return put(policy);
        }
        return resource instanceof Tenant tenant ? put(tenant) : put((ClusterTenant) resource);
    }

    private Map<String, ? extends Resource> table(Class<?> type) {
        if (type == AccessPolicy.class) {
            return policies;
        }
        return type == ClusterTenant.class ? customers : tenants;
    }

    private static String text(Resource resource) {
        String namespace = resource.metadata().namespace();
        return (namespace.isEmpty() ? "" : namespace + "/")
                + resource.metadata().name();
    }

    public void edit(TenantId id, UnaryOperator<Tenant> change) {
        put(change.apply(tenants.get(id.toString())));
    }

    @Override
    public <R extends Resource> Optional<R> find(Class<R> type, String namespace, String name) {
        calls.add("find");
        Optional<R> found =
                Optional.ofNullable(type.cast(table(type).get((namespace.isEmpty() ? "" : namespace + "/") + name)));
        Optional.ofNullable(afterFind.poll()).ifPresent(Runnable::run);
        return found;
    }

    @Override
    public <R extends Resource> Chunk<R> page(Class<R> type, String namespace, int limit, String continueToken) {
        calls.add("page");
        throwNext(onPage);
        List<R> items = new ArrayList<>();
        for (Resource resource : table(type).values()) {
            String key = text(resource);
            boolean inNamespace =
                    namespace.isEmpty() || resource.metadata().namespace().equals(namespace);
            if (inNamespace && (continueToken == null || key.compareTo(continueToken) > 0)) {
                if (items.size() == limit) {
                    return new Chunk<>(items, text(items.get(limit - 1)));
                }
                items.add(type.cast(resource));
            }
        }
        Optional.ofNullable(afterPage.poll()).ifPresent(Runnable::run);
        return new Chunk<>(items, null);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Resource> R create(R resource) {
        calls.add("create");
        if (table(resource.getClass()).containsKey(text(resource))) {
            throw failure(ErrorCode.ALREADY_EXISTS);
        }
        Resource stored = store(resource);
        throwNext(afterCreate);
        return (R) stored;
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Resource> R patch(R current, R desired) {
        calls.add("patch");
        Optional.ofNullable(beforePatch.poll()).ifPresent(Runnable::run);
        Resource there = live(current);
        if (specOf(there).equals(specOf(desired))
                && there.metadata().annotations().equals(desired.metadata().annotations())) {
            return (R) there;
        }
        Resource stored = store(desired);
        throwNext(afterPatch);
        return (R) stored;
    }

    private static Object specOf(Resource resource) {
        if (resource instanceof AccessPolicy policy) {
            return policy.spec();
        }
        return resource instanceof Tenant tenant ? tenant.spec() : ((ClusterTenant) resource).spec();
    }

    private static ErrorCode absent(Resource resource) {
        if (resource instanceof AccessPolicy) {
            return ErrorCode.POLICY_NOT_FOUND;
        }
        return resource instanceof Tenant ? ErrorCode.TENANT_NOT_FOUND : ErrorCode.CLUSTER_TENANT_NOT_FOUND;
    }

    private Resource live(Resource current) {
        Resource there = table(current.getClass()).get(text(current));
        if (there == null) {
            throw failure(absent(current));
        }
        if (!there.metadata().resourceVersion().equals(current.metadata().resourceVersion())) {
            throw failure(ErrorCode.CONFLICT);
        }
        return there;
    }

    @Override
    public void delete(Resource current) {
        calls.add("delete");
        Optional.ofNullable(beforeDelete.poll()).ifPresent(Runnable::run);
        Resource there = table(current.getClass()).get(text(current));
        if (there == null) {
            return;
        }
        if (!there.metadata().uid().equals(current.metadata().uid())) {
            throw failure(ErrorCode.CONFLICT);
        }
        table(current.getClass()).remove(text(current));
    }

    @Override
    public <R extends Resource> R patchStatus(R current, R desired) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <R extends Resource> R addFinalizer(R current) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void removeFinalizer(Resource current) {
        throw new UnsupportedOperationException();
    }

    public static OpenCraneException failure(ErrorCode code) {
        return new OpenCraneException(code, "test", "As scripted.");
    }

    private static void throwNext(Deque<RuntimeException> script) {
        RuntimeException next = script.poll();
        if (next != null) {
            throw next;
        }
    }
}
