package io.opencrane.api.budget;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * A budget against one ceiling.
 *
 * @param account whose ceiling
 * @param ceilingUsd US dollars a calendar month
 * @param committedUsd what the budgets of the account would add up to; null when one of them is unlimited
 * @param excessUsd by how much that is beyond the ceiling, zero when it fits; null when a budget is unlimited
 * @param fits whether it fits
 */
public record CeilingCheck(
        BudgetAccount account,
        BigDecimal ceilingUsd,
        @Nullable BigDecimal committedUsd,
        @Nullable BigDecimal excessUsd,
        boolean fits) {}
