package io.opencrane.core.budget;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.BudgetListener;
import io.opencrane.api.budget.BudgetService;
import io.opencrane.api.budget.CeilingCheck;
import io.opencrane.api.budget.KeyChange;
import io.opencrane.api.budget.KeyReport;
import io.opencrane.api.budget.KeyRevocation;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.budget.Spend;
import io.opencrane.api.budget.ThresholdReport;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.audit.AfterChange;
import io.opencrane.core.budget.ModelKeyLifecycle.Check;
import io.opencrane.core.budget.ModelKeyLifecycle.Ensured;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.port.KeyJournal.Entry;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.tenant.TenantScan;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gateway and record first, in the lifecycle's order; the projection second; then whoever rolls the pods is asked. */
final class DefaultBudgetService implements BudgetService {
    private static final List<Integer> PERCENTS = List.of(80, 100);

    private final InstanceKeys keys;
    private final @Nullable ProjectionStore store;
    private final InstantSource clock;
    private final AfterChange after;
    private final KeyHistory history;
    private final SpendReader spends;
    private final TruthCheck truth;
    private final KeySweep sweep;
    private final ThresholdWatch watch;

    DefaultBudgetService(InstanceKeys keys, @Nullable ProjectionStore store, InstantSource clock) {
        this.keys = keys;
        this.store = store;
        this.clock = clock;
        after = new AfterChange(store, clock);
        history = new KeyHistory(after, clock);
        spends = new SpendReader(keys, clock);
        truth = new TruthCheck(keys, spends, clock);
        sweep = new KeySweep(keys);
        watch = new ThresholdWatch(keys, store, after, clock);
    }

    @Override
    public KeyChange ensureKey(TenantId id) {
        keys.gateway();
        Tenant tenant = keys.alive(id);
        KeyOwner owner = keys.owner(tenant);
        KeyJournal journal = keys.cluster().modelKey(tenant);
        long pods = keys.cluster().podKeyRevision(tenant);
        Ensured key = keys.ensure(tenant, journal, pods, Check.GATEWAY);
        requireInTeam(tenant, owner, journal);
        return changed(tenant, owner, journal, key, pods, "key.ensure");
    }

    /** A key in another team is under neither this tenant's ceiling nor its block. */
    private void requireInTeam(Tenant tenant, KeyOwner owner, KeyJournal journal) {
        journal.read().stream()
                .flatMap(Entry::keys)
                .flatMap(key -> keys.gateway().findKey(key.hash()).stream())
                .filter(key -> !owner.teamId().equals(key.teamId()))
                .findFirst()
                .ifPresent(key -> {
                    throw new OpenCraneException(
                            ErrorCode.CONFLICT,
                            tenant.key().toString(),
                            "Its model key " + key.alias() + " is in another team at the gateway, not in "
                                    + owner.teamId() + ", whose budget and block do not reach it; revoke it to have"
                                    + " one made.");
                });
    }

    @Override
    public KeyChange rotateKey(TenantId id, String keyAlias) {
        keys.gateway();
        Tenant tenant = keys.alive(id);
        KeyOwner owner = keys.owner(tenant);
        KeyJournal journal = keys.cluster().modelKey(tenant);
        Entry entry = journal.read()
                .orElseThrow(() -> new OpenCraneException(
                        ErrorCode.NOT_FOUND, id.key().toString(), "It has no model key to rotate; ensure one first."));
        long pods = keys.cluster().podKeyRevision(tenant);
        Ensured key = entry.current().alias().equals(keyAlias)
                ? keys.lifecycle().rotate(owner, journal, entry.current().revision())
                : keys.ensure(tenant, journal, pods, Check.RECORD);
        return changed(tenant, owner, journal, key, pods, "key.rotate");
    }

