package io.opencrane.testkit.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.budget.BudgetAccount;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.BudgetMark;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The part of {@link ProjectionStoreTck} about budgets: ceilings, and the thresholds that were told. */
abstract class ProjectionBudgetCases extends ProjectionKeyCases {
    private static final BudgetAccount GLOBAL = BudgetAccount.global();
    private static final BudgetAccount INSTALL = BudgetAccount.install();
    private static final BudgetAccount CORP = BudgetAccount.clusterTenant("corp");
    private static final Instant PERIOD_END = Instant.parse("2026-04-01T00:00:00Z");

    private void ceiling(BudgetAccount account, @Nullable String monthlyUsd) {
        store().setCeiling(account, monthlyUsd == null ? null : new BigDecimal(monthlyUsd), audit("ceiling.set"));
    }

    private void mark(TenantId tenant, int percent) {
        store().markBudget(new BudgetMark(tenant, percent, PERIOD_END));
    }

    @Test
    void whereNoneIsSetThereIsNoCeilingAndNoMark() {
        assertThat(store().ceilings()).isEmpty();
        assertThat(store().budgetMarks()).isEmpty();
    }

    @Test
    void ceilingsAreKeptAtTwoDigitsRoundedHalfUp() {
        ceiling(GLOBAL, "1000.005");
        ceiling(CORP, "9999999999.994");
        ceiling(INSTALL, "0");

        assertThat(store().ceilings())
                .isEqualTo(Map.of(
                        GLOBAL, new BigDecimal("1000.01"),
                        CORP, new BigDecimal("9999999999.99"),
                        INSTALL, new BigDecimal("0.00")));
    }

    @Test
    void aCeilingSetAgainReplacesItsOwnAndNoOther() {
        for (BudgetAccount account : List.of(GLOBAL, CORP, INSTALL)) {
            ceiling(account, "1");
        }
        ceiling(GLOBAL, "2");
        ceiling(CORP, "3");
        ceiling(INSTALL, "4");

        assertThat(store().ceilings())
                .isEqualTo(Map.of(
                        GLOBAL, new BigDecimal("2.00"), CORP, new BigDecimal("3.00"), INSTALL, new BigDecimal("4.00")));
    }

    @Test
    void aClusterTenantNamedLikeAnotherAccountIsAnAccountOfItsOwn() {
        List<BudgetAccount> accounts = List.of(
                GLOBAL,
                INSTALL,
                BudgetAccount.clusterTenant("global"),
                BudgetAccount.clusterTenant("GLOBAL"),
                BudgetAccount.clusterTenant("install"),
                BudgetAccount.clusterTenant("x".repeat(253)));
        for (int i = 0; i < accounts.size(); i++) {
            ceiling(accounts.get(i), Integer.toString(i));
        }
        assertThat(store().ceilings()).hasSize(accounts.size());
        for (int i = 0; i < accounts.size(); i++) {
            assertThat(store().ceilings()).containsEntry(accounts.get(i), new BigDecimal(i + ".00"));
        }

        ceiling(GLOBAL, null);
        ceiling(INSTALL, null);
        assertThat(store().ceilings().keySet())
                .containsExactlyInAnyOrderElementsOf(accounts.subList(2, accounts.size()));
    }

    @Test
    void noAmountTakesACeilingAwayAlsoWhereThereIsNone() {
        for (BudgetAccount account : List.of(GLOBAL, CORP, INSTALL)) {
            ceiling(account, "5");
            ceiling(account, null);
            assertThat(store().ceilings()).isEmpty();
            ceiling(account, null);
            assertThat(store().ceilings()).isEmpty();
        }

        assertThat(store().audit(null, 100)).hasSize(9);
    }

    @Test
    void everyCeilingIsAudited() {
        AuditEntry entry = new AuditEntry(
                NOW,
                null,
                "ceiling.set",
                "ClusterTenant corp",
                "Set.",
                audit("x").metadata());
        store().setCeiling(CORP, BigDecimal.TEN, entry);
        store().setCeiling(CORP, null, audit("ceiling.clear"));

        assertThat(store().audit(null, 10)).containsExactly(audit("ceiling.clear"), entry);
    }

    @Test
    void aRefusedAuditEntryKeepsItsCeilingAsItWas() {
        assertRefused(() -> store().setCeiling(GLOBAL, BigDecimal.ONE, audit("\u0000")), "audit.action");
        ceiling(GLOBAL, "7");

        assertThatThrownBy(() -> store().setCeiling(GLOBAL, null, audit("\u0000")))
                .isInstanceOf(ValidationException.class);
        assertThat(store().ceilings()).containsEntry(GLOBAL, new BigDecimal("7.00"));
    }

    @Test
    void aCeilingThatCannotBeKeptIsRefusedByFieldNameAndNotAudited() {
        for (BudgetAccount account : List.of(GLOBAL, CORP, INSTALL)) {
            assertRefused(() -> ceiling(account, "9999999999.995"), "monthlyUsd");
            assertRefused(() -> ceiling(account, "1e300"), "monthlyUsd");
            assertRefused(() -> ceiling(account, "-0.001"), "monthlyUsd");
        }
        assertRefused(() -> ceiling(BudgetAccount.clusterTenant("a\u0000"), "1"), "clusterTenant");
        assertRefused(() -> ceiling(BudgetAccount.clusterTenant("x".repeat(254)), "1"), "clusterTenant");
        assertRefused(() -> ceiling(BudgetAccount.clusterTenant("a\u0000"), null), "clusterTenant");
    }

