package io.opencrane.core.port;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantQuery;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The projection: the rows of each kind, what is known of keys and budgets, and the audit log of all of it (DECISIONS 36–39).
 * Blocking, thread-safe. Every method, those of the {@link RowStore}s included, may fail with {@code UPSTREAM_ERROR} or {@code TIMEOUT},
 * and then wrote all of it or nothing: a commit whose answer got lost may have happened. Every call may be repeated; only an audit entry
 * may then be there twice. A name or filter that no row can have is refused with {@code VALIDATION_ERROR}.
 */
public interface ProjectionStore {
    /**
     * The rows of tenants. A removal also takes the tenant's {@linkplain #markBudget budget mark} in the same transaction, so that a
     * tenant made anew starts without one; a late removal also takes a mark that was the later tenant's already, because a threshold told
     * twice does less harm than one never told.
     *
     * @return the same for the store's life
     */
    RowStore<TenantId, TenantRow, TenantQuery> tenants();

    /**
     * The rows of access policies.
     *
     * @return the same for the store's life
     */
    RowStore<AccessPolicyId, PolicyRow, AccessPolicyQuery> policies();

    /**
     * Records what is known of a model key: made, given another budget, or revoked, and writes an audit entry, in one transaction.
     * History is kept; one line an alias, which belongs to the key issued last. A revocation of that key once recorded stays. The audit
     * entry is written in any case.
     *
     * @param tenant the tenant
     * @param key the key's metadata
     * @param audit what was done
     * @throws OpenCraneException {@code VALIDATION_ERROR} naming the field if PostgreSQL cannot hold a value
     */
    void recordKey(TenantId tenant, ModelKeyMetadata key, AuditEntry audit);

    /**
     * What is known of a tenant's model keys, newest first.
     *
     * @param tenant the tenant
     * @return the metadata, revoked keys included
     */
    List<ModelKeyMetadata> keys(TenantId tenant);

    /**
     * Stores a ceiling for the budgets of an account together, and writes an audit entry, in one transaction. Calls at once
     * act as if they were made one after another.
     *
     * @param account whose ceiling
     * @param monthlyUsd US dollars a calendar month, zero or more, kept at two digits, rounded half up; null takes the ceiling away
     * @param audit what was done; written also if there was no ceiling to take away
     * @throws OpenCraneException {@code VALIDATION_ERROR} naming the field if PostgreSQL cannot hold a value or the amount is below zero
     */
    void setCeiling(BudgetAccount account, @Nullable BigDecimal monthlyUsd, AuditEntry audit);

    /**
     * Reads every ceiling.
     *
     * @return by account; an account without a ceiling is not in it
     */
    Map<BudgetAccount, BigDecimal> ceilings();

    /**
     * Remembers the highest budget threshold that was told of a tenant, so that it is told once. There need not be a row. The mark is
     * kept until the tenant is {@linkplain #tenants removed}; one that comes after the removal stays.
     *
     * @param mark the mark, which replaces the tenant's earlier one; its time is kept at microseconds
     * @throws OpenCraneException {@code VALIDATION_ERROR} naming the field if PostgreSQL cannot hold a value or the percentage is below
     *     zero
     */
    void markBudget(BudgetMark mark);

    /**
     * Reads what was remembered of every tenant.
     *
     * @return the marks, in no order
     */
    List<BudgetMark> budgetMarks();

    /**
     * Writes an audit entry of a change that has no row.
     *
     * @param audit what was done
     * @throws OpenCraneException {@code VALIDATION_ERROR} naming the field if PostgreSQL cannot hold a value
     */
    void append(AuditEntry audit);

    /**
     * Reads the audit log, newest first.
     *
     * @param tenant only this tenant, or null for all
     * @param limit how many at the most, 1 or more
     * @return the entries
     */
    List<AuditEntry> audit(@Nullable TenantId tenant, int limit);

    /**
     * Asks the database a trivial question.
     *
     * @throws OpenCraneException {@code UPSTREAM_ERROR} or {@code TIMEOUT} if it does not answer
     */
    void ping();

    /** Whether a row was written. */
    enum Written {
        /** It was. */
        YES,
        /** Something newer is there: a newer row or a later deletion. */
        NEWER_THERE
    }
}
