package io.opencrane.core.support;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Rows in a sorted map with tombstones, and switches for what goes wrong. The real fake is the testkit's. */
public final class InMemoryProjection implements ProjectionStore {
    public final Map<String, TenantRow> rows = new TreeMap<>();
    public final List<AuditEntry> log = new ArrayList<>();
    public final List<Integer> chunks = new ArrayList<>();
    public final Set<String> refusedNames = new HashSet<>();
    public final List<ModelKeyMetadata> keys = new ArrayList<>();
    public final Map<BudgetAccount, BigDecimal> ceilings = new HashMap<>();
    public final Map<TenantId, BudgetMark> marks = new HashMap<>();
    public RuntimeException down;
    public int openCursors;
    private final Set<String> tombstones = new HashSet<>();

    @Override
    public Written write(TenantRow row, AuditEntry audit) {
        throwIfDown();
        TenantRow kept = Projectable.require(row);
        if (refusedNames.contains(row.id().name())) {
            throw new ValidationException(
                    row.id().toString(), List.of(new Problem("displayName", Problem.Code.MALFORMED, "As scripted.")));
        }
        log.add(audit);
        TenantRow there = rows.get(row.id().toString());
        boolean older = there != null
                && there.uid().equals(row.uid())
                && Long.parseUnsignedLong(there.resourceVersion()) > Long.parseUnsignedLong(row.resourceVersion());
        if (older || tombstones.contains(row.uid())) {
            return Written.NEWER_THERE;
        }
        rows.put(row.id().toString(), kept);
        return Written.YES;
    }

    @Override
    public void remove(TenantId id, String uid, AuditEntry audit) {
        throwIfDown();
        log.add(audit);
        tombstones.add(uid);
        marks.remove(id);
        rows.computeIfPresent(id.toString(), (key, row) -> row.uid().equals(uid) ? null : row);
    }

    @Override
    public Optional<TenantRow> find(TenantId id) {
        throwIfDown();
        return Optional.ofNullable(rows.get(id.toString()));
    }

    @Override
    public Page<TenantRow> list(TenantQuery query, List<String> namespaces) {
        throwIfDown();
        return new Page<>(List.copyOf(rows.values()), null, Page.Source.PROJECTION, Instant.EPOCH);
    }

    @Override
    public RowCursor<TenantRow> stream(List<String> namespaces) {
        throwIfDown();
        openCursors++;
        Iterator<TenantRow> snapshot = List.copyOf(rows.values()).iterator();
        return new RowCursor<>() {
            @Override
            public boolean hasNext() {
                return snapshot.hasNext();
            }

            @Override
            public TenantRow next() {
                return snapshot.next();
            }

            @Override
            public void close() {
                openCursors--;
            }
        };
    }

    @Override
    public List<Written> writeAll(List<TenantRow> many, String action) {
        chunks.add(many.size());
        Map<String, TenantRow> before = new TreeMap<>(rows);
        try {
            return many.stream()
                    .map(row -> write(
                            row,
                            new AuditEntry(
                                    Instant.EPOCH,
                                    row.id(),
                                    action,
                                    row.id().key().toString(),
                                    "Repaired.",
                                    io.opencrane.api.resource.FreeForm.empty())))
                    .toList();
        } catch (RuntimeException e) {
            rows.clear();
            rows.putAll(before);
            throw e;
        }
    }

    @Override
    public void recordKey(TenantId tenant, ModelKeyMetadata key, AuditEntry audit) {
        throwIfDown();
        keys.removeIf(known -> known.keyAlias().equals(key.keyAlias()));
        keys.add(0, key);
        log.add(audit);
    }

    @Override
    public List<ModelKeyMetadata> keys(TenantId tenant) {
        throwIfDown();
        return keys.stream().filter(key -> key.tenant().equals(tenant.name())).toList();
    }

    @Override
    public void setCeiling(BudgetAccount account, BigDecimal monthlyUsd, AuditEntry audit) {
        throwIfDown();
        if (monthlyUsd == null) {
            ceilings.remove(account);
        } else {
            ceilings.put(account, monthlyUsd);
        }
        log.add(audit);
    }

    @Override
    public Map<BudgetAccount, BigDecimal> ceilings() {
        throwIfDown();
        return Map.copyOf(ceilings);
    }

    @Override
    public void markBudget(BudgetMark mark) {
        throwIfDown();
        marks.put(mark.tenant(), mark);
    }

    @Override
    public List<BudgetMark> budgetMarks() {
        throwIfDown();
        return List.copyOf(marks.values());
    }

    @Override
    public void append(AuditEntry audit) {
        throwIfDown();
        log.add(audit);
    }

    @Override
    public List<AuditEntry> audit(TenantId tenant, int limit) {
        return List.copyOf(log);
    }

    @Override
    public void ping() {
        throwIfDown();
    }

    public List<String> actions() {
        return log.stream().map(AuditEntry::action).toList();
    }

    private void throwIfDown() {
        if (down != null) {
            throw down;
        }
    }
}
