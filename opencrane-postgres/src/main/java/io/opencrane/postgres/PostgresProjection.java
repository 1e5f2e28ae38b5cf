package io.opencrane.postgres;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.BudgetMark;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.RowStore;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.projection.Projectable;
import io.opencrane.core.projection.RowKind;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The projection in a PostgreSQL schema of its own. Making one does no I/O: the first call migrates the schema, unless
 * {@link #migrate()} did before. Thread-safe; owns no thread and no connection between calls, except for open cursors.
 *
 * <p>Give it a pool, not a data source that joins a surrounding transaction: every call is a transaction of its own. The pool needs two
 * connections at least, because a repair writes while it reads.
 *
 * <p>A row whose content is not ours, because it was edited by hand, is named in a warning and counts as missing wherever rows are read,
 * until a repair rewrites it.
 */
public final class PostgresProjection implements ProjectionStore {
    private final Sessions sessions;
    private final Migrator migrator;
    private final PostgresRows<TenantId, TenantRow, TenantQuery> tenants;
    private final PostgresRows<AccessPolicyId, PolicyRow, AccessPolicyQuery> policies;
    private final AuditTable audits;
    private final KeyTable keys;
    private final CeilingTable ceilings;
    private final BudgetMarkTable marks;
    private final InstantSource clock;

    /** Only ever becomes true; several first calls may migrate at once, the database sorts them out. */
    private volatile boolean migrated;

    private PostgresProjection(DataSource dataSource, ProjectionOptions options) {
        sessions = new Sessions(Objects.requireNonNull(dataSource, "dataSource"), options.schema());
        clock = options.clock();
        migrator = new Migrator(sessions, clock, Migration.all());
        audits = new AuditTable(sessions);
        keys = new KeyTable(sessions);
        ceilings = new CeilingTable(sessions);
        marks = new BudgetMarkTable(sessions);
        var database = new PostgresRows.Database(sessions, audits, this::ready, this::now, options.rowsAtOnce());
        tenants = new PostgresRows<>(RowKind.TENANTS, new TenantTable(sessions), database, marks::forget);
        policies = new PostgresRows<>(RowKind.POLICIES, new PolicyTable(sessions), database, (handle, id) -> {});
    }

    /**
     * A projection in the schema {@code opencrane}.
     *
     * @param dataSource the host's, which stays the host's to close
     * @return a store; nothing was read or written yet
     */
    public static PostgresProjection using(DataSource dataSource) {
        return using(dataSource, ProjectionOptions.defaults());
    }

    /**
     * A projection with options.
     *
     * @param dataSource the host's, which stays the host's to close
     * @param options schema, clock, sizes
     * @return a store; nothing was read or written yet
     */
    public static PostgresProjection using(DataSource dataSource, ProjectionOptions options) {
        return new PostgresProjection(dataSource, options);
    }

    /**
     * Brings the schema to this library's version, and makes it if it is not there. Safe to call again, and from several hosts at once.
     * Only a migration itself needs the right to create things; a role that may only read and write rows can do all the rest, once it is
     * granted the tables that a migration added.
     *
     * @throws OpenCraneException {@code UPSTREAM_ERROR} or {@code TIMEOUT} if the database does not answer, {@code UNAUTHORIZED} or
     *     {@code FORBIDDEN} if it refuses the user, {@code DEPENDENCY_NOT_CONFIGURED} if there is no such database, or its schema is a
     *     newer library's or not ours
     */
    public void migrate() {
        migrator.migrate();
        migrated = true;
    }

    private void ready() {
        if (!migrated) {
            migrate();
        }
    }

    @Override
    public RowStore<TenantId, TenantRow, TenantQuery> tenants() {
        return tenants;
    }

    @Override
    public RowStore<AccessPolicyId, PolicyRow, AccessPolicyQuery> policies() {
        return policies;
    }

    @Override
    public void recordKey(TenantId tenant, ModelKeyMetadata key, AuditEntry audit) {
        ModelKeyMetadata fitting = Projectable.require(tenant, key);
        AuditEntry entry = Projectable.require(audit);
        change("record a model key of " + tenant.key(), entry, handle -> keys.put(handle, tenant, fitting));
    }

    @Override
    public List<ModelKeyMetadata> keys(TenantId tenant) {
        Projectable.require(tenant.key());
        ready();
        return sessions.read("read the model keys of " + tenant.key(), handle -> keys.of(handle, tenant));
    }

    @Override
    public void setCeiling(BudgetAccount account, @Nullable BigDecimal monthlyUsd, AuditEntry audit) {
        BigDecimal fitting = Projectable.require(account, monthlyUsd);
        AuditEntry entry = Projectable.require(audit);
        change("set the ceiling of " + account, entry, handle -> ceilings.put(handle, account, fitting, now()));
    }

    @Override
    public Map<BudgetAccount, BigDecimal> ceilings() {
        ready();
        return sessions.read("read the ceilings", ceilings::all);
    }

    @Override
    public void markBudget(BudgetMark mark) {
        BudgetMark fitting = Projectable.require(mark);
        ready();
        sessions.<@Nullable Void>write("mark the budget of " + mark.tenant().key(), "", handle -> {
            marks.put(handle, fitting);
            return null;
        });
    }

    @Override
    public List<BudgetMark> budgetMarks() {
        ready();
        return sessions.read("read the budget marks", marks::all);
    }

    @Override
    public void append(AuditEntry audit) {
        AuditEntry entry = Projectable.require(audit);
        change("write the audit log", entry, handle -> {});
    }

    /** What was done and that it was done, in one transaction. */
    private void change(String doing, AuditEntry entry, Consumer<Handle> work) {
        ready();
        sessions.<@Nullable Void>write(doing, "", handle -> {
            work.accept(handle);
            audits.append(handle, List.of(entry));
            return null;
        });
    }

    @Override
    public List<AuditEntry> audit(@Nullable TenantId tenant, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("At least one entry; asked for " + limit + ".");
        }
        if (tenant != null) {
            Projectable.require(tenant.key());
        }
        ready();
        return sessions.read("read the audit log", handle -> audits.newest(handle, tenant, limit));
    }

    /** Reaches the database without touching the schema, so that it can be asked before anything is migrated. */
    @Override
    public void ping() {
        sessions.read("ask the database", handle -> handle.execute("SELECT 1"));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