    private KeyChange changed(
            Tenant tenant, KeyOwner owner, KeyJournal journal, Ensured key, long pods, String action) {
        if (!key.managed()) {
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    tenant.key().toString(),
                    "Its model key was made by somebody else and is in another team at the gateway, not in "
                            + owner.teamId() + "; revoke it to have one made.");
        }
        ProjectionOutcome projection = history.record(tenant.id(), journal::read, action);
        keys.roll(tenant, key, pods);
        ModelKeyMetadata metadata = new ModelKeyMetadata(
                tenant.metadata().name(),
                key.alias(),
                KeyHistory.secretName(tenant.id()),
                key.monthlyBudgetUsd(),
                key.issuedAt(),
                null);
        return new KeyChange(metadata, projection);
    }

    @Override
    public KeyRevocation revokeKey(TenantId id) {
        keys.gateway();
        Tenant tenant = keys.tenants().get(id);
        KeyJournal journal = keys.cluster().modelKey(tenant);
        Optional<Entry> record = journal.read();
        boolean deleted = keys.lifecycle().revoke(keys.owner(tenant), journal);
        ProjectionOutcome projection = history.revoked(id, record);
        if (!tenant.metadata().isBeingDeleted()) {
            keys.tenants().requestReconcile(id);
        }
        return new KeyRevocation(id.namespace(), id.name(), deleted, projection);
    }

    @Override
    public ProjectionOutcome block(TenantId id, String reason) {
        return setBlocked(id, true, reason);
    }

    @Override
    public ProjectionOutcome unblock(TenantId id, String reason) {
        return setBlocked(id, false, reason);
    }

    private ProjectionOutcome setBlocked(TenantId id, boolean blocked, String reason) {
        if (reason.isBlank()) {
            throw refused(id.key().toString(), "reason", Problem.Code.REQUIRED, "Say why, for the audit log.");
        }
        keys.gateway();
        Tenant tenant = keys.tenants().get(id);
        KeyOwner owner = keys.owner(tenant);
        boolean known = keys.team(owner).isPresent();
        if (!known && blocked) {
            keys.gateway().ensureTeam(owner.team()); // its first key will then be of a blocked team
        }
        if (known || blocked) {
            keys.gateway().blockTeam(owner.teamId(), blocked);
        }
        String action = blocked ? "key.block" : "key.unblock";
        String done = blocked ? "kept from models" : "let to models again";
        ProjectionOutcome outcome = after.write(
                id, action, target -> target.append(after.entry(id, action, done, Map.of("reason", reason))));
        if (blocked && !tenant.metadata().isBeingDeleted()) {
            reachKeys(tenant, owner);
        }
        return outcome;
    }

    /** What is blocked is the team: a key of the deployed platform works on until it is in it. */
    private void reachKeys(Tenant tenant, KeyOwner owner) {
        if (tenant.status().placement() == null) {
            keys.tenants().requestReconcile(tenant.id()); // where its Secret is, only its reconciler knows
            return;
        }
        KeyJournal journal = keys.cluster().modelKey(tenant);
        if (journal.read().isPresent()) {
            keys.ensureAndRoll(tenant, journal);
            requireInTeam(tenant, owner, journal);
        }
    }

    /** Needs no gateway: what is recorded is known while the gateway is down. */
    @Override
    public List<ModelKeyMetadata> keys(TenantId id) {
        Tenant tenant = keys.tenants().get(id);
        boolean placed = tenant.status().placement() != null;
        return history.read(id, () -> placed ? keys.cluster().modelKey(tenant).read() : Optional.empty());
    }

    @Override
    public Spend spend(TenantId id) {
        keys.gateway();
        return spends.read(keys.tenants().get(id));
    }

    @Override
    public Optional<BigDecimal> ceiling(BudgetAccount account) {
        return Optional.ofNullable(store().ceilings().get(account));
    }

    @Override
    public void setCeiling(BudgetAccount account, @Nullable BigDecimal monthlyUsd) {
        requireNotNegative("budget ceiling of " + account, monthlyUsd);
        String done =
                monthlyUsd == null ? "has no ceiling." : "has a ceiling of " + monthlyUsd.toPlainString() + " USD.";
        store().setCeiling(
                        account,
                        monthlyUsd,
                        new AuditEntry(
                                clock.instant(),
                                null,
                                "budget.ceiling",
                                account.toString(),
                                "The budget of " + account + " " + done,
                                FreeForm.empty()));
    }

    @Override
    public List<CeilingCheck> checkCeilings(TenantId id, @Nullable BigDecimal monthlyUsd) {
        Tenant tenant = keys.tenants().get(id);
        return check(id, Ceilings.accountOf(tenant.spec().clusterTenantRef()), monthlyUsd);
    }

    @Override
    public List<CeilingCheck> checkCeilingsForNew(@Nullable String clusterTenant, @Nullable BigDecimal monthlyUsd) {
        return check(null, Ceilings.accountOf(clusterTenant), monthlyUsd);
    }

    private List<CeilingCheck> check(@Nullable TenantId id, BudgetAccount account, @Nullable BigDecimal monthlyUsd) {
        requireNotNegative("budget", monthlyUsd);
        return new Ceilings(store().ceilings(), keys.settings().modelGateway().defaultMonthlyBudgetUsd())
                .check(TenantScan.of(keys.cluster()), id, account, monthlyUsd);
    }

    @Override
    public KeyReport checkTruth(TenantId id, RepairMode mode) {
        keys.gateway();
        return truth.check(keys.alive(id), mode);
    }

    @Override
    public KeyReport sweep(RepairMode mode) {
        return sweep.run(mode);
    }

    @Override
    public ThresholdReport checkThresholds(BudgetListener listener) {
        return checkThresholds(listener, PERCENTS);
    }

    @Override
    public ThresholdReport checkThresholds(BudgetListener listener, List<Integer> percents) {
        if (percents.isEmpty() || percents.stream().anyMatch(percent -> percent < 1)) {
            throw refused(
                    "budget thresholds",
                    "percents",
                    Problem.Code.OUT_OF_RANGE,
                    "Name at least one percentage, each 1 or more.");
        }
        return watch.check(listener, percents);
    }

    private ProjectionStore store() {
        if (store == null) {
            throw new OpenCraneException(
                    ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                    "projection",
                    "Ceilings are stored in the projection: call projection(...), for example with"
                            + " PostgresProjection.using(dataSource).");
        }
        return store;
    }

    private static void requireNotNegative(String subject, @Nullable BigDecimal usd) {
        if (usd != null && usd.signum() < 0) {
            throw refused(subject, "monthlyUsd", Problem.Code.OUT_OF_RANGE, "It must be zero or more.");
        }
    }

    private static ValidationException refused(String subject, String path, Problem.Code code, String sentence) {
        return new ValidationException(subject, List.of(new Problem(path, code, sentence)));
    }
}
