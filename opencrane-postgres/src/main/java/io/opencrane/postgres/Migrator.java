package io.opencrane.postgres;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the schema to this library's version: all missing steps in one transaction, under a lock, so that any number of hosts may start
 * at once and none sees half a schema. A schema that is already there costs one read and needs no right to create anything.
 */
final class Migrator {
    private static final Logger LOG = LoggerFactory.getLogger(Migrator.class);

    private static final String DOING = "migrate the schema";

    /** Not to_regclass, which may answer from what its session remembers from before it waited for the lock. */
    private static final String HISTORY =
            "SELECT FROM pg_catalog.pg_tables WHERE schemaname = :schema AND tablename = 'schema_history'";

    /** A table or index, a type, a constraint of this name. */
    private static final Set<String> ALREADY_THERE = Set.of("42P07", "42710");

    private final Sessions sessions;
    private final InstantSource clock;
    private final List<Migration> known;

    Migrator(Sessions sessions, InstantSource clock, List<Migration> known) {
        this.sessions = sessions;
        this.clock = clock;
        this.known = known;
    }

    void migrate() {
        int current = sessions.read(DOING, this::verifiedVersion);
        if (current < newest()) {
            // lock_timeout: a host that hangs while it migrates must not hang all others, and whoever queues behind a
            // table that is waited for must get it within the usual 25 seconds. statement_timeout: an index may take
            // long, but the server gives up before the client does.
            String lock = "SET LOCAL lock_timeout = '20s'; SET LOCAL statement_timeout = '55min';"
                    + " SELECT pg_advisory_xact_lock(hashtextextended('opencrane schema " + sessions.schema()
                    + "', 0))";
            int found = sessions.writeUnhurried(DOING, lock, this::applyMissing);
            if (found < newest()) {
                LOG.atInfo()
                        .addKeyValue("component", "projection")
                        .addKeyValue("schema", sessions.schema())
                        .log("Schema migrated from version {} to {}", found, newest());
            }
        }
    }

    /** Returns the version it found, under the lock. */
    private int applyMissing(Handle handle) {
        int current = verifiedVersion(handle);
        if (current == newest()) {
            return current;
        }
        requireUtf8(handle);
        if (!exists(handle, "SELECT FROM pg_catalog.pg_namespace WHERE nspname = :schema")) {
            handle.execute(sessions.sql("CREATE SCHEMA {schema}"));
        }
        if (current == 0) {
            handle.execute(sessions.sql("""
                    CREATE TABLE IF NOT EXISTS {schema}.schema_history (
                        version    integer     PRIMARY KEY,
                        name       text        NOT NULL,
                        checksum   text        NOT NULL,
                        applied_at timestamptz NOT NULL
                    )"""));
        }
        // The files name no schema; SET LOCAL ends with the transaction, so a pooled connection keeps its own path.
        handle.execute(sessions.sql("SET LOCAL search_path TO {schema}"));
        known.stream()
                .filter(migration -> migration.version() > current)
                .forEach(migration -> apply(handle, migration));
        return current;
    }

    private void apply(Handle handle, Migration migration) {
        // Not through JDBI, which would look for parameters in it.
        try (Statement statement = handle.getConnection().createStatement()) {
            statement.execute(migration.sql());
        } catch (SQLException e) {
            if (ALREADY_THERE.contains(String.valueOf(e.getSQLState()))) {
                throw sessions.failures()
                        .refusal(
                                "The schema already holds something that " + migration.name()
                                        + " makes, and its history does not say so: it is somebody else's; use a schema of its own.");
            }
            throw new UnableToExecuteStatementException("In " + migration.name(), e, null);
        }
        handle.createUpdate(sessions.sql("""
                        INSERT INTO {schema}.schema_history (version, name, checksum, applied_at)
                        VALUES (:version, :name, :checksum, :now)"""))
                .bind("version", migration.version())
                .bind("name", migration.name())
                .bind("checksum", migration.checksum())
                .bind("now", clock.instant().atOffset(ZoneOffset.UTC))
                .execute();
    }

    /** The version the schema is at, 0 for none, once every step on record is one of ours. */
    private int verifiedVersion(Handle handle) {
        if (!exists(handle, HISTORY)) {
            return 0;
        }
        List<Applied> history = handle.createQuery(
                        sessions.sql("SELECT version, name, checksum FROM {schema}.schema_history ORDER BY version"))
                .map((row, context) -> new Applied(row.getInt(1), row.getString(2), row.getString(3)))
                .list();
        for (int i = 0; i < history.size(); i++) {
            verify(i, history.get(i));
        }
        return history.isEmpty() ? 0 : known.get(history.size() - 1).version();
    }

    private void verify(int index, Applied applied) {
        if (applied.version() > newest()) {
            throw sessions.failures()
                    .refusal("The schema is at version " + applied.version() + ", this library knows only up to "
                            + newest() + "; use the library that migrated it or a newer one.");
        }
        if (index >= known.size() || known.get(index).version() != applied.version()) {
            throw sessions.failures()
                    .refusal("The schema's history lists " + applied.name()
                            + " out of order; restore schema_history or use an empty schema.");
        }
        if (!known.get(index).checksum().equals(applied.checksum())) {
            throw sessions.failures()
                    .refusal("The migration " + applied.name()
                            + " on record is not this library's; the schema belongs to another build or was edited.");
        }
    }

    private void requireUtf8(Handle handle) {
        String encoding =
                handle.createQuery("SHOW server_encoding").mapTo(String.class).one();
        if (!encoding.equals("UTF8")) {
            throw sessions.failures()
                    .refusal("The database's encoding is " + encoding + "; OpenCrane needs one created with UTF8.");
        }
    }

    private boolean exists(Handle handle, String rows) {
        return handle.createQuery("SELECT EXISTS (" + rows + ")")
                .bind("schema", sessions.schema())
                .mapTo(Boolean.class)
                .one();
    }

    private int newest() {
        return known.get(known.size() - 1).version();
    }

    private record Applied(int version, String name, String checksum) {}
}
