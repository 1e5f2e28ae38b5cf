package io.opencrane.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;

/** Opens connections and transactions, and turns every failure into ours. */
final class Sessions {
    /** Limited, so that a server that vanished is noticed in the end. */
    private static final int UNHURRIED_MILLIS =
            Math.toIntExact(Duration.ofHours(1).toMillis());

    private final Jdbi jdbi;
    private final String schema;
    private final SqlFailures failures;

    Sessions(DataSource dataSource, String schema) {
        this.schema = schema;
        failures = new SqlFailures(schema);
        jdbi = Jdbi.create(new AutoCommitting(dataSource));
        jdbi.registerArrayType(String.class, "text");
        // JDBI's messages would otherwise repeat a statement's arguments, and with them a tenant's overrides.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(MessageRendering.NONE);
        jdbi.getConfig(SqlStatements.class).setTemplateEngine((template, context) -> template);
    }

    String schema() {
        return schema;
    }

    SqlFailures failures() {
        return failures;
    }

    /** Names the schema in a statement's text; its form was checked by {@link ProjectionOptions}. */
    String sql(String text) {
        return text.replace("{schema}", '"' + schema + '"');
    }

    <T> T read(String doing, HandleCallback<T, RuntimeException> work) {
        try {
            return jdbi.withHandle(work);
        } catch (RuntimeException e) {
            throw failures.translate(doing, e);
        }
    }

    /**
     * Runs one transaction. Its first statement takes the lock, and what follows must see everything committed before: hence READ
     * COMMITTED, whatever the data source's default is.
     */
    <T> T write(String doing, String lock, HandleCallback<T, RuntimeException> work) {
        return read(doing, handle -> transaction(handle, lock, work));
    }

    /**
     * The same for work that may take up to an hour, which the connection's own time-out would cut off after seconds. The connection goes
     * back as it came.
     */
    <T> T writeUnhurried(String doing, String lock, HandleCallback<T, RuntimeException> work) {
        return read(doing, handle -> {
            Connection connection = handle.getConnection();
            int usual = raiseTimeout(connection);
            try {
                return transaction(handle, lock, work);
            } finally {
                restoreTimeout(connection, usual);
            }
        });
    }

    /** Returns what it was, 0 for none. */
    private static int raiseTimeout(Connection connection) {
        try {
            int usual = connection.getNetworkTimeout();
            if (usual != 0) {
                connection.setNetworkTimeout(Runnable::run, UNHURRIED_MILLIS);
            }
            return usual;
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
    }

    private static void restoreTimeout(Connection connection, int usual) {
        try {
            if (usual != 0) {
                connection.setNetworkTimeout(Runnable::run, usual);
            }
        } catch (SQLException e) {
            // Then it is broken, whoever has it next finds out, and what the work came to is the news.
        }
    }

    private static <T> T transaction(Handle handle, String lock, HandleCallback<T, RuntimeException> work) {
        return handle.inTransaction(inside -> {
            inside.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED; " + lock);
            return work.withHandle(inside);
        });
    }

    /** A handle inside a transaction, which the driver needs for a cursor; the caller closes it. */
    Handle openTransaction(String doing) {
        try {
            Handle handle = jdbi.open();
            try {
                return handle.begin();
            } catch (RuntimeException e) {
                handle.close();
                throw e;
            }
        } catch (RuntimeException e) {
            throw failures.translate(doing, e);
        }
    }

    /** Pools of JPA hosts hand out connections with auto-commit off; JDBI would take that for a transaction of the caller's. */
    private record AutoCommitting(DataSource dataSource) implements ConnectionFactory {
        @Override
        public Connection openConnection() throws SQLException {
            Connection connection = dataSource.getConnection();
            try {
                if (!connection.getAutoCommit()) {
                    connection.setAutoCommit(true);
                }
                return connection;
            } catch (SQLException e) {
                try (connection) {
                    throw e;
                }
            }
        }
    }
}
