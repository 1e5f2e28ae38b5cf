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
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
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

    private List<ModelSpend> byModel(KeyOwner owner, Instant now) {
        return byModel(owner, begin(now).toLocalDate(), today(now));
    }

    private List<ModelSpend> byModel(KeyOwner owner, LocalDate from, LocalDate to) {
        return keys.gateway().usage(owner.teamId(), from, to).stream()
                .map(SpendReader::model)
                .sorted(DEAREST_FIRST)
                .toList();
    }

    /**
     * What was booked in the running period.
     *
     * @param leastUsd on the days that are wholly of the period
     * @param mostUsd on every day that has an hour of it
     */
    record Booked(BigDecimal leastUsd, BigDecimal mostUsd) {}

    Booked booked(KeyOwner owner, Instant now) {
        ZonedDateTime begin = begin(now);
        LocalDate first = begin.toLocalDate();
        LocalDate today = today(now);
        BigDecimal most = sum(owner, first, today);
        if (begin.toLocalTime().equals(LocalTime.MIDNIGHT)) {
            return new Booked(most, most);
        }
        LocalDate second = first.plusDays(1);
        return new Booked(second.isAfter(today) ? BigDecimal.ZERO : sum(owner, second, today), most);
    }

    private BigDecimal sum(KeyOwner owner, LocalDate from, LocalDate to) {
        return byModel(owner, from, to).stream().map(ModelSpend::costUsd).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** Budgets reset by the configured time zone, usage is booked by UTC days. */
    private ZonedDateTime begin(Instant now) {
        ZoneId zone = keys.settings().modelGateway().timezone();
        return now.atZone(zone)
                .toLocalDate()
                .withDayOfMonth(1)
                .atStartOfDay(zone)
                .withZoneSameInstant(ZoneOffset.UTC);
    }

    private static LocalDate today(Instant now) {
        return now.atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static ModelSpend model(ModelUsage usage) {
        return new ModelSpend(usage.model(), usage.costUsd(), usage.requests());
    }
}
