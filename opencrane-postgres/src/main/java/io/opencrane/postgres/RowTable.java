package io.opencrane.postgres;

import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.core.port.Row;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table of one kind of rows, and that of its tombstones. The guard against older reads is part of the statements. A row that says
 * what no row of ours says, because it was edited by hand, is named in the log and otherwise taken for none: one such row must not
 * keep the others from being read, and a repair writes over it.
 *
 * @param <R> the rows
 * @param <Q> which of them to list
 */
abstract class RowTable<R extends Row, Q> {
    private static final Logger LOG = LoggerFactory.getLogger(RowTable.class);

    /** Byte order whatever the database's collation is; the text of the indexes {@code <table>_key} (DECISIONS 36). */
    private static final String KEY = "((namespace || '/' || name) COLLATE \"C\")";

    /** Sorted, so that two transactions over the same rows wait for each other instead of deadlocking. */
    private static final String UPSERT = """
            INSERT INTO {schema}.{table} AS there ({names}, updated_at)
            SELECT {values}, :updated_at
            FROM unnest({parameters}) AS given({names})
            WHERE NOT EXISTS (
                SELECT FROM {schema}.{tombstones} AS gone
                WHERE gone.namespace = given.namespace AND gone.name = given.name
                    AND (gone.uid = given.uid
                        OR (gone.created_at, gone.resource_version)
                            > (given.created_at::timestamptz, given.resource_version::numeric)))
            ORDER BY given.namespace COLLATE "C", given.name COLLATE "C"
            ON CONFLICT (namespace, name) DO UPDATE SET {replaced}, updated_at = excluded.updated_at
            WHERE CASE WHEN there.uid = excluded.uid
                THEN there.resource_version <= excluded.resource_version
                ELSE (there.created_at, there.resource_version) < (excluded.created_at, excluded.resource_version) END
            RETURNING namespace, name""";

    /** The row's age is kept with the deletion; a deletion told twice keeps the first. */
    private static final String BURY = """
            WITH deleted AS (
                DELETE FROM {schema}.{table} WHERE namespace = :namespace AND name = :name AND uid = :uid
                RETURNING resource_version, created_at)
            INSERT INTO {schema}.{tombstones} (namespace, name, uid, resource_version, created_at, deleted_at)
            SELECT :namespace, :name, :uid, deleted.resource_version, deleted.created_at, :now
            FROM (SELECT) AS always LEFT JOIN deleted ON true
            ON CONFLICT (namespace, name, uid) DO NOTHING""";

    private final Sessions sessions;
    private final ResourceKind kind;
    private final String table;
    private final String tombstones;
    private final List<Column<R>> columns;
    private final String upsert;

    /** Columns beside those that every kind has, and beside {@code updated_at}. */
    RowTable(Sessions sessions, ResourceKind kind, String table, String tombstones, List<Column<R>> columns) {
        this.sessions = sessions;
        this.kind = kind;
        this.table = table;
        this.tombstones = tombstones;
        this.columns = Stream.concat(RowTable.<R>common(), columns.stream()).toList();
        upsert = sql(UPSERT)
                .replace("{names}", joined(this.columns, Column::name))
                .replace("{values}", joined(this.columns, Column::value))
                .replace("{parameters}", joined(this.columns, column -> ":" + column.name()))
                .replace(
                        "{replaced}",
                        joined(
                                this.columns.subList(2, this.columns.size()),
                                column -> column.name() + " = excluded." + column.name()));
    }

    /**
     * A column, sent as text.
     *
     * @param name its name
     * @param cast its type, empty for text
     * @param of what a row has in it
     */
    record Column<R>(String name, String cast, Function<R, @Nullable String> of) {
        static <R> Column<R> text(String name, Function<R, @Nullable String> of) {
            return new Column<>(name, "", of);
        }

        private String value() {
            return "given." + name + (cast.isEmpty() ? "" : "::" + cast);
        }
    }

    private static <R extends Row> Stream<Column<R>> common() {
        return Stream.of(
                Column.text("namespace", row -> row.key().namespace()),
                Column.text("name", row -> row.key().name()),
                Column.text("uid", Row::uid),
                new Column<>("resource_version", "numeric", Row::resourceVersion),
                new Column<>("created_at", "timestamptz", row -> row.createdAt().toString()));
    }

