package io.opencrane.api.budget;

import io.opencrane.api.tenant.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * Something about a tenant's key or budget that is not as it should be.
 *
 * @param kind what it is
 * @param tenant whom it is about; null when nobody can be told
 * @param subject the key, team or Secret; never a raw key
 * @param message one sentence for people
 * @param outcome what was done about it
 */
public record KeyFinding(Kind kind, @Nullable TenantId tenant, String subject, String message, Outcome outcome) {
    /** What is not as it should be. */
    public enum Kind {
        /** A key of this instance at the gateway that is in no tenant's Secret. Mended by deleting it. */
        ORPHAN_KEY,
        /** A team of this instance at the gateway without a tenant. Mended by deleting it once it has nothing booked in the period. */
        ORPHAN_TEAM,
        /** A tenant without a key in its Secret, or with one that was never registered. Mended by having it reconciled. */
        NO_KEY,
        /** A Secret that is somebody else's, or that makes no sense, or that is in a customer's own cluster which cannot be reached. */
        UNREADABLE_RECORD,
        /** A Secret whose key the gateway does not know. Mended by registering it again. */
        DEAD_KEY,
        /** A key whose record is right and that the gateway refuses: blocked, or not yet known to all its replicas. */
        NOT_ACCEPTED,
        /** A key that the gateway lets in although its records say that it must not. */
        STILL_ACCEPTED,
        /** A key that somebody blocked at the gateway. */
        KEY_BLOCKED,
        /** A key that somebody put into another team, or that the deployed platform made and nobody took over. */
        OTHER_TEAM,
        /** A key with a budget of its own, which counts before its team's. Mended by taking it away. */
        OWN_BUDGET,
        /** A key that would stop working by itself. Mended by taking its expiry away. */
        EXPIRES,
        /** No team at the gateway, so no ceiling. Mended by making it. */
        NO_TEAM,
        /** The budgets in custom resource, record and gateway differ. Mended by setting what the custom resource says. */
        BUDGET_DIFFERS,
        /** A budget that never resets, or not monthly. Mended by giving it its period. */
        WRONG_PERIOD,
        /** A spend that should have been reset by the gateway's own job, and was not. */
        RESET_OVERDUE,
        /** The team's counter and what was booked by model differ: the gateway is known to lose either. */
        SPEND_DISAGREES
    }

    /** What was done. */
    public enum Outcome {
        /** Nothing, because nobody asked for it. */
        REPORTED,
        /** It is as it should be now, or will be once the tenant was reconciled. */
        MENDED,
        /** Nothing, because it takes a person to decide. */
        NEEDS_A_PERSON,
        /** It was tried and did not work; the message says why. */
        FAILED
    }
}
