package io.opencrane.samples.operator;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.tenant.TenantId;
import java.util.Set;

/**
 * Puts a resource into the work queue when something else changed for it: for a tenant a child, its policy, its customer; for a policy
 * its network objects and its tenants.
 *
 * <p>java-operator-sdk drops what is told of a resource that its own informer has not seen. Nothing is lost by that: it reconciles a
 * resource when it first sees it, only after start, which blocks until the cache is filled, and what was told is in the cache by then.
 */
final class Changed<R extends HasMetadata> extends AbstractEventSource<ResourceID, R> {
    private final SharedCache cache;

    private Changed(String name, SharedCache cache) {
        super(ResourceID.class, name);
        this.cache = cache;
    }

    static Changed<TenantResource> tenants(SharedCache cache) {
        Changed<TenantResource> source = new Changed<>("changed-tenants", cache);
        cache.reader().onChange(source::tenant);
        return source;
    }

    static Changed<AccessPolicyResource> policies(SharedCache cache) {
        Changed<AccessPolicyResource> source = new Changed<>("changed-policies", cache);
        cache.reader().onPolicyChange(source::policy);
        return source;
    }

    private void tenant(TenantId tenant) {
        changed(tenant.namespace(), tenant.name());
    }

    private void policy(AccessPolicyId policy) {
        changed(policy.namespace(), policy.name());
    }

    private void changed(String namespace, String name) {
        getEventHandler().handleEvent(new Event(new ResourceID(name, namespace)));
    }

    @Override
    public void start() {
        cache.fill();
        super.start();
    }

    /** Nothing to hand out: the library reads through the cache itself. */
    @Override
    public Set<ResourceID> getSecondaryResources(R primary) {
        return Set.of();
    }
}
