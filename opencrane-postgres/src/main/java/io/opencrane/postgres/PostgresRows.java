package io.opencrane.postgres;

import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.ProjectionStore.Written;
import io.opencrane.core.port.Row;
import io.opencrane.core.port.RowCursor;
import io.opencrane.core.port.RowStore;
import io.opencrane.core.projection.Projectable;
import io.opencrane.core.projection.RowKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of one kind: every call is a transaction of its own, which also writes the audit log. Thread-safe. */
final class PostgresRows<I, R extends Row, Q> implements RowStore<I, R, Q> {
    /** What is read at once where a filter is applied to what was read. */
    private static final int FILTERED_AT_ONCE = 500;

    private final RowKind<I, R, Q> kind;
    private final RowTable<R, Q> table;
    private final Database database;
    private final BiConsumer<Handle, I> alongRemoval;

    /**
     * What the rows of every kind share.
     *
     * @param sessions opens transactions
     * @param audits the audit log
     * @param ready migrates before the first call
     * @param now the clock, at microseconds
     * @param rowsAtOnce rows a statement or a fetch
     */
    record Database(Sessions sessions, AuditTable audits, Runnable ready, Supplier<Instant> now, int rowsAtOnce) {}

    /** Whatever {@code alongRemoval} does is part of a removal's transaction. */
    PostgresRows(RowKind<I, R, Q> kind, RowTable<R, Q> table, Database database, BiConsumer<Handle, I> alongRemoval) {
        this.kind = kind;
        this.table = table;
        this.database = database;
        this.alongRemoval = alongRemoval;
    }

    @Override
    public Written write(R row, AuditEntry audit) {
        R fitting = kind.fitting().apply(row);
        AuditEntry entry = Projectable.require(audit);
        database.ready().run();
        return database.sessions().write("write " + row.key(), table.writeLock(), handle -> {
            boolean written = !table.upsert(handle, List.of(fitting), now()).isEmpty();
            database.audits().append(handle, List.of(entry));
            return written ? Written.YES : Written.NEWER_THERE;
        });
    }

    @Override
    public void remove(I id, String uid, AuditEntry audit) {
        ResourceKey key = kind.key().apply(id);
        Projectable.require(key, uid);
        AuditEntry entry = Projectable.require(audit);
        database.ready().run();
        database.sessions().<@Nullable Void>write("remove " + key, table.buryLock(), handle -> {
            table.bury(handle, key, uid, now());
            alongRemoval.accept(handle, id);
            database.audits().append(handle, List.of(entry));
            return null;
        });
    }

    @Override
    public Optional<R> find(I id) {
        ResourceKey key = kind.key().apply(id);
        Projectable.require(key);
        database.ready().run();
        return database.sessions().read("read " + key, handle -> table.find(handle, key));
    }

    @Override
    public Page<R> list(Q query, List<String> namespaces) {
        kind.screen().accept(query);
        database.ready().run();
        Instant asOf = now();
        int limit = kind.limit().applyAsInt(query);
        List<RowTable.Keyed<R>> rows =
                database.sessions().read("list " + plural(), handle -> oneMoreThan(limit, handle, query, namespaces));
        boolean more = rows.size() > limit;
        List<RowTable.Keyed<R>> items = more ? rows.subList(0, limit) : rows;
        String next = more ? items.get(items.size() - 1).key() : null;
        return new Page<>(
                items.stream().flatMap(item -> item.row().stream()).toList(), next, Page.Source.PROJECTION, asOf);
    }

    /** One row more than asked for, which tells whether there is a next page. */
    private List<RowTable.Keyed<R>> oneMoreThan(int limit, Handle handle, Q query, List<String> namespaces) {
        Optional<Predicate<R>> filter = table.inMemory(query);
        int atOnce = filter.isPresent() ? Math.max(limit + 1, FILTERED_AT_ONCE) : limit + 1;
        List<RowTable.Keyed<R>> found = new ArrayList<>();
        Optional<String> after = kind.after().apply(query);
        List<RowTable.Keyed<R>> read;
        do {
            read = table.page(handle, query, namespaces, after, atOnce);
            read.stream()
                    .filter(row ->
                            filter.isEmpty() || row.row().filter(filter.get()).isPresent())
                    .forEach(found::add);
            after = read.isEmpty()
                    ? after
                    : Optional.of(read.get(read.size() - 1).key());
        } while (read.size() == atOnce && found.size() <= limit);
        return found;
    }

    @Override
    public RowCursor<R> stream(List<String> namespaces) {
        database.ready().run();
        return SqlCursor.open(
                "read all " + plural(),
                database.sessions(),
                handle -> table.all(handle, namespaces)
                        .setFetchSize(database.rowsAtOnce())
                        .map((row, context) -> table.read(row))
                        .iterator());
    }

    @Override
    public List<Written> writeAll(List<R> rows, String action) {
        List<R> fitting = rows.stream().map(kind.fitting()).toList();
        Instant now = now();
        List<AuditEntry> entries = fitting.stream()
                .map(row -> Projectable.require(AuditEntry.ofRow(row, action, now)))
                .toList();
        if (rows.isEmpty()) {
            return List.of();
        }
        database.ready().run();
        return database.sessions().write("write " + rows.size() + " " + plural(), table.writeLock(), handle -> {
            List<Written> result = new ArrayList<>(Collections.nCopies(rows.size(), Written.NEWER_THERE));
            for (List<Integer> statement : Batches.of(fitting, database.rowsAtOnce())) {
                writeSome(handle, statement, fitting, result);
            }
            appendInBatches(
                    handle,
                    IntStream.range(0, entries.size())
                            .filter(i -> result.get(i) == Written.YES)
                            .mapToObj(entries::get)
                            .toList());
            return List.copyOf(result);
        });
    }

    private void writeSome(Handle handle, List<Integer> which, List<R> rows, List<Written> result) {
        Set<ResourceKey> written =
                table.upsert(handle, which.stream().map(rows::get).toList(), now());
        which.stream().filter(i -> written.contains(rows.get(i).key())).forEach(i -> result.set(i, Written.YES));
    }

    private void appendInBatches(Handle handle, List<AuditEntry> done) {
        int atOnce = database.rowsAtOnce();
        for (int from = 0; from < done.size(); from += atOnce) {
            database.audits().append(handle, done.subList(from, Math.min(done.size(), from + atOnce)));
        }
    }

    private String plural() {
        return kind.kind().plural();
    }

    private Instant now() {
        return database.now().get();
    }
}
