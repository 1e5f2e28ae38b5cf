package io.opencrane.core.budget;

import io.opencrane.api.budget.BudgetEvent;
import io.opencrane.api.budget.BudgetEvent.Kind;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.BudgetMark;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which crossing of a threshold is news. Pure. */
final class Thresholds {
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final List<Integer> percents;

    Thresholds(List<Integer> percents) {
        this.percents = percents.stream().sorted().distinct().toList();
    }

    /** The highest threshold that is reached, as the gateway reckons: what is spent is not less than what is allowed. */
    private int reached(TeamState team) {
        BigDecimal budget = team.monthlyBudgetUsd();
        if (budget == null) {
            return 0;
        }
        BigDecimal spent = team.spendUsd().multiply(HUNDRED);
        return percents.stream()
                .filter(percent -> spent.compareTo(budget.multiply(BigDecimal.valueOf(percent))) >= 0)
                .reduce(0, (lower, higher) -> higher);
    }

    /**
     * What is to be told, if anything: a higher threshold than was told of in this period, or a lower one than was told of last.
     *
     * @param told what was told last, or null
     */
    Optional<BudgetEvent> news(TenantId tenant, TeamState team, @Nullable BudgetMark told, Instant now) {
        int reached = reached(team);
        int toldEver = told == null ? 0 : told.percent();
        boolean samePeriod = told != null && Objects.equals(told.periodEndsAt(), team.budgetResetAt());
        int toldNow = samePeriod ? toldEver : 0;
        if (reached <= toldNow && reached >= toldEver) {
            return Optional.empty();
        }
        Kind crossed = reached >= 100 ? Kind.EXCEEDED : Kind.NEAR_LIMIT;
        return Optional.of(new BudgetEvent(
                tenant,
                reached > toldNow ? crossed : Kind.RECOVERED,
                reached,
                team.spendUsd(),
                team.monthlyBudgetUsd(),
                team.budgetResetAt(),
                now));
    }
}
