package io.opencrane.postgres;

import io.opencrane.api.resource.SecretText;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Data sources for hosts without one. All of their time-outs are short, so that an unreachable database is an error within seconds
 * instead of a hanging host: 3 seconds to connect, 25 for a statement, 30 for an answer, unless the URL says otherwise.
 */
public final class PostgresDataSources {
    private PostgresDataSources() {}

    /**
     * A data source that opens a connection for every call: for command-line tools and tests. Hosts that serve use {@link PostgresPool}.
     * No I/O happens here.
     *
     * @param url where to connect
     * @return a data source; it needs no closing
     */
    public static DataSource unpooled(DatabaseUrl url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {url.host()});
        source.setPortNumbers(new int[] {url.port()});
        source.setDatabaseName(url.database());
        source.setUser(url.user());
        source.setPassword(url.password().map(SecretText::reveal).orElse(null));
        source.setApplicationName("opencrane");
        source.setConnectTimeout(seconds(url.connectTimeout()));
        // Covers a server that takes the connection and then says nothing.
        source.setLoginTimeout(seconds(url.connectTimeout()) + 1);
        source.setSocketTimeout(seconds(url.socketTimeout()));
        source.setTcpKeepAlive(true);
        // An error's detail repeats the row, and with it a tenant's overrides.
        source.setLogServerErrorDetail(false);
        if (url.isPgBouncer()) {
            source.setPrepareThreshold(0);
        } else {
            source.setOptions("-c statement_timeout=" + statementTimeout(url).toMillis());
        }
        url.driverProperties().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(property -> set(source, property.getKey(), property.getValue()));
        return source;
    }

    /** The server gives up a little earlier than the client, so that the connection survives. */
    private static Duration statementTimeout(DatabaseUrl url) {
        return url.socketTimeout().multipliedBy(5).dividedBy(6);
    }

    private static void set(PGSimpleDataSource source, String name, String value) {
        try {
            source.setProperty(
                    name,
                    name.equals("options") && source.getOptions() != null ? source.getOptions() + " " + value : value);
        } catch (SQLException e) {
            throw new IllegalStateException("The driver knows every property that DatabaseUrl makes.", e);
        }
    }

    private static int seconds(Duration duration) {
        return Math.toIntExact(duration.toSeconds());
    }
}
