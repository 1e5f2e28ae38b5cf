package io.opencrane.it.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.TenantRow;
import io.opencrane.postgres.DatabaseUrl;
import io.opencrane.postgres.PostgresDataSources;
import io.opencrane.postgres.PostgresProjection;
import io.opencrane.postgres.ProjectionOptions;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresServer.Resolver.class)
class MigrationTest {
    private static final TenantId ACME = new TenantId("opencrane", "acme");

    private final PostgresServer server;
    private String schema = "";

    MigrationTest(PostgresServer server) {
        this.server = server;
    }

    @BeforeEach
    void newSchema() {
        schema = server.newSchema();
    }

    private PostgresProjection projection() {
        return PostgresProjection.using(
                server.dataSource(), ProjectionOptions.defaults().withSchema(schema));
    }

    private List<String> tables() throws SQLException {
        return server.column(
                "SELECT tablename FROM pg_tables WHERE schemaname = '" + schema + "' ORDER BY tablename COLLATE \"C\"");
    }

    private List<String> history() throws SQLException {
        return server.column("SELECT name FROM " + schema + ".schema_history ORDER BY version");
    }

    private void assertRefused(String reason) {
        assertThatThrownBy(() -> projection().migrate())
                .asInstanceOf(type(OpenCraneException.class))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_NOT_CONFIGURED);
                    assertThat(e.isRetryable()).isFalse();
                    assertThat(e).hasMessageContaining(schema).hasMessageContaining(reason);
                });
    }

    static ProjectionStore.Written write(ProjectionStore store) {
        TenantRow row = new TenantRow(
                ACME,
                "uid-1",
                "1",
                Instant.EPOCH,
                "ACME",
                "owner@acme.com",
                null,
                null,
                null,
                FreeForm.empty(),
                null,
                null,
                false,
                TenantPhase.PENDING,
                null,
                null);
        return store.tenants().write(row, AuditEntry.ofRow(row, "tenant.create", Instant.EPOCH));
    }

    @Test
    void makingAProjectionTouchesNothing() throws SQLException {
        projection();
        projection().ping();

        assertThat(tables()).isEmpty();
    }

    @Test
    void aMigrationMakesTheTablesAndRecordsItsSteps() throws SQLException {
        projection().migrate();

        assertThat(tables())
                .containsExactly(
                        "access_policies",
                        "access_policy_tombstones",
                        "account_budget_settings",
                        "audit_log",
                        "global_budget_settings",
                        "schema_history",
                        "tenant_budget_marks",
                        "tenant_litellm_keys",
                        "tenant_tombstones",
                        "tenants");
        assertThat(history())
                .containsExactly(
                        "V001__tenants.sql",
                        "V002__audit_log.sql",
                        "V003__tenant_litellm_keys.sql",
                        "V004__checks.sql",
                        "V005__budgets.sql",
                        "V006__access_policies.sql");
    }

    @Test
    void theFirstCallMigrates() {
        assertThat(write(projection())).isEqualTo(ProjectionStore.Written.YES);
        assertThat(projection().tenants().find(ACME)).isPresent();
    }

    @Test
    void eightHostsAtOnceMigrateOnce() throws Exception {
        CyclicBarrier start = new CyclicBarrier(8);
        ExecutorService hosts = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                running.add(hosts.submit(() -> {
                    start.await();
                    projection().migrate();
                    return write(projection());
                }));
            }
            for (Future<?> host : running) {
                host.get();
            }
        } finally {
            hosts.shutdownNow();
        }

        assertThat(history()).hasSize(6);
    }

    @Test
    void migratingAgainChangesNothing() throws SQLException {
        projection().migrate();
        List<String> before = server.column("SELECT applied_at::text FROM " + schema + ".schema_history");
        projection().migrate();

        assertThat(server.column("SELECT applied_at::text FROM " + schema + ".schema_history"))
                .isEqualTo(before);
    }

    @Test
    void whatCannotBeReadBackCannotBeWritten() {
        write(projection());

        for (String damage : List.of(
                "tenants SET phase = 'Lost'",
                "tenants SET config_overrides = '[]'",
                "audit_log SET metadata = 'null'")) {
            assertThatThrownBy(() -> server.execute("UPDATE " + schema + "." + damage))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("check constraint");
        }
    }

    @Test
    void aStepThatFailsLeavesNothingBehind() throws SQLException {
        server.execute("CREATE SCHEMA " + schema + "; CREATE TABLE " + schema + ".audit_log (mine text)");

        assertRefused("V002__audit_log.sql");
        assertThat(tables()).containsExactly("audit_log");
    }

    @Test
    void aSchemaWithTenantsOfSomebodyElseIsRefused() throws SQLException {
        server.execute("CREATE SCHEMA " + schema + "; CREATE TABLE " + schema + ".tenants (name text PRIMARY KEY)");

        assertRefused("somebody else's");
        assertThatThrownBy(() -> write(projection()))
                .asInstanceOf(type(OpenCraneException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_NOT_CONFIGURED));
        assertThat(tables()).containsExactly("tenants");
    }

    @Test
    void aChangedStepIsRefused() throws SQLException {
        projection().migrate();
        server.execute("UPDATE " + schema + ".schema_history SET checksum = 'other' WHERE version = 2");

        assertRefused("V002__audit_log.sql");
    }

    @Test
    void aNewerSchemaIsRefused() throws SQLException {
        projection().migrate();
        server.execute("INSERT INTO " + schema + ".schema_history VALUES (7, 'V007__later.sql', 'x', now())");

        assertRefused("version 7");
        assertThatThrownBy(() -> write(projection())).isInstanceOf(OpenCraneException.class);
    }

    @Test
    void aHistoryWithAHoleIsRefused() throws SQLException {
        projection().migrate();
        server.execute("DELETE FROM " + schema + ".schema_history WHERE version = 2");

        assertRefused("out of order");
    }

    @Test
    void aRoleWithoutTheRightToCreateUsesWhatAnotherMigrated() throws SQLException {
        projection().migrate();
        String role = "rows_only_" + schema;
        server.execute("CREATE ROLE " + role + " LOGIN; GRANT USAGE ON SCHEMA " + schema + " TO " + role
                + "; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema + " TO " + role);
        var limited = PostgresDataSources.unpooled(DatabaseUrl.parse(server.url(role, "x", "postgres", "")));
        var allowed =
                PostgresProjection.using(limited, ProjectionOptions.defaults().withSchema(schema));

        assertThat(write(allowed)).isEqualTo(ProjectionStore.Written.YES);
        allowed.tenants().remove(ACME, "uid-1", AuditEntry.ofRow(someRow(allowed), "tenant.delete", Instant.EPOCH));
        assertThat(allowed.tenants().find(ACME)).isEmpty();
        var elsewhere =
                PostgresProjection.using(limited, ProjectionOptions.defaults().withSchema(server.newSchema()));
        assertThatThrownBy(elsewhere::migrate)
                .asInstanceOf(type(OpenCraneException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.FORBIDDEN));
    }

    private static TenantRow someRow(ProjectionStore store) {
        return store.tenants().find(ACME).orElseThrow();
    }

    @Test
    void aReservedWordIsAGoodSchemaName() {
        var options = ProjectionOptions.defaults().withSchema("user");

        assertThat(write(PostgresProjection.using(server.dataSource(), options)))
                .isEqualTo(ProjectionStore.Written.YES);
    }

    @Test
    void listsUseTheIndexOfTheMergeKey() throws SQLException {
        projection().migrate();
        server.execute("""
                INSERT INTO %1$s.tenants SELECT 'opencrane', 't' || i, 'u' || i, i, now(), 'd', 'e@x', NULL, NULL, NULL,
                '{}', NULL, NULL, false, 'Pending', NULL, now() FROM generate_series(1, 20000) AS i;
                ANALYZE %1$s.tenants""".formatted(schema));

        assertThat(String.join(
                        "\n",
                        server.column("EXPLAIN SELECT * FROM " + schema + ".tenants WHERE "
                                + "((namespace || '/' || name) COLLATE \"C\") > 'opencrane/t5' "
                                + "ORDER BY ((namespace || '/' || name) COLLATE \"C\") LIMIT 101")))
                .contains("tenants_key")
                .doesNotContain("Sort");
    }

    @Test
    void listsOfPoliciesUseTheIndexOfTheMergeKey() throws SQLException {
        projection().migrate();
        server.execute("""
                INSERT INTO %1$s.access_policies SELECT 'opencrane', 'p' || i, 'u' || i, i, now(), NULL, '{}', '{}', '[]',
                '{}', now() FROM generate_series(1, 20000) AS i;
                ANALYZE %1$s.access_policies""".formatted(schema));

        assertThat(String.join(
                        "\n",
                        server.column("EXPLAIN SELECT * FROM " + schema + ".access_policies WHERE "
                                + "((namespace || '/' || name) COLLATE \"C\") > 'opencrane/p5' "
                                + "ORDER BY ((namespace || '/' || name) COLLATE \"C\") LIMIT 101")))
                .contains("access_policies_key")
                .doesNotContain("Sort");
    }
}
