package io.opencrane.it.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.RowCursor;
import io.opencrane.core.port.TenantRow;
import io.opencrane.postgres.DatabaseUrl;
import io.opencrane.postgres.PostgresDataSources;
import io.opencrane.postgres.PostgresPool;
import io.opencrane.postgres.PostgresProjection;
import io.opencrane.postgres.ProjectionOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;

/** From a DATABASE_URL to rows, and what a host sees when the database is not there. */
@ExtendWith(PostgresServer.Resolver.class)
class DatabaseConnectionTest {
    private static final String PASSWORD = "p@ss/w?rd#%";
    private static final String ENCODED_PASSWORD = "p%40ss%2Fw%3Frd%23%25";

    private final PostgresServer server;

    DatabaseConnectionTest(PostgresServer server) {
        this.server = server;
    }

    private PostgresProjection projection(DataSource dataSource) {
        return PostgresProjection.using(dataSource, ProjectionOptions.defaults().withSchema(server.newSchema()));
    }

    private static OpenCraneException failure(ProjectionStore store) {
        long start = System.nanoTime();
        OpenCraneException failure = catchThrowableOfType(OpenCraneException.class, () -> MigrationTest.write(store));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(PASSWORD).doesNotContain(ENCODED_PASSWORD);
        return failure;
    }

