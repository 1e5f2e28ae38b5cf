package io.opencrane.core.budget;

import io.opencrane.api.budget.KeyFinding;
import io.opencrane.api.budget.KeyFinding.Kind;
import io.opencrane.api.budget.KeyFinding.Outcome;
import io.opencrane.api.budget.KeyReport;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.budget.ModelKeyLifecycle.Check;
import io.opencrane.core.port.KeyJournal.Entry;
import io.opencrane.core.port.KeyJournal.Key;
import io.opencrane.core.port.KeyJournal.State;
import io.opencrane.core.port.ModelGateway.KeyState;
import io.opencrane.core.port.ModelGateway.TeamState;
import io.opencrane.core.tenant.TenantScan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for keys and teams that nobody needs and for tenants that lack theirs. The gateway is listed first and the cluster after it: a key
 * is recorded before it is registered, and a tenant is there before its record, so what is listed and then not found was ended, or lost.
 * Whatever is deleted is looked for once more, uncached, right before.
 */
final class KeySweep {
    private final InstanceKeys keys;

    KeySweep(InstanceKeys keys) {
        this.keys = keys;
    }

    KeyReport run(RepairMode mode) {
        Map<String, KeyState> listed = new HashMap<>();
        keys.gateway().keys(keys.metadata()).forEach(key -> listed.put(key.keyHash(), key));
        List<TeamState> teams = keys.gateway().teams(keys.metadata());
        Map<TenantId, Optional<Entry>> records = new HashMap<>();
        List<KeyFinding> found = new ArrayList<>();
        boolean apply = mode == RepairMode.APPLY;
        TenantScan tenants = TenantScan.of(keys.cluster());
        List<Tenant> lacking = new ArrayList<>();
        while (tenants.hasNext()) {
            Tenant tenant = tenants.next();
            Optional<Entry> record = Optional.empty();
            try {
                record = record(tenant);
                if (isSettled(tenant) && !isLive(record, listed)) {
                    lacking.add(tenant);
                }
            } catch (OpenCraneException e) {
                found.add(unreadable(tenant, e));
            }
            records.put(tenant.id(), record);
        }
        // Only now is the list of tenants complete; until here nothing was changed.
        lacking.forEach(tenant -> lacksAKey(tenant, records.getOrDefault(tenant.id(), Optional.empty()), apply)
                .ifPresent(found::add));
        listed.values().forEach(key -> orphanKey(key, records, apply).ifPresent(found::add));
        teams.forEach(team -> orphanTeam(team, records.keySet(), apply).ifPresent(found::add));
        return new KeyReport(mode, found);
    }

    /**
     * What passes is an outage and ends the sweep, unless it is of a customer's own cluster, which others need not wait for; what stays
     * is this tenant's trouble alone. Its keys are left alone.
     */
    private static KeyFinding unreadable(Tenant tenant, OpenCraneException e) {
        Placement place = tenant.status().placement();
        boolean atHome = place == null || place.cluster().isEmpty();
        if (e.isRetryable() && atHome) {
            throw e;
        }
        return TruthCheck.withOutcome(
                finding(
                        Kind.UNREADABLE_RECORD,
                        tenant.id(),
                        tenant.key().toString(),
                        "Its Secret tells nothing: " + e.getMessage()),
                e.isRetryable() ? Outcome.FAILED : Outcome.NEEDS_A_PERSON,
                "");
    }

    /** A tenant that was never reconciled, or that is on its way out, has its key made or ended by its reconciler. */
    private static boolean isSettled(Tenant tenant) {
        return tenant.status().placement() != null && !tenant.metadata().isBeingDeleted();
    }

    private Optional<Entry> record(Tenant tenant) {
        return isSettled(tenant) ? keys.cluster().modelKey(tenant).read() : Optional.empty();
    }

    /** One that the deployed platform made is not listed as ours until it is taken over, which its reconciler does. */
    private static boolean isLive(Optional<Entry> record, Map<String, KeyState> listed) {
        return record.isPresent()
                && (record.get().state() == State.UNMANAGED
                        || record.get().state() == State.LIVE
                                && listed.containsKey(record.get().current().hash()));
    }

    private Optional<KeyFinding> lacksAKey(Tenant tenant, Optional<Entry> record, boolean apply) {
        if (record.isEmpty() || record.get().state() == State.PENDING) {
            KeyFinding finding = finding(
                    Kind.NO_KEY,
                    tenant.id(),
                    tenant.key().toString(),
                    "The tenant has no model key that was ever registered; its reconciler makes one.");
            return Optional.of(apply ? mend(finding, () -> keys.tenants().requestReconcile(tenant.id())) : finding);
        }
        Key current = record.get().current();
        // The list has no snapshot, so the key itself is asked for.
        if (keys.gateway().findKey(current.hash()).isPresent()) {
            return Optional.empty();
        }
        KeyFinding finding = finding(
                Kind.DEAD_KEY,
                tenant.id(),
                current.alias(),
                "The gateway does not know the key in the tenant's Secret.");
        return Optional.of(apply ? mend(finding, () -> revive(tenant)) : finding);
    }

