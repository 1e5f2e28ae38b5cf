package io.opencrane.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;

/** Opens connections and transactions, and turns every failure into ours. */
final class Sessions {
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
        try {
            return jdbi.inTransaction(handle -> {
                handle.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED; " + lock);
                return work.withHandle(handle);
            });
        } catch (RuntimeException e) {
            throw failures.translate(doing, e);
        }
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
