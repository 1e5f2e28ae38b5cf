package io.opencrane.postgres;

import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.SecretText;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@code DATABASE_URL} as the platform's hosts already have it, in Prisma's form: {@code postgresql://user:password@host:5432/database?schema=public}.
 * User, password, database and parameter values are percent-encoded. Immutable; the password shows in no text.
 *
 * <p>Understood parameters: {@code sslmode}, {@code sslaccept} ({@code strict} verifies certificate and host name against the given
 * authority, or against those that Java trusts), {@code sslcert} or {@code sslrootcert} (the authority's certificate),
 * {@code channel_binding}, {@code connection_limit}, {@code connect_timeout}, {@code pool_timeout} and {@code socket_timeout} in seconds (0
 * means the default here, never "for ever"), {@code pgbouncer}, {@code statement_cache_size}, {@code application_name}, {@code options}.
 * {@code schema} is read over: the projection has its own schema, never the platform's (DECISIONS 13). Any other parameter is refused
 * by name.
 *
 * @see <a href="https://www.prisma.io/docs/orm/overview/databases/postgresql#connection-details">Prisma's connection URL</a>
 */
public final class DatabaseUrl {
    /** The setting this comes from, and the path of every problem. */
    static final String SETTING = "DATABASE_URL";

    private final String host;
    private final int port;
    private final String database;
    private final String user;
    private final @Nullable SecretText password;
    private final Map<String, String> driverProperties;
    private final int connectionLimit;
    private final Duration connectTimeout;
    private final Duration poolTimeout;
    private final Duration socketTimeout;
    private final boolean pgBouncer;

    DatabaseUrl(DatabaseUrlParser parsed) {
        host = parsed.host;
        port = parsed.port;
        database = parsed.database;
        user = parsed.user;
        password = parsed.password;
        driverProperties = Map.copyOf(parsed.driverProperties);
        connectionLimit = parsed.connectionLimit;
        connectTimeout = parsed.connectTimeout;
        poolTimeout = parsed.poolTimeout;
        socketTimeout = parsed.socketTimeout;
        pgBouncer = parsed.pgBouncer;
    }

    /**
     * Reads a URL.
     *
     * @param url the value of {@code DATABASE_URL}
     * @return the URL taken apart
     * @throws ValidationException with everything that is wrong with it at once; no message repeats a value
     */
    public static DatabaseUrl parse(String url) {
        return new DatabaseUrlParser().parse(url);
    }

    /**
     * The server.
     *
     * @return a host name or address; an IPv6 address without brackets
     */
    public String host() {
        return host;
    }

    /**
     * The server's port.
     *
     * @return 5432 unless given
     */
    public int port() {
        return port;
    }

    /**
     * The database.
     *
     * @return its name
     */
    public String database() {
        return database;
    }

    /**
     * The user.
     *
     * @return a role's name
     */
    public String user() {
        return user;
    }

    /**
     * The password.
     *
     * @return empty if the server needs none
     */
    public Optional<SecretText> password() {
        return Optional.ofNullable(password);
    }

    /**
     * The most connections a pool may hold.
     *
     * @return {@code connection_limit}, 10 unless given
     */
    public int connectionLimit() {
        return connectionLimit;
    }

    /**
     * How long to try to reach the server.
     *
     * @return {@code connect_timeout}, 3 seconds unless given
     */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /**
     * How long to wait for a free connection of a pool, connecting included.
     *
     * @return {@code pool_timeout}, 4 seconds unless given
     */
    public Duration poolTimeout() {
        return poolTimeout;
    }

    /**
     * How long to wait for an answer.
     *
     * @return {@code socket_timeout}, 30 seconds unless given
     */
    public Duration socketTimeout() {
        return socketTimeout;
    }

    /**
     * Whether the server is a PgBouncer, which takes no prepared statements and no session settings.
     *
     * @return true for {@code pgbouncer=true}
     */
    public boolean isPgBouncer() {
        return pgBouncer;
    }

    /** Further properties under the driver's names. */
    Map<String, String> driverProperties() {
        return driverProperties;
    }

    /**
     * The URL without password and parameters.
     *
     * @return for example {@code postgresql://opencrane@db:5432/opencrane}
     */
    @Override
    public String toString() {
        String where = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return "postgresql://" + user + "@" + where + ":" + port + "/" + database;
    }
}
