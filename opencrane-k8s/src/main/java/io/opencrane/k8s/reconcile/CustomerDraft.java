package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A customer's status in the making. */
final class CustomerDraft extends Conditions {
    final ClusterTenantStatus before;
    final ClusterTenantStatus.Builder fields;

    CustomerDraft(ClusterTenantStatus before, long generation, InstantSource clock) {
        super(before.conditions(), generation, clock);
        this.before = before;
        this.fields = before.toBuilder();
    }

    ClusterTenantStatus ready() {
        holds(READY, "Ready", "");
        return finish(ClusterTenantPhase.READY, null);
    }

    ClusterTenantStatus stopped(ClusterTenantPhase phase, String reason, String message) {
        fails(READY, reason, message);
        return finish(phase, message);
    }

    private ClusterTenantStatus finish(ClusterTenantPhase phase, @Nullable String message) {
        ClusterTenantStatus after = fields.phase(phase)
                .message(message)
                .conditions(conditions())
                .observedGeneration(generation)
                .build();
        return after.equals(before)
                ? before
                : after.toBuilder().lastReconciled(now).build();
    }
}