    private static <R> String joined(List<Column<R>> columns, Function<Column<R>, String> text) {
        return columns.stream().map(text).collect(Collectors.joining(", "));
    }

    private String sql(String text) {
        return sessions.sql(text.replace("{table}", table).replace("{tombstones}", tombstones));
    }

    /** Reads a row's own columns; throws any runtime exception, {@link IllegalStateException} with a message of ours, if it is damaged. */
    abstract R decode(ResultSet row) throws SQLException;

    /** Narrows a page to what a query asks for. */
    abstract void filter(Q query, Filters filters);

    /** What is left of a query's filters that SQL cannot tell in the way that other stores do. */
    Optional<Predicate<R>> inMemory(Q query) {
        return Optional.empty();
    }

    /** Held by writers together, and against {@link #buryLock}: a writer that saw no tombstone ends before one is made. */
    final String writeLock() {
        return sql("LOCK TABLE {schema}.{tombstones} IN ROW SHARE MODE");
    }

    final String buryLock() {
        return sql("LOCK TABLE {schema}.{tombstones} IN EXCLUSIVE MODE");
    }

    /** Writes rows of different names and tells which were written. */
    final Set<ResourceKey> upsert(Handle handle, List<R> rows, Instant now) {
        Update insert = handle.createUpdate(upsert).bind("updated_at", now.atOffset(ZoneOffset.UTC));
        Columns<R> values = new Columns<>(insert, rows);
        columns.forEach(column -> values.bind(column.name(), column.of()));
        return new HashSet<>(insert.executeAndReturnGeneratedKeys()
                .map((row, context) -> new ResourceKey(kind, row.getString("namespace"), row.getString("name")))
                .list());
    }

    final void bury(Handle handle, ResourceKey key, String uid, Instant now) {
        handle.createUpdate(sql(BURY))
                .bind("namespace", key.namespace())
                .bind("name", key.name())
                .bind("uid", uid)
                .bind("now", now.atOffset(ZoneOffset.UTC))
                .execute();
    }

    final Optional<R> find(Handle handle, ResourceKey key) {
        return new Filters()
                .add("namespace = :namespace", "namespace", key.namespace())
                .add("name = :name", "name", key.name())
                .query(handle, sql("SELECT * FROM {schema}.{table}"), "")
                .map((row, context) -> read(row))
                .findOne()
                .flatMap(found -> found);
    }

    /** Reads so many rows behind a key. */
    final List<Keyed<R>> page(Handle handle, Q query, List<String> namespaces, Optional<String> after, int limit) {
        Filters filters = new Filters().within(namespaces);
        filter(query, filters);
        after.ifPresent(key -> filters.add(KEY + " > :after", "after", key));
        return filters.query(handle, sql("SELECT * FROM {schema}.{table}"), " ORDER BY " + KEY + " LIMIT :limit")
                .bind("limit", limit)
                .map((row, context) -> new Keyed<>(key(row), read(row)))
                .list();
    }

    /** What a page goes on after, also if the row itself cannot be read. */
    record Keyed<R>(String key, Optional<R> row) {}

    final Query all(Handle handle, List<String> namespaces) {
        return new Filters()
                .within(namespaces)
                .query(handle, sql("SELECT * FROM {schema}.{table}"), " ORDER BY " + KEY);
    }

    /** Empty if the row is damaged. */
    final Optional<R> read(ResultSet row) throws SQLException {
        try {
            return Optional.of(decode(row));
        } catch (RuntimeException e) {
            // Only our own texts: another may repeat the overrides.
            String why = e instanceof IllegalStateException
                    ? e.getMessage()
                    : e.getClass().getSimpleName();
            LOG.atWarn()
                    .addKeyValue("component", "projection")
                    .addKeyValue(kind == ResourceKind.TENANT ? "tenant" : "resource", key(row))
                    .log("A row cannot be read and counts as missing until a repair rewrites it: {}", why);
            return Optional.empty();
        }
    }

    private static String key(ResultSet row) throws SQLException {
        return row.getString("namespace") + "/" + row.getString("name");
    }
}
