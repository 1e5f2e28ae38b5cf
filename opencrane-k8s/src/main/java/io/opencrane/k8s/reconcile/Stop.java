package io.opencrane.k8s.reconcile;

import io.opencrane.api.tenant.TenantPhase;
import java.time.Duration;

/** Ends a reconcile early with a status: the tenant waits, or needs somebody. Never leaves this package. */
final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final transient TenantPhase phase;
    final String reason;
    final transient Duration requeueAfter;

    Stop(TenantPhase phase, String reason, String message, Duration requeueAfter) {
        super(message, null, false, false);
        this.phase = phase;
        this.reason = reason;
        this.requeueAfter = requeueAfter;
    }

    static Stop waiting(String reason, String message) {
        return new Stop(TenantPhase.PENDING, reason, message, Duration.ofSeconds(30));
    }

    static Stop error(String reason, String message) {
        return new Stop(TenantPhase.ERROR, reason, message, Duration.ofMinutes(5));
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
