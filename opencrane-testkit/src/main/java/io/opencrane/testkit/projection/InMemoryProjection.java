package io.opencrane.testkit.projection;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.resource.Page;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.BudgetMark;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.RowCursor;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.projection.Projectable;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The projection in memory, for tests. It keeps, orders and refuses what {@code PostgresProjection} does: both pass
 * {@link ProjectionStoreTck}. Thread-safe.
 */
public final class InMemoryProjection implements ProjectionStore {
    /** PostgreSQL's order of {@code COLLATE "C"}; {@link String#compareTo} differs beyond the basic plane. */
    private static final Comparator<String> BYTE_ORDER =
            Comparator.comparing((String text) -> text.getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final NavigableMap<String, TenantRow> rows = new TreeMap<>(BYTE_ORDER);

    /** By tenant and uid; the age is known if the deleted object had a row. */
    private final Map<TenantId, Map<String, Optional<RowAge>>> tombstones = new HashMap<>();

    private final List<AuditEntry> audits = new ArrayList<>();
    private final Map<TenantId, Map<String, ModelKeyMetadata>> keys = new HashMap<>();
    private final Map<BudgetAccount, BigDecimal> ceilings = new HashMap<>();
    private final Map<TenantId, BudgetMark> budgetMarks = new HashMap<>();

    /**
     * An empty projection.
     *
     * @param clock dates rows and pages
     */
    public InMemoryProjection(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    @Override
    public Written write(TenantRow row, AuditEntry audit) {
        TenantRow fitting = Projectable.require(row);
        AuditEntry entry = Projectable.require(audit);
        return locked(() -> {
            audits.add(entry);
            return put(fitting);
        });
    }

    private Written put(TenantRow row) {
        TenantRow there = rows.get(row.id().toString());
        if (isBuried(row) || (there != null && !RowAge.mayReplace(there, row))) {
            return Written.NEWER_THERE;
        }
        rows.put(row.id().toString(), writtenAt(row, now()));
        return Written.YES;
    }

    private boolean isBuried(TenantRow row) {
        Map<String, Optional<RowAge>> gone = tombstones.getOrDefault(row.id(), Map.of());
        return gone.containsKey(row.uid())
                || gone.values().stream().flatMap(Optional::stream).anyMatch(age -> age.compareTo(RowAge.of(row)) > 0);
    }

    @Override
    public void remove(TenantId id, String uid, AuditEntry audit) {
        Projectable.require(id, uid);
        AuditEntry entry = Projectable.require(audit);
        locked(() -> {
            TenantRow there = rows.get(id.toString());
            Optional<RowAge> age = Optional.empty();
            if (there != null && there.uid().equals(uid)) {
                rows.remove(id.toString());
                age = Optional.of(RowAge.of(there));
            }
            tombstones.computeIfAbsent(id, any -> new HashMap<>()).putIfAbsent(uid, age);
            budgetMarks.remove(id);
            return audits.add(entry);
        });
    }

    @Override
    public Optional<TenantRow> find(TenantId id) {
        Projectable.require(id);
        return locked(() -> Optional.ofNullable(rows.get(id.toString())));
    }

    @Override
    public Page<TenantRow> list(TenantQuery query, List<String> namespaces) {
        Projectable.require(query);
        return locked(() -> {
            List<TenantRow> found = rows.tailMap(query.after().orElse(""), false).values().stream()
                    .filter(row -> within(namespaces, row) && matches(query, row))
                    .limit(query.limit() + 1L)
                    .toList();
            boolean more = found.size() > query.limit();
            List<TenantRow> items = more ? found.subList(0, query.limit()) : found;
            String next = more ? items.get(items.size() - 1).id().toString() : null;
            return new Page<>(items, next, Page.Source.PROJECTION, now());
        });
    }

    private static boolean matches(TenantQuery query, TenantRow row) {
        return query.namespace().map(row.id().namespace()::equals).orElse(true)
                && query.team().map(team -> team.equals(row.team())).orElse(true)
                && query.phase().map(row.phase()::equals).orElse(true)
                && query.clusterTenant()
                        .map(ref -> ref.equals(row.clusterTenantRef()))
                        .orElse(true);
    }

    private static boolean within(List<String> namespaces, TenantRow row) {
        return namespaces.isEmpty() || namespaces.contains(row.id().namespace());
    }

    @Override
    public RowCursor<TenantRow> stream(List<String> namespaces) {
        return locked(() -> new ListCursor(
                rows.values().stream().filter(row -> within(namespaces, row)).toList()));
    }

    @Override
    public List<Written> writeAll(List<TenantRow> given, String action) {
        List<TenantRow> fitting = given.stream().map(Projectable::require).toList();
        Instant now = now();
        List<AuditEntry> entries = fitting.stream()
                .map(row -> Projectable.require(AuditEntry.ofRow(row, action, now)))
                .toList();
        return locked(() -> {
            List<Written> result = new ArrayList<>();
            for (int i = 0; i < fitting.size(); i++) {
                result.add(put(fitting.get(i)));
                if (result.get(i) == Written.YES) {
                    audits.add(entries.get(i));
                }
            }
            return List.copyOf(result);
        });
    }

    @Override
    public void recordKey(TenantId tenant, ModelKeyMetadata key, AuditEntry audit) {
        ModelKeyMetadata fitting = Projectable.require(tenant, key);
        AuditEntry entry = Projectable.require(audit);
        locked(() -> {
            audits.add(entry);
            return keys.computeIfAbsent(tenant, any -> new HashMap<>())
                    .merge(fitting.keyAlias(), fitting, InMemoryProjection::newerOf);
        });
    }

    /** Of two keys the later issued; of one key the latest record, but a revocation stays. */
    private static ModelKeyMetadata newerOf(ModelKeyMetadata there, ModelKeyMetadata given) {
        int order = given.issuedAt().compareTo(there.issuedAt());
        if (order != 0) {
            return order > 0 ? given : there;
        }
        return new ModelKeyMetadata(
                given.tenant(),
                given.keyAlias(),
                given.secretName(),
                given.monthlyBudgetUsd(),
                given.issuedAt(),
                there.revokedAt() != null ? there.revokedAt() : given.revokedAt());
    }

    @Override
    public List<ModelKeyMetadata> keys(TenantId tenant) {
        Projectable.require(tenant);
        return locked(() -> keys.getOrDefault(tenant, Map.of()).values().stream()
                .sorted(Comparator.comparing(ModelKeyMetadata::issuedAt)
                        .thenComparing(ModelKeyMetadata::keyAlias, BYTE_ORDER)
                        .reversed())
                .toList());
    }

    @Override
    public void setCeiling(BudgetAccount account, @Nullable BigDecimal monthlyUsd, AuditEntry audit) {
        BigDecimal fitting = Projectable.require(account, monthlyUsd);
        AuditEntry entry = Projectable.require(audit);
        locked(() -> {
            audits.add(entry);
            return fitting == null ? ceilings.remove(account) : ceilings.put(account, fitting);
        });
    }

    @Override
    public Map<BudgetAccount, BigDecimal> ceilings() {
        return locked(() -> Map.copyOf(ceilings));
    }

    @Override
    public void markBudget(BudgetMark mark) {
        BudgetMark fitting = Projectable.require(mark);
        locked(() -> budgetMarks.put(fitting.tenant(), fitting));
    }

    @Override
    public List<BudgetMark> budgetMarks() {
        return locked(() -> List.copyOf(budgetMarks.values()));
    }

    @Override
    public void append(AuditEntry audit) {
        AuditEntry entry = Projectable.require(audit);
        locked(() -> audits.add(entry));
    }

    @Override
    public List<AuditEntry> audit(@Nullable TenantId tenant, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("At least one entry; asked for " + limit + ".");
        }
        if (tenant != null) {
            Projectable.require(tenant);
        }
        return locked(() -> {
            List<AuditEntry> newest = new ArrayList<>(audits);
            // Reversed first: the sort is stable, so of one instant the entry added last comes first.
            Collections.reverse(newest);
            return newest.stream()
                    .filter(entry -> tenant == null || tenant.equals(entry.tenant()))
                    .sorted(Comparator.comparing(AuditEntry::timestamp).reversed())
                    .limit(limit)
                    .toList();
        });
    }

    /** Memory always answers. */
    @Override
    public void ping() {
        // See the comment.
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private static TenantRow writtenAt(TenantRow row, Instant now) {
        return new TenantRow(
                row.id(),
                row.uid(),
                row.resourceVersion(),
                row.createdAt(),
                row.displayName(),
                row.email(),
                row.team(),
                row.openclawVersion(),
                row.monthlyBudgetUsd(),
                row.configOverrides(),
                row.policyRef(),
                row.clusterTenantRef(),
                row.suspended(),
                row.phase(),
                row.ingressHost(),
                now);
    }
}
