package io.opencrane.k8s.reconcile;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.TenantPhase;
import java.time.Duration;

/** Ends a reconcile early with a status: the tenant waits, or needs somebody. Never leaves this package. */
final class Stop extends RuntimeException {
    /** When to look again for something that comes by itself. */
    static final Duration WAITS = Duration.ofSeconds(30);

    /** When to look again for something that a person must mend; a change of the tenant comes sooner. */
    static final Duration NEEDS_SOMEBODY = Duration.ofMinutes(5);

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

    /** An error that a condition explains. */
    static Stop failing(Conditions draft, String condition, ErrorCode code, String sentence) {
        draft.fails(condition, code.name(), sentence);
        return error(code.name(), sentence);
    }

    static Stop waiting(String reason, String message) {
        return new Stop(TenantPhase.PENDING, reason, message, WAITS);
    }

    static Stop error(String reason, String message) {
        return new Stop(TenantPhase.ERROR, reason, message, NEEDS_SOMEBODY);
    }

    /** An error that may pass when something else changes, and is worth a look soon. */
    static Stop errorThatMayPass(String reason, String message) {
        return new Stop(TenantPhase.ERROR, reason, message, WAITS);
    }

    /** An error that is thrown and not put into a status, because no owner of a custom resource is to blame for it, and it may pass. */
    static boolean cannotExplain(OpenCraneException e) {
        return e.code() == ErrorCode.UNAUTHORIZED
                || LostRace.is(e)
                || e.isRetryable() && e.code() != ErrorCode.BEING_DELETED;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }
}
