package io.opencrane.postgres;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.OpenCraneException;
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
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
    private final TenantTable tenants;
    private final AuditTable audits;
    private final KeyTable keys;
    private final CeilingTable ceilings;
    private final BudgetMarkTable marks;
    private final InstantSource clock;
    private final int rowsAtOnce;

    /** Only ever becomes true; several first calls may migrate at once, the database sorts them out. */
    private volatile boolean migrated;

    private PostgresProjection(DataSource dataSource, ProjectionOptions options) {
        sessions = new Sessions(Objects.requireNonNull(dataSource, "dataSource"), options.schema());
        clock = options.clock();
        rowsAtOnce = options.rowsAtOnce();
        migrator = new Migrator(sessions, clock, Migration.all());
        tenants = new TenantTable(sessions);
        audits = new AuditTable(sessions);
        keys = new KeyTable(sessions);
        ceilings = new CeilingTable(sessions);
        marks = new BudgetMarkTable(sessions);
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
    public Written write(TenantRow row, AuditEntry audit) {
        TenantRow fitting = Projectable.require(row);
        AuditEntry entry = Projectable.require(audit);
        ready();
        return sessions.write("write " + row.id().key(), tenants.writeLock(), handle -> {
            boolean written = !tenants.upsert(handle, List.of(fitting), now()).isEmpty();
            audits.append(handle, List.of(entry));
            return written ? Written.YES : Written.NEWER_THERE;
        });
    }

    @Override
    public void remove(TenantId id, String uid, AuditEntry audit) {
        Projectable.require(id, uid);
        AuditEntry entry = Projectable.require(audit);
        ready();
        sessions.<@Nullable Void>write("remove " + id.key(), tenants.buryLock(), handle -> {
            tenants.bury(handle, id, uid, now());
            marks.forget(handle, id);
            audits.append(handle, List.of(entry));
            return null;
        });
    }

    @Override
    public Optional<TenantRow> find(TenantId id) {
        Projectable.require(id);
        ready();
        return sessions.read("read " + id.key(), handle -> tenants.find(handle, id));
    }

    @Override
    public Page<TenantRow> list(TenantQuery query, List<String> namespaces) {
        Projectable.require(query);
        ready();
        Instant asOf = now();
        List<TenantTable.KeyedRow> rows =
                sessions.read("list tenants", handle -> tenants.page(handle, query, namespaces));
        boolean more = rows.size() > query.limit();
        List<TenantTable.KeyedRow> items = more ? rows.subList(0, query.limit()) : rows;
        String next = more ? items.get(items.size() - 1).key() : null;
        return new Page<>(
                items.stream().flatMap(item -> item.row().stream()).toList(), next, Page.Source.PROJECTION, asOf);
    }

    @Override
    public RowCursor<TenantRow> stream(List<String> namespaces) {
        ready();
        return TenantCursor.open(
                sessions,
                handle -> tenants.all(handle, namespaces)
                        .setFetchSize(rowsAtOnce)
                        .map((row, context) -> TenantTable.read(row))
                        .iterator());
    }

    @Override
    public List<Written> writeAll(List<TenantRow> rows, String action) {
        List<TenantRow> fitting = rows.stream().map(Projectable::require).toList();
        Instant now = now();
        List<AuditEntry> entries = fitting.stream()
                .map(row -> Projectable.require(AuditEntry.ofRow(row, action, now)))
                .toList();
        if (rows.isEmpty()) {
            return List.of();
        }
        ready();
        return sessions.write("write " + rows.size() + " tenants", tenants.writeLock(), handle -> {
            List<Written> result = new ArrayList<>(Collections.nCopies(rows.size(), Written.NEWER_THERE));
            for (List<Integer> statement : Batches.of(fitting, rowsAtOnce)) {
                writeSome(handle, statement, fitting, result);
            }
            List<AuditEntry> done = IntStream.range(0, entries.size())
                    .filter(i -> result.get(i) == Written.YES)
                    .mapToObj(entries::get)
                    .toList();
            for (int from = 0; from < done.size(); from += rowsAtOnce) {
                audits.append(handle, done.subList(from, Math.min(done.size(), from + rowsAtOnce)));
            }
            return List.copyOf(result);
        });
    }

    private void writeSome(Handle handle, List<Integer> which, List<TenantRow> rows, List<Written> result) {
        Set<TenantId> written =
                tenants.upsert(handle, which.stream().map(rows::get).toList(), now());
        which.stream().filter(i -> written.contains(rows.get(i).id())).forEach(i -> result.set(i, Written.YES));
    }

    @Override
    public void recordKey(TenantId tenant, ModelKeyMetadata key, AuditEntry audit) {
        ModelKeyMetadata fitting = Projectable.require(tenant, key);
        AuditEntry entry = Projectable.require(audit);
        change("record a model key of " + tenant.key(), entry, handle -> keys.put(handle, tenant, fitting));
    }

    @Override
    public List<ModelKeyMetadata> keys(TenantId tenant) {
        Projectable.require(tenant);
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
            Projectable.require(tenant);
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