    private static void assertUnreachable(OpenCraneException failure) {
        assertThat(failure.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
        assertThat(failure.isRetryable()).isTrue();
        assertThat(failure).hasMessageContaining("PostgreSQL").hasCauseInstanceOf(SQLException.class);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static DatabaseUrl urlOf(int port) {
        return DatabaseUrl.parse("postgresql://opencrane:" + ENCODED_PASSWORD + "@localhost:" + port + "/opencrane");
    }

    @Test
    void aPrismaUrlLeadsToRows() throws SQLException {
        server.execute("CREATE ROLE \"us er@x\" LOGIN PASSWORD 'p@ss/w?rd#%'");
        server.execute("CREATE DATABASE \"d b\" OWNER \"us er@x\"");
        DatabaseUrl url = DatabaseUrl.parse(
                server.url(
                        "us%20er%40x",
                        ENCODED_PASSWORD,
                        "d%20b",
                        "?schema=public&sslmode=prefer&connection_limit=1&connect_timeout=2&pool_timeout=3&application_name=my+host"));

        try (HikariDataSource pool = PostgresPool.open(url)) {
            PostgresProjection projection = projection(pool);
            assertThat(MigrationTest.write(projection)).isEqualTo(ProjectionStore.Written.YES);
            assertThat(server.column("SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = 'd b'"))
                    .containsExactly("my host");
            try (RowCursor<TenantRow> cursor = projection.tenants().stream(List.of())) {
                cursor.next();
                assertThat(MigrationTest.write(projection)).isEqualTo(ProjectionStore.Written.YES);
            }
        }
    }

    @Test
    void aDataSourceWithoutAPoolServesToo() {
        assertThat(MigrationTest.write(projection(PostgresDataSources.unpooled(
                        DatabaseUrl.parse(server.url("postgres", "x", "postgres", "?pgbouncer=true"))))))
                .isEqualTo(ProjectionStore.Written.YES);
    }

    @Test
    void aPoolWithAutoCommitOffStillCommits() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(
                PostgresDataSources.unpooled(DatabaseUrl.parse(server.url("postgres", "x", "postgres", ""))));
        config.setAutoCommit(false);
        config.setTransactionIsolation("TRANSACTION_SERIALIZABLE");
        String schema = server.newSchema();
        try (HikariDataSource pool = new HikariDataSource(config)) {
            MigrationTest.write(
                    PostgresProjection.using(pool, ProjectionOptions.defaults().withSchema(schema)));
        }

        assertThat(PostgresProjection.using(
                                server.dataSource(),
                                ProjectionOptions.defaults().withSchema(schema))
                        .tenants()
                        .list(TenantQuery.all(), List.of())
                        .items())
                .hasSize(1);
    }

    @Test
    @Timeout(20)
    void aServerThatIsNotThereIsAnErrorWithinSeconds() throws IOException {
        DatabaseUrl url = urlOf(freePort());

        assertUnreachable(failure(projection(PostgresDataSources.unpooled(url))));
        try (HikariDataSource pool = PostgresPool.open(url)) {
            assertUnreachable(failure(projection(pool)));
        }
    }

    @Test
    @Timeout(20)
    void aServerThatSaysNothingIsAnErrorWithinSeconds() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getByName("localhost"))) {
            assertUnreachable(failure(projection(PostgresDataSources.unpooled(urlOf(silent.getLocalPort())))));
        }
    }

    @Test
    void noFailureRepeatsARowWhateverTheHostsDriverIsSetTo() throws SQLException {
        PGSimpleDataSource talkative = new PGSimpleDataSource();
        talkative.setUrl(server.url("postgres", "x", "postgres", "")
                .replace("postgres:x@", "")
                .replace("postgresql:", "jdbc:postgresql:"));
        talkative.setUser("postgres");
        String schema = server.newSchema();
        PostgresProjection projection =
                PostgresProjection.using(talkative, ProjectionOptions.defaults().withSchema(schema));
        projection.migrate();
        server.execute("ALTER TABLE " + schema + ".tenants ADD CHECK (email = 'nobody')");

        OpenCraneException failure = failure(projection);
        assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL);
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).contains("tenants_email_check").doesNotContain("owner@acme.com");
    }

    @Test
    void aDatabaseThatIsNotThereIsNoPassingFailure() {
        DatabaseUrl url = DatabaseUrl.parse(server.url("postgres", ENCODED_PASSWORD, "nowhere", ""));
        OpenCraneException failure = failure(projection(PostgresDataSources.unpooled(url)));

        assertThat(failure.code()).isEqualTo(ErrorCode.DEPENDENCY_NOT_CONFIGURED);
        assertThat(failure.isRetryable()).isFalse();
    }

    @Test
    void aRefusedUserIsUnauthorizedAlsoThroughAPool() {
        DatabaseUrl url = DatabaseUrl.parse(server.url("nobody_here", ENCODED_PASSWORD, "postgres", ""));

        assertThat(failure(projection(PostgresDataSources.unpooled(url))).code())
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        try (HikariDataSource pool = PostgresPool.open(url)) {
            assertThat(failure(projection(pool)).code()).isEqualTo(ErrorCode.UNAUTHORIZED);
        }
    }

    @Test
    void aStatementThatHangsIsATimeOutAndAuditAndRowStayTogether() throws SQLException {
        String schema = server.newSchema();
        DataSource impatient = PostgresDataSources.unpooled(
                DatabaseUrl.parse(server.url("postgres", "x", "postgres", "?options=-c%20lock_timeout%3D200")));
        PostgresProjection projection =
                PostgresProjection.using(impatient, ProjectionOptions.defaults().withSchema(schema));
        projection.migrate();
        try (Connection other = server.dataSource().getConnection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("LOCK TABLE " + schema + ".audit_log IN ACCESS EXCLUSIVE MODE");
            OpenCraneException failure = failure(projection);
            assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
            assertThat(failure.isRetryable()).isTrue();
            other.rollback();
        }

        assertThat(projection.tenants().list(TenantQuery.all(), List.of()).items())
                .isEmpty();
        assertThat(MigrationTest.write(projection)).isEqualTo(ProjectionStore.Written.YES);
    }

    @Test
    void aMigrationMayTakeLongAndLeavesTheConnectionAsItWas() {
        List<Object> waits = new ArrayList<>();
        DataSource recorded = recordTimeouts(
                PostgresDataSources.unpooled(
                        DatabaseUrl.parse(server.url("postgres", "x", "postgres", "?socket_timeout=7"))),
                waits);
        String schema = server.newSchema();
        ProjectionOptions options = ProjectionOptions.defaults().withSchema(schema);

        PostgresProjection.using(recorded, options).migrate();
        assertThat(waits).containsExactly(3_600_000, 7_000);
        PostgresProjection.using(recorded, options).migrate();
        assertThat(waits).as("nothing to migrate").hasSize(2);
    }

    @Test
    void aMigrationThatFailsLeavesTheConnectionAsItWasToo() throws SQLException {
        List<Object> waits = new ArrayList<>();
        DataSource recorded = recordTimeouts(
                PostgresDataSources.unpooled(DatabaseUrl.parse(server.url("postgres", "x", "postgres", ""))), waits);
        String schema = server.newSchema();
        server.execute("CREATE SCHEMA " + schema + "; CREATE TABLE " + schema + ".tenants (mine text)");

        assertThatThrownBy(() -> PostgresProjection.using(
                                recorded, ProjectionOptions.defaults().withSchema(schema))
                        .migrate())
                .isInstanceOf(OpenCraneException.class);
        assertThat(waits).containsExactly(3_600_000, 30_000);
    }

    /** Notes the time-outs that connections are given, and gives them. */
    private static DataSource recordTimeouts(DataSource dataSource, List<Object> waits) {
        return proxy(DataSource.class, dataSource, (method, arguments, result) -> {
            return result instanceof Connection connection
                    ? proxy(Connection.class, connection, (inner, given, answer) -> {
                        if (inner.equals("setNetworkTimeout")) {
                            waits.add(given[1]);
                        }
                        return answer;
                    })
                    : result;
        });
    }

    private static <T> T proxy(Class<T> type, T target, Observer observer) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    try {
                        return observer.seen(method.getName(), arguments, method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private interface Observer {
        Object seen(String method, Object[] arguments, Object result);
    }

    @Test
    void aConnectionLostUnderACursorIsAPassingFailure() throws SQLException {
        String schema = server.newSchema();
        PostgresProjection projection = PostgresProjection.using(
                server.dataSource(),
                ProjectionOptions.defaults().withSchema(schema).withRowsAtOnce(1));
        MigrationTest.write(projection);
        server.execute(
                "INSERT INTO " + schema + ".tenants SELECT namespace, name || i, uid, resource_version, created_at,"
                        + " display_name, email, team, openclaw_version, monthly_budget_usd, config_overrides, policy_ref,"
                        + " cluster_tenant_ref, suspended, phase, ingress_host, updated_at FROM " + schema
                        + ".tenants, generate_series(1, 10) AS i");
        RowCursor<TenantRow> cursor = projection.tenants().stream(List.of());
        cursor.next();
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle in transaction'"
                + " AND query LIKE '%" + schema + "%'");

        assertThatThrownBy(() -> cursor.forEachRemaining(row -> {}))
                .isInstanceOfSatisfying(OpenCraneException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
                    assertThat(e.isRetryable()).isTrue();
                });
        cursor.close();
        assertThat(MigrationTest.write(projection)).isEqualTo(ProjectionStore.Written.YES);
    }
}