    @Test
    void ofWritersAtOnceOnesCeilingStaysAndAllAreAudited() throws Exception {
        for (BudgetAccount account : List.of(GLOBAL, CORP, INSTALL)) {
            List<Callable<?>> writers = new ArrayList<>();
            for (String amount : List.of("1.00", "2.00", "3.00", "4.00")) {
                writers.add(Executors.callable(() -> ceiling(account, amount)));
            }
            together(writers);
            assertThat(store().ceilings().get(account))
                    .isIn(
                            new BigDecimal("1.00"),
                            new BigDecimal("2.00"),
                            new BigDecimal("3.00"),
                            new BigDecimal("4.00"));
        }

        assertThat(store().ceilings()).hasSize(3);
        assertThat(store().audit(null, 100)).hasSize(12);
    }

    @Test
    void aMarkReplacesTheTenantsEarlierOneAndNoOther() {
        TenantId namesake = new TenantId("other", "acme");
        mark(ACME, 90);
        mark(namesake, 80);
        store().markBudget(new BudgetMark(ACME, 50, PERIOD_END.plusSeconds(60)));

        assertThat(store().budgetMarks())
                .containsExactlyInAnyOrder(
                        new BudgetMark(ACME, 50, PERIOD_END.plusSeconds(60)), new BudgetMark(namesake, 80, PERIOD_END));
        store().markBudget(new BudgetMark(ACME, 0, null));
        assertThat(store().budgetMarks())
                .contains(new BudgetMark(ACME, 0, null))
                .hasSize(2);
    }

    @Test
    void aMarksTimeIsKeptAtMicroseconds() {
        store().markBudget(new BudgetMark(ACME, 80, Instant.parse("2026-04-01T00:00:00.123456789Z")));

        assertThat(store().budgetMarks())
                .containsExactly(new BudgetMark(ACME, 80, Instant.parse("2026-04-01T00:00:00.123456Z")));
    }

    @Test
    void aMarkThatCannotBeKeptIsRefusedByFieldName() {
        assertRefused(() -> mark(new TenantId("a", "x\u0000"), 80), "name");
        assertRefused(() -> mark(new TenantId("a", "x".repeat(254)), 80), "name");
        assertRefused(() -> mark(new TenantId("x".repeat(64), "a"), 80), "namespace");
        assertRefused(() -> mark(ACME, -1), "percent");
        assertRefused(() -> store().markBudget(new BudgetMark(ACME, 80, Instant.MAX)), "periodEndsAt");
    }

    @Test
    void aTenantMadeAnewStartsWithoutAMark() {
        TenantId namesake = new TenantId("other", "acme");
        write(acme());
        mark(ACME, 80);
        mark(namesake, 90);
        remove("uid-1");

        assertThat(store().budgetMarks()).containsExactly(new BudgetMark(namesake, 90, PERIOD_END));
        write(acme().uid("second").createdAt("2026-02-01T00:00:00Z"));
        assertThat(store().budgetMarks()).extracting(BudgetMark::tenant).containsExactly(namesake);
    }

    @Test
    void aMarkNeedsNoRowAndGoesWithARemovalThatFindsNone() {
        mark(ACME, 80);
        assertThat(store().budgetMarks()).hasSize(1);
        remove("uid-1");

        assertThat(store().budgetMarks()).isEmpty();
    }

    @Test
    void aMarkMadeBetweenTwoRemovalsOfOneObjectGoesWithTheSecond() {
        remove("uid-1");
        mark(ACME, 80);
        remove("uid-1");

        assertThat(store().budgetMarks()).isEmpty();
    }

    @Test
    void aRowWrittenAgainKeepsItsMark() {
        write(acme());
        mark(ACME, 80);
        write(acme().version("101"));

        assertThat(store().budgetMarks()).hasSize(1);
    }

    @Test
    void aRefusedRemovalKeepsTheMark() {
        mark(ACME, 80);

        assertThatThrownBy(() -> store().tenants().remove(ACME, "uid-1", audit("\u0000")))
                .isInstanceOf(ValidationException.class);
        assertThat(store().budgetMarks()).hasSize(1);
    }

    @Test
    void markersAtOnceLeaveOneMarkAndARemoverBesideThemDoesNotFail() throws Exception {
        for (int round = 0; round < 30; round++) {
            String uid = "uid-" + round;
            together(List.of(Executors.callable(() -> mark(ACME, 50)), Executors.callable(() -> mark(ACME, 80))));
            assertThat(store().budgetMarks()).as("round %d", round).hasSize(1);
            together(List.of(Executors.callable(() -> mark(ACME, 90)), Executors.callable(() -> remove(uid))));
            assertThat(store().budgetMarks()).as("round %d", round).isSubsetOf(new BudgetMark(ACME, 90, PERIOD_END));
        }
    }
}
