package io.opencrane.core.support;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.BudgetMark;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.projection.RowKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows in sorted maps, and switches for what goes wrong. The real fake is the testkit's. */
public final class InMemoryProjection implements ProjectionStore {
    public final List<AuditEntry> log = new ArrayList<>();
    public final List<Integer> chunks = new ArrayList<>();
    public final Set<String> refusedNames = new HashSet<>();
    public final List<ModelKeyMetadata> keys = new ArrayList<>();
    public final Map<BudgetAccount, BigDecimal> ceilings = new HashMap<>();
    public final Map<TenantId, BudgetMark> marks = new HashMap<>();
    public RuntimeException down;
    public int openCursors;
    private final RowsInMemory<TenantId, TenantRow, TenantQuery> tenants = new RowsInMemory<>(RowKind.TENANTS, this);
    private final RowsInMemory<AccessPolicyId, PolicyRow, AccessPolicyQuery> policies =
            new RowsInMemory<>(RowKind.POLICIES, this);
    /** Of tenants. */
    public final Map<String, TenantRow> rows = tenants.rows;

    @Override
    public RowsInMemory<TenantId, TenantRow, TenantQuery> tenants() {
        return tenants;
    }

    @Override
    public RowsInMemory<AccessPolicyId, PolicyRow, AccessPolicyQuery> policies() {
        return policies;
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

    void throwIfDown() {
        if (down != null) {
            throw down;
        }
    }
}
