package io.opencrane.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** A HikariCP pool for hosts without a data source. Needs {@code com.zaxxer:HikariCP} on the class path, which is optional here. */
public final class PostgresPool {
    private PostgresPool() {}

    /**
     * Opens a pool with the time-outs of {@link PostgresDataSources}. It starts HikariCP's own threads and connects in the background;
     * an unreachable database shows at the first call, not here.
     *
     * <p>The pool holds at most {@code connection_limit} connections, but never fewer than two: a repair writes while it reads.
     *
     * @param url where to connect
     * @return a pool, to be closed by the caller
     */
    public static HikariDataSource open(DatabaseUrl url) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("opencrane");
        // The driver's own data source, so that HikariCP never sees the password.
        config.setDataSource(PostgresDataSources.unpooled(url));
        config.setMaximumPoolSize(Math.max(2, url.connectionLimit()));
        config.setMinimumIdle(1);
        config.setConnectionTimeout(url.poolTimeout().toMillis());
        config.setValidationTimeout(Math.min(url.poolTimeout().toMillis(), 3_000));
        // Negative: open without a connection. A host starts while its database is still on its way.
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}
