package io.opencrane.it.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.BudgetMark;
import io.opencrane.postgres.PostgresProjection;
import io.opencrane.postgres.ProjectionOptions;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What only the tables themselves can show: that a change stands or falls with its audit entry, and what the checks keep out. */
@ExtendWith(PostgresServer.Resolver.class)
class BudgetTablesTest {
    private static final TenantId ACME = new TenantId("opencrane", "acme");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456Z");
    private static final BudgetAccount CORP = BudgetAccount.clusterTenant("corp");

    private final PostgresServer server;
    private final String schema;
    private final PostgresProjection projection;

    BudgetTablesTest(PostgresServer server) {
        this.server = server;
        schema = server.newSchema();
        projection = PostgresProjection.using(
                server.dataSource(),
                ProjectionOptions.defaults().withSchema(schema).withClock(() -> NOW));
    }

    @BeforeEach
    void migrate() {
        projection.migrate();
    }

    private static AuditEntry audit(String action) {
        return new AuditEntry(NOW, null, action, "budget", "Done.", FreeForm.empty());
    }

    private static ModelKeyMetadata key(String budget) {
        return new ModelKeyMetadata("acme", "acme/1", "secret", new BigDecimal(budget), NOW, null);
    }

    @Test
    void whereTheAuditEntryCannotBeWrittenNothingChanges() throws SQLException {
        projection.recordKey(ACME, key("1.00"), audit("good"));
        projection.setCeiling(BudgetAccount.global(), BigDecimal.ONE, audit("good"));
        projection.setCeiling(CORP, BigDecimal.ONE, audit("good"));
        projection.markBudget(new BudgetMark(ACME, 80, NOW));
        server.execute("ALTER TABLE " + schema + ".audit_log ADD CHECK (action <> 'bad')");

        AuditEntry bad = audit("bad");
        assertThatThrownBy(() -> projection.recordKey(ACME, key("2.00"), bad)).isInstanceOf(OpenCraneException.class);
        assertThatThrownBy(() -> projection.setCeiling(BudgetAccount.global(), BigDecimal.TEN, bad))
                .isInstanceOf(OpenCraneException.class);
        assertThatThrownBy(() -> projection.setCeiling(CORP, null, bad)).isInstanceOf(OpenCraneException.class);
        assertThatThrownBy(() -> projection.tenants().remove(ACME, "uid-1", bad))
                .isInstanceOf(OpenCraneException.class);

        assertThat(projection.keys(ACME)).containsExactly(key("1.00"));
        assertThat(projection.ceilings().values()).containsExactly(new BigDecimal("1.00"), new BigDecimal("1.00"));
        assertThat(projection.budgetMarks()).hasSize(1);
        assertThat(server.column("SELECT uid FROM " + schema + ".tenant_tombstones"))
                .isEmpty();
    }

    @Test
    void whereTheChangeCannotBeWrittenNothingIsAudited() throws SQLException {
        server.execute("""
                ALTER TABLE %1$s.tenant_litellm_keys ADD CHECK (monthly_budget_usd <> 13);
                ALTER TABLE %1$s.global_budget_settings ADD CHECK (monthly_budget_usd <> 13);
                ALTER TABLE %1$s.tenant_tombstones ADD CHECK (uid <> 'bad')""".formatted(schema));
        projection.markBudget(new BudgetMark(ACME, 80, NOW));

        AuditEntry entry = audit("set");
        assertThatThrownBy(() -> projection.recordKey(ACME, key("13.00"), entry))
                .isInstanceOf(OpenCraneException.class);
        assertThatThrownBy(() -> projection.setCeiling(BudgetAccount.global(), new BigDecimal("13"), entry))
                .isInstanceOf(OpenCraneException.class);
        assertThatThrownBy(() -> projection.tenants().remove(ACME, "bad", entry))
                .isInstanceOf(OpenCraneException.class);

        assertThat(projection.audit(null, 10)).isEmpty();
        assertThat(projection.budgetMarks()).hasSize(1);
    }

    @Test
    void theTablesAreReadAsTheContractNamesThem() throws SQLException {
        projection.setCeiling(BudgetAccount.global(), new BigDecimal("10"), audit("set"));
        projection.setCeiling(BudgetAccount.install(), new BigDecimal("20"), audit("set"));
        projection.setCeiling(CORP, new BigDecimal("30"), audit("set"));

        String when = " || ' ' || (updated_at = '" + NOW + "')";
        assertThat(server.column("SELECT monthly_budget_usd" + when + " FROM " + schema + ".global_budget_settings"))
                .containsExactly("10.00 true");
        assertThat(server.column("SELECT account || ' ' || monthly_budget_usd" + when + " FROM " + schema
                        + ".account_budget_settings ORDER BY account"))
                .containsExactly(" 20.00 true", "corp 30.00 true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "global_budget_settings SET monthly_budget_usd = -0.01",
                "global_budget_settings SET monthly_budget_usd = 'NaN'",
                "global_budget_settings SET only_row = false",
                "account_budget_settings SET monthly_budget_usd = -0.01",
                "account_budget_settings SET monthly_budget_usd = 'NaN'",
                "account_budget_settings SET account = E' \\t'",
                "tenant_budget_marks SET percent = -1"
            })
    void whatCannotBeReadBackCannotBeWritten(String damage) {
        projection.setCeiling(BudgetAccount.global(), BigDecimal.ONE, audit("set"));
        projection.setCeiling(CORP, BigDecimal.ONE, audit("set"));
        projection.markBudget(new BudgetMark(ACME, 80, NOW));

        assertThatThrownBy(() -> server.execute("UPDATE " + schema + "." + damage))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("check constraint");
    }

    @Test
    void thereIsNoSecondGlobalCeiling() {
        projection.setCeiling(BudgetAccount.global(), BigDecimal.ONE, audit("set"));

        for (String row : List.of("true", "false", "NULL")) {
            assertThatThrownBy(() -> server.execute("INSERT INTO " + schema
                            + ".global_budget_settings (only_row, monthly_budget_usd, updated_at) VALUES (" + row
                            + ", 2, now())"))
                    .isInstanceOf(SQLException.class);
        }
    }
}
