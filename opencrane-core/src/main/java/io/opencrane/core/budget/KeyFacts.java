package io.opencrane.core.budget;

import io.opencrane.api.budget.KeyFinding;
import io.opencrane.api.budget.KeyFinding.Kind;
import io.opencrane.api.budget.KeyFinding.Outcome;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.budget.SpendReader.Booked;
import io.opencrane.core.port.KeyJournal.Entry;
import io.opencrane.core.port.KeyJournal.State;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ModelGateway.KeyState;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What record, gateway and enforcement say of one tenant's key at one time, and where they differ. Pure.
 *
 * @param owner what is wanted
 * @param record the tenant's Secret; null without one
 * @param team the gateway's team; null without one
 * @param key the gateway's record of the current key; null without one
 * @param accepted whether the gateway lets the current key in; false without a record
 * @param booked what was booked by model in the running period
 * @param now when all this was asked
 */
record KeyFacts(
        TenantId tenant,
        KeyOwner owner,
        @Nullable Entry record,
        @Nullable TeamState team,
        @Nullable KeyState key,
        boolean accepted,
        Booked booked,
        Instant now) {
    /** What running the lifecycle again, asking the gateway, puts right. */
    private static final Set<Kind> MENDABLE = Set.of(
            Kind.NO_KEY,
            Kind.DEAD_KEY,
            Kind.OWN_BUDGET,
            Kind.EXPIRES,
            Kind.NO_TEAM,
            Kind.BUDGET_DIFFERS,
            Kind.WRONG_PERIOD);

    /** LiteLLM resets every ten minutes; an hour is no lag any more. */
    private static final Duration RESET_PATIENCE = Duration.ofHours(1);

    private static final BigDecimal CENT = new BigDecimal("0.01");
    private static final BigDecimal ONE_PERCENT = new BigDecimal("0.01");

    List<KeyFinding> findings() {
        List<KeyFinding> found = new ArrayList<>();
        keyFindings(found);
        if (team == null) {
            add(
                    found,
                    Kind.NO_TEAM,
                    owner.teamId(),
                    "The gateway has no team for the tenant, so its budget holds nowhere.");
        } else {
            teamFindings(found, team);
        }
        return found;
    }

    private void keyFindings(List<KeyFinding> found) {
        if (record == null || record.state() == State.PENDING) {
            add(found, Kind.NO_KEY, owner.teamId(), "The tenant has no model key that was ever registered.");
            return;
        }
        String alias = record.current().alias();
        if (key == null) {
            add(found, Kind.DEAD_KEY, alias, "The gateway does not know the key in the tenant's Secret.");
        } else {
            knownKeyFindings(found, alias, key);
        }
        boolean wanted = key != null && !key.blocked() && !isExpired(key) && team != null && !team.blocked();
        if (wanted && !accepted) {
            add(
                    found,
                    Kind.NOT_ACCEPTED,
                    alias,
                    "The gateway refuses the key although its records say that it works; its replicas agree within about a"
                            + " minute, so look again before you look there.");
        }
        if (!wanted && accepted) {
            add(
                    found,
                    Kind.STILL_ACCEPTED,
                    alias,
                    "The gateway lets the key in although its records say that it must not; its replicas agree within about a"
                            + " minute, longer under load.");
        }
    }

    private void knownKeyFindings(List<KeyFinding> found, String alias, KeyState known) {
        if (!owner.teamId().equals(known.teamId())) {
            // Out of another team nobody takes it but the one who put it there.
            found.add(
                    known.teamId() == null
                            ? finding(Kind.OTHER_TEAM, alias, "The key is in no team.", Outcome.REPORTED)
                            : finding(
                                    Kind.OTHER_TEAM,
                                    alias,
                                    "The key is in team " + known.teamId() + ", not in " + owner.teamId() + ".",
                                    Outcome.NEEDS_A_PERSON));
        }
        if (known.ownBudgetUsd() != null) {
            add(
                    found,
                    Kind.OWN_BUDGET,
                    alias,
                    "The key has a budget of " + usd(known.ownBudgetUsd())
                            + " of its own, which counts before its team's.");
        }
        if (known.expiresAt() != null) {
            add(found, Kind.EXPIRES, alias, "The key stops working at " + known.expiresAt() + ".");
        }
        if (known.blocked()) {
            add(
                    found,
                    Kind.KEY_BLOCKED,
                    alias,
                    "Somebody blocked the key at the gateway; unblock it there, or rotate it.");
        }
    }

    private void teamFindings(List<KeyFinding> found, TeamState there) {
        BigDecimal wanted = owner.monthlyBudgetUsd();
        boolean recordDiffers = record != null && !same(record.monthlyBudgetUsd(), wanted);
        if (!same(there.monthlyBudgetUsd(), wanted) || recordDiffers) {
            add(
                    found,
                    Kind.BUDGET_DIFFERS,
                    owner.teamId(),
                    "Wanted is a budget of " + usd(wanted) + "; recorded is "
                            + (record == null ? "nothing" : usd(record.monthlyBudgetUsd())) + ", enforced is "
                            + usd(there.monthlyBudgetUsd()) + ".");
        }
        if (wanted != null && !ModelGateway.MONTHLY.equals(there.budgetPeriod())) {
            add(
                    found,
                    Kind.WRONG_PERIOD,
                    owner.teamId(),
                    there.budgetPeriod() == null
                            ? "The budget never resets."
                            : "The budget resets every " + there.budgetPeriod() + ", not monthly.");
        }
        Instant due = there.budgetResetAt();
        if (due != null && now.isAfter(due.plus(RESET_PATIENCE))) {
            add(
                    found,
                    Kind.RESET_OVERDUE,
                    owner.teamId(),
                    "The spend should have been reset at " + due + "; the gateway's reset job does not run.");
        } else if (!SpendReader.isResetDue(there, now) && differsALot(there.spendUsd(), nearest(there.spendUsd()))) {
            add(
                    found,
                    Kind.SPEND_DISAGREES,
                    owner.teamId(),
                    "The team's counter says " + usd(there.spendUsd()) + ", booked by model are "
                            + usd(nearest(there.spendUsd())) + ".");
        }
    }

    private boolean isExpired(KeyState known) {
        return known.expiresAt() != null && !known.expiresAt().isAfter(now);
    }

    private void add(List<KeyFinding> found, Kind kind, String subject, String message) {
        Outcome outcome = MENDABLE.contains(kind) ? Outcome.REPORTED : Outcome.NEEDS_A_PERSON;
        found.add(finding(kind, subject, message, outcome));
    }

    private KeyFinding finding(Kind kind, String subject, String message, Outcome outcome) {
        return new KeyFinding(kind, tenant, subject, message, outcome);
    }

    /** As the gateway keeps money: in binary floating point. */
    private static boolean same(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        return one == null || other == null
                ? one == other
                : Double.compare(one.doubleValue(), other.doubleValue()) == 0;
    }

    /** A day at the edge of the period counts with what it takes to agree: it is booked whole, and only some of its hours count. */
    private BigDecimal nearest(BigDecimal spent) {
        return spent.max(booked.leastUsd()).min(booked.mostUsd());
    }

    /** Bookings of the last seconds are on their way to either. */
    private static boolean differsALot(BigDecimal one, BigDecimal other) {
        BigDecimal tolerated = one.max(other).multiply(ONE_PERCENT).add(CENT);
        return one.subtract(other).abs().compareTo(tolerated) > 0;
    }

    private static String usd(@Nullable BigDecimal amount) {
        return amount == null ? "unlimited" : amount.toPlainString() + " USD";
    }
}
