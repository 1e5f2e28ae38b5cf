package io.opencrane.it.projection;

import com.zaxxer.hikari.HikariDataSource;
import io.opencrane.postgres.DatabaseUrl;
import io.opencrane.postgres.PostgresPool;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A real PostgreSQL, started once for the test run and handed to constructors that ask for it. */
public final class PostgresServer implements AutoCloseable {
    private final EmbeddedPostgres embedded;
    private final HikariDataSource pool;
    private final AtomicInteger schemas = new AtomicInteger();

    private PostgresServer() {
        try {
            embedded = EmbeddedPostgres.builder().start();
        } catch (IOException e) {
            throw new IllegalStateException("The embedded PostgreSQL did not start.", e);
        }
        pool = PostgresPool.open(DatabaseUrl.parse(url("postgres", "unused", "postgres", "?connection_limit=8")));
    }

    /** A URL of this server in the form hosts have it. */
    String url(String user, String encodedPassword, String database, String parameters) {
        return "postgresql://" + user + ":" + encodedPassword + "@localhost:" + embedded.getPort() + "/" + database
                + parameters;
    }

    public DataSource dataSource() {
        return pool;
    }

    int busyConnections() {
        return pool.getHikariPoolMXBean().getActiveConnections();
    }

    /** A schema that no other test has; it is not created. */
    public String newSchema() {
        return "test_" + schemas.incrementAndGet();
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    List<String> column(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    @Override
    public void close() throws IOException {
        pool.close();
        embedded.close();
    }

    /** Starts the server for the first test that asks; JUnit stops it after the last. */
    public static final class Resolver implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == PostgresServer.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(PostgresServer.class))
                    .computeIfAbsent(PostgresServer.class, type -> new PostgresServer());
        }
    }
}
