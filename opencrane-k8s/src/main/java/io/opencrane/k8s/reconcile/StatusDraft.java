package io.opencrane.k8s.reconcile;

import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantStatus;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A tenant's status in the making. */
final class StatusDraft extends Conditions {
    private final TenantStatus before;
    final TenantStatus.Builder fields;

    StatusDraft(TenantStatus before, long generation, InstantSource clock) {
        super(before.conditions(), generation, clock);
        this.before = before;
        this.fields = before.toBuilder();
    }

    /** Ends the draft with the phase; Ready follows from it. */
    TenantStatus finish(TenantPhase phase, String reason, @Nullable String message) {
        String text = message == null ? "" : message;
        if (phase == TenantPhase.RUNNING) {
            holds(READY, reason, text);
        } else {
            fails(READY, reason, text);
        }
        TenantStatus after = fields.phase(phase, message)
                .conditions(conditions())
                .observedGeneration(generation)
                .build();
        return after.equals(before)
                ? before
                : after.toBuilder().lastReconciled(now).build();
    }
}
