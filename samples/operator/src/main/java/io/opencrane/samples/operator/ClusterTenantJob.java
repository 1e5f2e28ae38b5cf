package io.opencrane.samples.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.opencrane.k8s.apply.CustomerOwnership;
import io.opencrane.k8s.reconcile.ClusterTenantReconciler;
import io.opencrane.k8s.reconcile.ClusterTenantResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Customers, see {@link Job}: also when somebody touched what is in force for one in this cluster. */
@ControllerConfiguration(
        name = "cluster-tenant",
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        informer = @Informer(onUpdateFilter = MoreThanStatus.class))
@GradualRetry(maxAttempts = -1, initialInterval = 1_000, maxInterval = 60_000)
final class ClusterTenantJob extends Job<ClusterTenantResource> {
    private static final List<GroupVersionKind> IN_FORCE = List.of(
            new GroupVersionKind("", "v1", "Namespace"),
            new GroupVersionKind("", "v1", "ResourceQuota"),
            new GroupVersionKind("", "v1", "LimitRange"),
            new GroupVersionKind("", "v1", "ConfigMap"),
            new GroupVersionKind("networking.k8s.io", "v1", "NetworkPolicy"));

    private final ClusterTenantReconciler customers;

    ClusterTenantJob(ClusterTenantReconciler customers) {
        this.customers = customers;
    }

    @Override
    List<EventSource<?, ClusterTenantResource>> changes(EventSourceContext<ClusterTenantResource> context) {
        List<EventSource<?, ClusterTenantResource>> sources = new ArrayList<>();
        IN_FORCE.forEach(kind -> sources.add(labelled(kind, context)));
        return sources;
    }

    private static InformerEventSource<GenericKubernetesResource, ClusterTenantResource> labelled(
            GroupVersionKind kind, EventSourceContext<ClusterTenantResource> context) {
        var changed = InformerEventSourceConfiguration.from(kind, ClusterTenantResource.class)
                .withName("changed-" + kind.getKind())
                .withWatchAllNamespaces()
                .withLabelSelector(CustomerOwnership.LABEL)
                .withOnUpdateFilter(new MoreThanStatus())
                .withSecondaryToPrimaryMapper(ClusterTenantJob::customerOf)
                .build();
        return new InformerEventSource<>(changed, context);
    }

    private static Set<ResourceID> customerOf(GenericKubernetesResource inForce) {
        return Set.of(new ResourceID(inForce.getMetadata().getLabels().get(CustomerOwnership.LABEL)));
    }

    @Override
    public UpdateControl<ClusterTenantResource> reconcile(
            ClusterTenantResource customer, Context<ClusterTenantResource> context) {
        String name = customer.getMetadata().getName();
        Optional<ClusterTenantResult> result = customers.reconcile(name);
        result.ifPresent(done -> tell(name, done.customer().status().phase(), done.changes()));
        return again(result.flatMap(ClusterTenantResult::requeueAfter));
    }
}
