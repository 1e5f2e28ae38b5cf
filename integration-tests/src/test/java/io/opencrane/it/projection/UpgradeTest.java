package io.opencrane.it.projection;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.BudgetMark;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.TenantRow;
import io.opencrane.postgres.PostgresProjection;
import io.opencrane.postgres.ProjectionOptions;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A schema that an earlier library made, with what it holds. */
@ExtendWith(PostgresServer.Resolver.class)
class UpgradeTest {
    private static final TenantId ACME = new TenantId("opencrane", "acme");

    private final PostgresServer server;
    private final String schema;

    UpgradeTest(PostgresServer server) {
        this.server = server;
        schema = server.newSchema();
    }

    private PostgresProjection projection() {
        return PostgresProjection.using(
                server.dataSource(), ProjectionOptions.defaults().withSchema(schema));
    }

    private List<String> history() throws SQLException {
        return server.column("SELECT name FROM " + schema + ".schema_history ORDER BY version");
    }

    private static TenantRow someRow(ProjectionStore store) {
        return store.tenants().find(ACME).orElseThrow();
    }

    @Test
    void anInterruptedHistoryIsCarriedOn() throws SQLException {
        projection().migrate();
        backToVersion3();
        server.execute("DROP TABLE " + schema + ".tenant_litellm_keys; DELETE FROM " + schema
                + ".schema_history WHERE version = 3");

        projection().migrate();

        assertThat(projection().keys(ACME)).isEmpty();
        assertThat(history()).hasSize(6);
    }

    private void backToVersion5() throws SQLException {
        server.execute("""
                DROP TABLE %1$s.access_policies, %1$s.access_policy_tombstones;
                DELETE FROM %1$s.schema_history WHERE version = 6""".formatted(schema));
    }

    private void backToVersion4() throws SQLException {
        backToVersion5();
        server.execute("""
                DROP TABLE %1$s.global_budget_settings, %1$s.account_budget_settings, %1$s.tenant_budget_marks;
                DELETE FROM %1$s.schema_history WHERE version = 5""".formatted(schema));
    }

    private void backToVersion3() throws SQLException {
        backToVersion4();
        server.execute("""
                ALTER TABLE %1$s.tenants DROP CONSTRAINT tenants_phase, DROP CONSTRAINT tenants_config_overrides;
                ALTER TABLE %1$s.audit_log DROP CONSTRAINT audit_log_metadata;
                DELETE FROM %1$s.schema_history WHERE version = 4""".formatted(schema));
    }

    @Test
    void aSchemaFromBeforeBudgetsKeepsWhatItHoldsAndTakesBudgets() throws SQLException {
        PostgresProjection before = projection();
        MigrationTest.write(before);
        ModelKeyMetadata key =
                new ModelKeyMetadata("acme", "acme/1", "secret", new BigDecimal("50.00"), Instant.EPOCH, null);
        before.recordKey(ACME, key, AuditEntry.ofRow(someRow(before), "key.issue", Instant.EPOCH));
        TenantRow row = someRow(before);
        backToVersion4();

        PostgresProjection after = projection();
        after.setCeiling(BudgetAccount.global(), BigDecimal.TEN, AuditEntry.ofRow(row, "ceiling.set", Instant.EPOCH));
        after.markBudget(new BudgetMark(ACME, 80, null));

        assertThat(history()).contains("V005__budgets.sql").hasSize(6);
        assertThat(someRow(after)).isEqualTo(row);
        assertThat(after.keys(ACME)).containsExactly(key);
        assertThat(after.audit(ACME, 10))
                .extracting(AuditEntry::action)
                .containsExactly("ceiling.set", "key.issue", "tenant.create");
        assertThat(after.ceilings()).containsOnly(Map.entry(BudgetAccount.global(), new BigDecimal("10.00")));
        assertThat(after.budgetMarks()).hasSize(1);
    }

    @Test
    void aSchemaFromBeforePoliciesKeepsWhatItHoldsAndTakesPolicies() throws SQLException {
        PostgresProjection before = projection();
        MigrationTest.write(before);
        before.markBudget(new BudgetMark(ACME, 80, null));
        TenantId gone = new TenantId("opencrane", "gone");
        before.tenants().remove(gone, "uid-1", AuditEntry.ofRow(someRow(before), "tenant.delete", Instant.EPOCH));
        TenantRow row = someRow(before);
        backToVersion5();

        PostgresProjection after = projection();
        PolicyRow policy =
                PolicyTableTest.row("gone", AccessPolicySpec.builder().build());
        ProjectionStore.Written written =
                after.policies().write(policy, AuditEntry.ofRow(policy, "access-policy.create", Instant.EPOCH));

        assertThat(history()).endsWith("V006__access_policies.sql").hasSize(6);
        assertThat(written).isEqualTo(ProjectionStore.Written.YES);
        assertThat(after.policies().find(policy.id())).isPresent();
        assertThat(someRow(after)).isEqualTo(row);
        assertThat(after.budgetMarks()).hasSize(1);
        assertThat(server.column("SELECT name || ' ' || uid FROM " + schema + ".tenant_tombstones"))
                .containsExactly("gone uid-1");
        assertThat(after.audit(null, 10))
                .extracting(AuditEntry::action)
                .containsExactlyInAnyOrder("access-policy.create", "tenant.delete", "tenant.create");
    }

    @Test
    void rowsThatAreDamagedAlreadyDoNotStopAMigration() throws SQLException {
        MigrationTest.write(projection());
        backToVersion3();
        server.execute("UPDATE " + schema + ".tenants SET phase = 'Lost', config_overrides = '[]'");

        projection().migrate();

        assertThat(history()).hasSize(6);
        assertThat(MigrationTest.write(projection())).isEqualTo(ProjectionStore.Written.YES);
        assertThat(projection().tenants().find(ACME)).isPresent();
    }
}
