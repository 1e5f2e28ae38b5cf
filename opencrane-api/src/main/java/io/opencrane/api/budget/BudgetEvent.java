package io.opencrane.api.budget;

import io.opencrane.api.tenant.TenantId;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tenant crossed a threshold of its budget.
 *
 * @param tenant the tenant
 * @param kind which way
 * @param percent the highest threshold that it is at or above now; 0 when it came back below all of them
 * @param spentUsd what it spent in the period
 * @param monthlyBudgetUsd its budget as the gateway enforces it; null when it became unlimited
 * @param resetsAt when the period ends; null where it never does
 * @param at when the gateway was asked
 */
public record BudgetEvent(
        TenantId tenant,
        Kind kind,
        int percent,
        BigDecimal spentUsd,
        @Nullable BigDecimal monthlyBudgetUsd,
        @Nullable Instant resetsAt,
        Instant at) {
    /** Which way a threshold was crossed. */
    public enum Kind {
        /** It spent more than a threshold below its whole budget. */
        NEAR_LIMIT,
        /** It spent its whole budget; the gateway refuses calls that cost something. */
        EXCEEDED,
        /** It is below a threshold that it was above: a new period, or a higher budget. */
        RECOVERED
    }
}
