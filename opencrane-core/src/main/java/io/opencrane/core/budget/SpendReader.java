package io.opencrane.core.budget;

import io.opencrane.api.budget.Spend;
import io.opencrane.api.budget.Spend.Freshness;
import io.opencrane.api.budget.Spend.ModelSpend;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.port.ModelGateway.ModelUsage;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;

/** A tenant's spend in the running period. */
final class SpendReader {
    private static final Comparator<ModelSpend> DEAREST_FIRST =
            Comparator.comparing(ModelSpend::costUsd).reversed().thenComparing(ModelSpend::model);

    private final InstanceKeys keys;
    private final InstantSource clock;

    SpendReader(InstanceKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    Spend read(Tenant tenant) {
        KeyOwner owner = keys.owner(tenant);
        Instant now = clock.instant();
        TeamState team = keys.team(owner)
                .orElseThrow(() -> new OpenCraneException(
                        ErrorCode.NOT_FOUND,
                        "Team " + owner.teamId(),
                        "The gateway does not know the tenant yet; its first reconcile makes it known.",
                        OpenCraneException.Retry.MAY_HELP,
                        null));
        BigDecimal budget = team.monthlyBudgetUsd();
        BigDecimal spent = team.spendUsd();
        return new Spend(
                tenant.metadata().namespace(),
                tenant.metadata().name(),
                keys.gateway().spendSource(),
                spent,
                budget,
                budget == null ? null : budget.subtract(spent).max(BigDecimal.ZERO),
                budget != null && spent.compareTo(budget) >= 0,
                team.blocked(),
                byModel(owner, now),
                isResetDue(team, now) ? Freshness.RESET_DUE : Freshness.CURRENT,
                team.budgetResetAt(),
                now);
    }

    static boolean isResetDue(TeamState team, Instant now) {
        Instant due = team.budgetResetAt();
        return due != null && !now.isBefore(due);
    }

    List<ModelSpend> byModel(KeyOwner owner, Instant now) {
        // Budgets reset by the configured time zone, usage is booked by UTC days.
        ZoneId zone = keys.settings().modelGateway().timezone();
        LocalDate from = now.atZone(zone)
                .toLocalDate()
                .withDayOfMonth(1)
                .atStartOfDay(zone)
                .withZoneSameInstant(ZoneOffset.UTC)
                .toLocalDate();
        LocalDate to = now.atZone(ZoneOffset.UTC).toLocalDate();
        return keys.gateway().usage(owner.teamId(), from, to).stream()
                .map(SpendReader::model)
                .sorted(DEAREST_FIRST)
                .toList();
    }

    private static ModelSpend model(ModelUsage usage) {
        return new ModelSpend(usage.model(), usage.costUsd(), usage.requests());
    }
}
