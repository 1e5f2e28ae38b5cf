package io.opencrane.core.port;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Page;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantQuery;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The projection: rows, their audit log and the guards that keep an older read from overwriting a newer row (DECISIONS 36–39).
 * Blocking, thread-safe. Every method may fail with {@code UPSTREAM_ERROR} or {@code TIMEOUT}, and then wrote all of it or nothing: a
 * commit whose answer got lost may have happened. Every call may be repeated; only an audit entry may then be there twice. A name or
 * filter that no row can have is refused with {@code VALIDATION_ERROR}.
 */
public interface ProjectionStore {
    /**
     * Writes a row and its audit entry in one transaction. The row is written only if nothing newer is there. Of one uid, the higher
     * {@code resourceVersion} is newer, compared as unsigned numbers; the same version is written again, which is how a damaged row is
     * repaired. Of two uids, the one created later is newer, and within one second the one with the higher {@code resourceVersion}.
     * A uid that was {@linkplain #remove removed}, and any object older than it, is never written again. The audit entry is written in
     * any case.
     *
     * @param row the row
     * @param audit what was done
     * @return whether the row was written
     * @throws OpenCraneException {@code VALIDATION_ERROR} naming the field if PostgreSQL cannot hold a value (DECISIONS 38)
     */
    Written write(TenantRow row, AuditEntry audit);

    /**
     * Deletes a row, remembers the deletion and writes an audit entry, in one transaction, also if there is no row. The uid, and any
     * object older than the deleted row, is never written afterwards. A row of another object of the same name stays. The tenant's
     * {@linkplain #markBudget budget mark} goes in the same transaction, so that a tenant made anew starts without one; a late removal
     * also takes a mark that was the later tenant's already, because a threshold told twice does less harm than one never told.
     *
     * @param id the tenant
     * @param uid the uid of the object that was deleted
     * @param audit what was done
     * @throws OpenCraneException {@code VALIDATION_ERROR} naming the field if PostgreSQL cannot hold a value
     */
    void remove(TenantId id, String uid, AuditEntry audit);

    /**
     * Reads a row.
     *
     * @param id the tenant
     * @return the row or empty
     */
    Optional<TenantRow> find(TenantId id);

    /**
     * Reads a page of rows in the byte order of {@code namespace/name}.
     *
     * @param query filters and page
     * @param namespaces only these namespaces; empty for all
     * @return the page
     */
    Page<TenantRow> list(TenantQuery query, List<String> namespaces);

    /**
     * Reads all rows in the byte order of {@code namespace/name}, as they are now, without holding them in memory. The cursor occupies a
     * connection until it is closed; whoever writes meanwhile needs a second one.
     *
     * @param namespaces only these namespaces; empty for all
     * @return a cursor to be closed
     */
    RowCursor<TenantRow> stream(List<String> namespaces);

    /**
     * Writes many rows in one transaction, under the guard of {@link #write}, with one audit entry for each row written. As if they were
     * written one after another: a tenant may appear twice.
     *
     * @param rows the rows
     * @param action the audit entries' action
     * @return for each row, in order, whether it was written
     * @throws OpenCraneException {@code VALIDATION_ERROR} naming tenant and field if PostgreSQL cannot hold a value; nothing was written
     */
    List<Written> writeAll(List<TenantRow> rows, String action);

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
     * kept until the tenant is {@linkplain #remove removed}; one that comes after the removal stays.
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
