package io.opencrane.core.port;

import io.opencrane.api.tenant.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The highest budget threshold that was told of a tenant in one budget period.
 *
 * @param tenant the tenant
 * @param percent the threshold, in percent of the budget; 0 when none is crossed
 * @param periodEndsAt when the period's spend resets, which tells periods apart; null where it never does
 */
public record BudgetMark(
        TenantId tenant, int percent, @Nullable Instant periodEndsAt) {}
