package io.opencrane.samples.operator;

import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.k8s.informer.InformerCache;
import java.time.Duration;
import java.util.Set;

/**
 * Puts a tenant into the work queue when something else changed for it: a child, its policy, its customer. Start blocks until the caches
 * are filled, and java-operator-sdk starts to reconcile after that.
 */
final class ChangedTenants extends AbstractEventSource<TenantId, TenantResource> {
    private static final Duration FILLED_WITHIN = Duration.ofSeconds(60);

    private final InformerCache cache;

    ChangedTenants(InformerCache cache) {
        super(TenantId.class, "changed-tenants");
        this.cache = cache.onChange(this::changed);
    }

    private void changed(TenantId tenant) {
        getEventHandler().handleEvent(new Event(new ResourceID(tenant.name(), tenant.namespace())));
    }

    @Override
    public void start() {
        cache.start(FILLED_WITHIN);
        super.start();
    }

    @Override
    public void stop() {
        super.stop();
        cache.close();
    }

    /** Nothing to hand out: the library reads through the cache itself. */
    @Override
    public Set<TenantId> getSecondaryResources(TenantResource tenant) {
        return Set.of();
    }
}
