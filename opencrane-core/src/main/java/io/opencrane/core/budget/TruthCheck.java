package io.opencrane.core.budget;

import io.opencrane.api.budget.KeyFinding;
import io.opencrane.api.budget.KeyFinding.Kind;
import io.opencrane.api.budget.KeyFinding.Outcome;
import io.opencrane.api.budget.KeyReport;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.budget.SpendReader.Booked;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.port.KeyJournal.Entry;
import io.opencrane.core.port.ModelGateway.KeyState;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks record, gateway and enforcement, mends by running the lifecycle once more, and asks again: mended is what a second look says. */
final class TruthCheck {
    private final InstanceKeys keys;
    private final SpendReader spends;
    private final InstantSource clock;

    TruthCheck(InstanceKeys keys, SpendReader spends, InstantSource clock) {
        this.keys = keys;
        this.spends = spends;
        this.clock = clock;
    }

    KeyReport check(Tenant tenant, RepairMode mode) {
        KeyOwner owner = keys.owner(tenant);
        KeyJournal journal = keys.cluster().modelKey(tenant);
        List<KeyFinding> found = facts(tenant, owner, journal).findings();
        boolean canMend = found.stream().anyMatch(finding -> finding.outcome() == Outcome.REPORTED);
        return new KeyReport(mode, mode == RepairMode.APPLY && canMend ? mended(tenant, owner, journal, found) : found);
    }

    private List<KeyFinding> mended(Tenant tenant, KeyOwner owner, KeyJournal journal, List<KeyFinding> found) {
        String trouble = " It is still so after mending.";
        try {
            keys.ensureAndRoll(tenant, journal);
        } catch (OpenCraneException e) {
            if (e.code() == ErrorCode.TENANT_NOT_FOUND) {
                throw e; // of a tenant that is gone nothing is mended
            }
            trouble = " Mending failed: " + e.getMessage();
        }
        String why = trouble;
        List<KeyFinding> now = facts(tenant, owner, journal).findings();
        Set<Kind> left = kinds(now);
        Set<Kind> before = kinds(found);
        Stream<KeyFinding> judged = found.stream()
                .map(finding -> finding.outcome() == Outcome.REPORTED
                        ? withOutcome(finding, left.contains(finding.kind()) ? Outcome.FAILED : Outcome.MENDED, why)
                        : finding);
        // What only the second look finds may be what became of the first: it must not pass for mended.
        return Stream.concat(judged, now.stream().filter(finding -> !before.contains(finding.kind())))
                .toList();
    }

    private static Set<Kind> kinds(List<KeyFinding> findings) {
        return findings.stream().map(KeyFinding::kind).collect(Collectors.toSet());
    }

    static KeyFinding withOutcome(KeyFinding finding, Outcome outcome, String why) {
        return new KeyFinding(
                finding.kind(),
                finding.tenant(),
                finding.subject(),
                outcome == Outcome.FAILED ? finding.message() + why : finding.message(),
                outcome);
    }

    private KeyFacts facts(Tenant tenant, KeyOwner owner, KeyJournal journal) {
        Instant now = clock.instant();
        @Nullable Entry record = journal.read().orElse(null);
        @Nullable TeamState team = keys.team(owner).orElse(null);
        @Nullable
        KeyState key = record == null
                ? null
                : keys.gateway().findKey(record.current().hash()).orElse(null);
        boolean accepted =
                record != null && keys.gateway().accepts(record.current().secret());
        Booked booked = team == null ? new Booked(BigDecimal.ZERO, BigDecimal.ZERO) : spends.booked(owner, now);
        return new KeyFacts(tenant.id(), owner, record, team, key, accepted, booked, now);
    }
}
