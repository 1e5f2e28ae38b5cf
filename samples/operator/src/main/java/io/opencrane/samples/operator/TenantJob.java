package io.opencrane.samples.operator;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.k8s.reconcile.ReconcileResult;
import io.opencrane.k8s.reconcile.TenantReconciler;
import java.util.List;
import java.util.Optional;

/** Tenants, see {@link Job}. */
@ControllerConfiguration(
        name = "tenant",
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        informer = @Informer(onUpdateFilter = MoreThanStatus.class))
@GradualRetry(maxAttempts = -1, initialInterval = 1_000, maxInterval = 60_000)
final class TenantJob extends Job<TenantResource> {
    private final TenantReconciler tenants;
    private final Changed<TenantResource> changes;

    TenantJob(TenantReconciler tenants, Changed<TenantResource> changes) {
        this.tenants = tenants;
        this.changes = changes;
    }

    @Override
    List<EventSource<?, TenantResource>> changes(EventSourceContext<TenantResource> context) {
        return List.of(changes);
    }

    @Override
    public UpdateControl<TenantResource> reconcile(TenantResource tenant, Context<TenantResource> context) {
        TenantId id = new TenantId(
                tenant.getMetadata().getNamespace(), tenant.getMetadata().getName());
        Optional<ReconcileResult> result = tenants.reconcile(id);
        result.ifPresent(done -> tell(done.tenant().id(), done.tenant().status().phase(), done.children()));
        return again(result.flatMap(ReconcileResult::requeueAfter));
    }
}
