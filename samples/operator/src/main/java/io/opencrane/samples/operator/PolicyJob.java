package io.opencrane.samples.operator;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.resource.Condition;
import io.opencrane.k8s.reconcile.AccessPolicyReconciler;
import io.opencrane.k8s.reconcile.AccessPolicyResult;
import java.util.List;

/** Policies, see {@link Job}. */
@ControllerConfiguration(
        name = "access-policy",
        generationAwareEventProcessing = false,
        triggerReconcilerOnAllEvents = true,
        informer = @Informer(onUpdateFilter = MoreThanStatus.class))
@GradualRetry(maxAttempts = -1, initialInterval = 1_000, maxInterval = 60_000)
final class PolicyJob extends Job<AccessPolicyResource> {
    private final AccessPolicyReconciler policies;
    private final Changed<AccessPolicyResource> changes;

    PolicyJob(AccessPolicyReconciler policies, Changed<AccessPolicyResource> changes) {
        this.policies = policies;
        this.changes = changes;
    }

    @Override
    List<EventSource<?, AccessPolicyResource>> changes(EventSourceContext<AccessPolicyResource> context) {
        return List.of(changes);
    }

    @Override
    public UpdateControl<AccessPolicyResource> reconcile(
            AccessPolicyResource policy, Context<AccessPolicyResource> context) {
        AccessPolicyId id = new AccessPolicyId(
                policy.getMetadata().getNamespace(), policy.getMetadata().getName());
        AccessPolicyResult done = policies.reconcile(id);
        tell(id, done.policy().map(PolicyJob::readiness).orElse("gone"), done.changes());
        return again(done.requeueAfter());
    }

    private static String readiness(AccessPolicy policy) {
        return policy.status().conditions().stream()
                .filter(condition -> condition.type().equals("Ready"))
                .map(Condition::reason)
                .findFirst()
                .orElse("");
    }
}