    private void revive(Tenant tenant) {
        long pods = keys.cluster().podKeyRevision(tenant);
        keys.ensure(tenant, keys.cluster().modelKey(tenant), pods, Check.GATEWAY);
    }

    private Optional<KeyFinding> orphanKey(KeyState key, Map<TenantId, Optional<Entry>> records, boolean apply) {
        TenantId tenant = KeyOwner.tenantOf(key.metadata()).orElse(null);
        if (tenant == null || !keys.cluster().scope().contains(tenant.namespace())) {
            return Optional.empty(); // of another part of the instance, which this host does not see
        }
        @Nullable Optional<Entry> record = records.get(tenant);
        if (record != null && !isOrphan(key, record)) {
            return Optional.empty();
        }
        KeyFinding finding = finding(
                Kind.ORPHAN_KEY,
                tenant,
                key.alias() == null ? "a key without an alias" : key.alias(),
                record == null ? "The key's tenant does not exist." : "The key is not in its tenant's Secret.");
        return apply ? endOrphan(finding, key, tenant) : Optional.of(finding);
    }

    /** Without a live record nothing is said: the tenant may be moving, and its record with it. */
    private static boolean isOrphan(KeyState key, Optional<Entry> record) {
        return record.isPresent()
                && record.get().state() == State.LIVE
                && record.get().keys().noneMatch(kept -> kept.hash().equals(key.keyHash()));
    }

    private Optional<KeyFinding> endOrphan(KeyFinding finding, KeyState key, TenantId tenant) {
        try {
            Optional<Tenant> now = keys.tenants().find(tenant);
            if (now.isPresent() && !(isSettled(now.get()) && isOrphan(key, record(now.get())))) {
                return Optional.empty(); // the tenant came back, and the key may be its
            }
            keys.gateway().deleteKey(key.keyHash());
            return Optional.of(TruthCheck.withOutcome(finding, Outcome.MENDED, ""));
        } catch (OpenCraneException e) {
            return Optional.of(failed(finding, e));
        }
    }

    private Optional<KeyFinding> orphanTeam(TeamState team, Set<TenantId> tenants, boolean apply) {
        TenantId tenant = KeyOwner.tenantOf(team.metadata()).orElse(null);
        if (tenant == null
                || tenants.contains(tenant)
                || !keys.cluster().scope().contains(tenant.namespace())) {
            return Optional.empty();
        }
        KeyFinding finding = finding(
                Kind.ORPHAN_TEAM, tenant, team.teamId(), "The team's tenant does not exist." + whyItStays(team));
        if (!whyItStays(team).isEmpty()) {
            return Optional.of(TruthCheck.withOutcome(finding, Outcome.NEEDS_A_PERSON, ""));
        }
        return apply ? endTeam(finding, team, tenant) : Optional.of(finding);
    }

    /** A tenant that is made anew must get neither a new budget nor a way around a block. */
    private static String whyItStays(TeamState team) {
        if (team.blocked()) {
            return " It is blocked, and deleting it would forget that.";
        }
        return team.spendUsd().signum() == 0
                ? ""
                : " It spent " + team.spendUsd().toPlainString()
                        + " USD in the running period, and deleting it would forget that.";
    }

    private Optional<KeyFinding> endTeam(KeyFinding finding, TeamState team, TenantId tenant) {
        try {
            Optional<TeamState> now = keys.gateway().findTeam(team.teamId());
            boolean stays = now.isPresent() && !whyItStays(now.get()).isEmpty();
            if (stays || keys.tenants().find(tenant).isPresent()) {
                return Optional.empty();
            }
            keys.gateway().deleteTeam(team.teamId());
            // Its keys went with it. A tenant that was made in this very moment gets team and key back by asking the
            // gateway.
            if (keys.tenants().find(tenant).isPresent()) {
                keys.tenants().requestReconcile(tenant);
            }
            return Optional.of(TruthCheck.withOutcome(finding, Outcome.MENDED, ""));
        } catch (OpenCraneException e) {
            return Optional.of(failed(finding, e));
        }
    }

    private static KeyFinding mend(KeyFinding finding, Runnable mending) {
        try {
            mending.run();
            return TruthCheck.withOutcome(finding, Outcome.MENDED, "");
        } catch (OpenCraneException e) {
            return failed(finding, e);
        }
    }

    private static KeyFinding failed(KeyFinding finding, OpenCraneException e) {
        return TruthCheck.withOutcome(finding, Outcome.FAILED, " Mending failed: " + e.getMessage());
    }

    private static KeyFinding finding(Kind kind, TenantId tenant, String subject, String message) {
        return new KeyFinding(kind, tenant, subject, message, Outcome.REPORTED);
    }
}
