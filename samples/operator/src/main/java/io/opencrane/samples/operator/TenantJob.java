package io.opencrane.samples.operator;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.reconcile.ReconcileResult;
import io.opencrane.k8s.reconcile.TenantReconciler;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a tenant from java-operator-sdk's work queue to the library. Not a {@code Cleaner}: the finalizer is the library's, and a plain
 * reconciler sees a tenant that is being deleted only when it is triggered on all events.
 */
@ControllerConfiguration(
        name = "tenant",
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        informer = @Informer(onUpdateFilter = MoreThanStatus.class))
@GradualRetry(maxAttempts = -1, initialInterval = 1_000, maxInterval = 60_000)
final class TenantJob implements Reconciler<TenantResource> {
    private static final Logger LOG = LoggerFactory.getLogger(TenantJob.class);

    private final TenantReconciler tenants;
    private final ChangedTenants changes;
    private volatile @Nullable Cache<TenantResource> known;

    TenantJob(TenantReconciler tenants, ChangedTenants changes) {
        this.tenants = tenants;
        this.changes = changes;
    }

    @Override
    public List<EventSource<?, TenantResource>> prepareEventSources(EventSourceContext<TenantResource> context) {
        known = context.getPrimaryCache();
        return List.of(changes);
    }

    /**
     * A filter that drops the event that a tenant is gone. The library is done with it then, and while java-operator-sdk works on that
     * event it forgets every other of the name: a tenant made anew at once would never be reconciled. A few bytes stay in memory for each
     * name.
     */
    boolean isStillThere(TenantResource tenant) {
        Cache<TenantResource> cache = known;
        return cache != null
                && cache.get(ResourceID.fromResource(tenant))
                        .filter(found -> found.getMetadata()
                                .getUid()
                                .equals(tenant.getMetadata().getUid()))
                        .isPresent();
    }

    @Override
    public UpdateControl<TenantResource> reconcile(TenantResource tenant, Context<TenantResource> context) {
        Optional<ReconcileResult> result = tenants.reconcile(idOf(tenant));
        result.ifPresent(TenantJob::tell);
        UpdateControl<TenantResource> next = UpdateControl.noUpdate();
        result.flatMap(ReconcileResult::requeueAfter).ifPresent(next::rescheduleAfter);
        return next;
    }

    /** The attempt is made again; what passes by then needs no stack trace. */
    @Override
    public ErrorStatusUpdateControl<TenantResource> updateErrorStatus(
            TenantResource tenant, Context<TenantResource> context, Exception failure) {
        if (failure instanceof OpenCraneException e && e.isRetryable()) {
            LOG.warn("{} is tried again: {}", idOf(tenant), e.getMessage());
        } else {
            LOG.error("{} is tried again, which may not help", idOf(tenant), failure);
        }
        return ErrorStatusUpdateControl.defaultErrorProcessing();
    }

    private static TenantId idOf(TenantResource tenant) {
        return new TenantId(
                tenant.getMetadata().getNamespace(), tenant.getMetadata().getName());
    }

    private static void tell(ReconcileResult result) {
        List<ChildChange> changes = result.children().stream()
                .filter(child -> child.action() != ChildChange.Action.UNCHANGED)
                .toList();
        if (!changes.isEmpty()) {
            LOG.info("{} {}: {}", result.tenant().id(), result.tenant().status().phase(), changes);
        }
    }
}
