package io.opencrane.testkit.projection;

import static io.opencrane.core.port.ProjectionStore.Written.NEWER_THERE;
import static io.opencrane.core.port.ProjectionStore.Written.YES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.TenantRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The part of {@link ProjectionStoreTck} about values, what is refused, and many rows at once. */
abstract class ProjectionBulkCases extends ProjectionGuardCases {
    private void assertRefused(TenantRow row, String field) {
        assertThatThrownBy(() -> write(row))
                .asInstanceOf(type(ValidationException.class))
                .satisfies(
                        e -> assertThat(e.problems()).extracting(Problem::path).containsExactly(field));
        assertThatThrownBy(() -> store().tenants().writeAll(List.of(row), "tenant.repair"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(field);
        assertThat(store().tenants().find(ACME)).isEmpty();
        assertThat(store().audit(null, 10)).isEmpty();
    }

    @Test
    void everyFieldIsReadBackAsItWasWritten() {
        TenantRow row = new TenantRow(
                ACME,
                "7d9f3c1e-0000-4000-8000-000000000001",
                "4711",
                Instant.parse("2026-01-02T03:04:05Z"),
                "ACME \"Corp\" \\ {1,2} NULL \u00fc\ud83d\ude00\n\t",
                "owner@acme.com",
                "",
                "1.2.3",
                new BigDecimal("200.50"),
                FreeForm.of(Map.of("gateway", Map.of("port", 8080))),
                "strict",
                "acme-corp",
                true,
                TenantPhase.RUNNING,
                "acme.example.com",
                null);
        write(row);

        assertThat(store().tenants().find(ACME).orElseThrow())
                .usingRecursiveComparison()
                .ignoringFields("updatedAt")
                .isEqualTo(row);
        assertThat(store().tenants().find(ACME).orElseThrow().updatedAt()).isEqualTo(NOW);
    }

    @Test
    void moneyIsKeptAtTwoDigitsAndTimesAtMicroseconds() {
        write(acme().budget("19.995").createdAt("2026-01-01T00:00:00.123456789Z"));

        TenantRow kept = store().tenants().find(ACME).orElseThrow();
        assertThat(kept.monthlyBudgetUsd()).isEqualTo(new BigDecimal("20.00"));
        assertThat(kept.createdAt()).isEqualTo("2026-01-01T00:00:00.123456Z");
    }

    @Test
    void freeFormOverridesKeepTheirMeaning() {
        FreeForm overrides = FreeForm.of(Map.of(
                "numbers",
                        List.of(
                                1,
                                1.5,
                                -0.1,
                                Long.MAX_VALUE,
                                Double.MAX_VALUE,
                                Double.MIN_VALUE,
                                new BigDecimal("1e300")),
                "holes", Arrays.asList(1, null, "null"),
                "empty", Map.of("list", List.of(), "map", Map.of(), "text", ""),
                "text \" \\ {} \u0001 \ud83d\ude00", "x".repeat(100_000)));
        write(acme().overrides(overrides));

        assertThat(store().tenants().find(ACME).orElseThrow().configOverrides()).isEqualTo(overrides);
    }

    @Test
    void aTextWithU0000IsRefusedByFieldName() {
        assertRefused(acme().displayName("A\u0000").build(), "displayName");
        assertRefused(acme().team("\u0000").build(), "team");
    }

    @Test
    void overridesWithU0000AnywhereAreRefusedByFieldName() {
        assertRefused(
                acme().overrides(FreeForm.of(Map.of("a", List.of(Map.of("b", "\u0000")))))
                        .build(),
                "configOverrides");
        assertRefused(acme().overrides(FreeForm.of(Map.of("\u0000", 1))).build(), "configOverrides");
    }

    @Test
    void halfASurrogatePairIsRefusedInsteadOfBecomingAQuestionMark() {
        assertRefused(acme().displayName("\ud83d").build(), "displayName");
    }

    @Test
    void aBudgetBeyondItsColumnIsRefusedByFieldName() {
        assertRefused(acme().budget("1e300").build(), "monthlyBudgetUsd");
        assertRefused(acme().budget("9999999999.995").build(), "monthlyBudgetUsd");
        assertThat(write(acme().budget("9999999999.99"))).isEqualTo(YES);
    }

    @Test
    void aRefusedAuditEntryKeepsItsRowOut() {
        AuditEntry bad = new AuditEntry(NOW, ACME, "tenant.update", "Tenant", "\u0000", FreeForm.empty());

        assertThatThrownBy(() -> store().tenants().write(acme().build(), bad))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("audit.message");
        assertThat(store().tenants().find(ACME)).isEmpty();
    }

    @Test
    void manyRowsAreWrittenEachUnderItsOwnGuard() {
        write(acme().version("200").displayName("newer"));
        store().tenants().remove(new TenantId("opencrane", "gone"), "uid-1", audit("tenant.delete"));

        assertThat(store().tenants()
                        .writeAll(
                                List.of(
                                        RowBuilder.row("opencrane", "zeta").build(),
                                        acme().version("100")
                                                .displayName("older")
                                                .build(),
                                        RowBuilder.row("opencrane", "gone").build(),
                                        RowBuilder.row("opencrane", "beta").build()),
                                "tenant.repair"))
                .containsExactly(YES, NEWER_THERE, NEWER_THERE, YES);
        assertThat(nameOnRecord()).isEqualTo("newer");
        assertThat(store().tenants().find(new TenantId("opencrane", "gone"))).isEmpty();
        assertThat(store().tenants().find(new TenantId("opencrane", "zeta"))).isPresent();
    }

    @Test
    void manyRowsLeaveAnAuditEntryForEachRowWrittenAndNoOther() {
        write(acme().version("200"));
        TenantRow beta = RowBuilder.row("opencrane", "beta").build();
        store().tenants().writeAll(List.of(acme().version("100").build(), beta), "tenant.repair");

        assertThat(store().audit(beta.id(), 10)).containsExactly(AuditEntry.ofRow(beta, "tenant.repair", NOW));
        assertThat(store().audit(ACME, 10)).extracting(AuditEntry::action).containsExactly("tenant.update");
    }

    @Test
    void theAuditEntriesOfManyRowsAreInTheOrderOfTheRows() {
        List<String> names = List.of("zeta", "beta", "eta", "acme", "zeta", "alpha");
        store().tenants()
                .writeAll(
                        names.stream()
                                .map(name -> RowBuilder.row("opencrane", name).build())
                                .toList(),
                        "tenant.repair");

        List<String> newestFirst = new ArrayList<>(names);
        Collections.reverse(newestFirst);
        assertThat(store().audit(null, 10))
                .extracting(entry -> Objects.requireNonNull(entry.tenant()).name())
                .containsExactlyElementsOf(newestFirst);
    }

    @Test
    void aTenantMayAppearTwiceAsIfWrittenOneAfterAnother() {
        TenantRow older = acme().version("100").displayName("older").build();
        TenantRow newer = acme().version("101").displayName("newer").build();

        assertThat(store().tenants().writeAll(List.of(newer, older), "tenant.repair"))
                .containsExactly(YES, NEWER_THERE);
        assertThat(nameOnRecord()).isEqualTo("newer");
        TenantRow newest = acme().version("102").displayName("newest").build();
        assertThat(store().tenants().writeAll(List.of(newer, newest, older), "tenant.repair"))
                .containsExactly(YES, YES, NEWER_THERE);
        assertThat(nameOnRecord()).isEqualTo("newest");
    }

    @Test
    void oneRefusedRowKeepsAllOut() {
        List<TenantRow> rows = List.of(
                acme().build(),
                RowBuilder.row("opencrane", "bad").displayName("\u0000").build());

        assertThatThrownBy(() -> store().tenants().writeAll(rows, "tenant.repair"))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("displayName")
                .hasMessageContaining("Tenant opencrane/bad");
        assertThat(store().tenants().find(ACME)).isEmpty();
        assertThat(store().audit(null, 10)).isEmpty();
    }

    @Test
    void noRowsAreWrittenWithoutAWord() {
        assertThat(store().tenants().writeAll(List.of(), "tenant.repair")).isEmpty();
        assertThat(store().audit(null, 10)).isEmpty();
    }

    @Test
    void moreRowsThanFitAStatementAreWrittenInOneGo() {
        List<TenantRow> rows = new ArrayList<>(IntStream.range(0, 2_500)
                .mapToObj(i -> RowBuilder.row("opencrane", "t" + i).build())
                .toList());
        Collections.shuffle(rows, new Random(7));

        assertThat(store().tenants().writeAll(rows, "tenant.repair"))
                .hasSize(2_500)
                .containsOnly(YES);
        assertThat(store().audit(null, 5_000)).hasSize(2_500);
    }

    @Test
    void crowdsOfOverlappingRowsAtOnceNeitherDeadlockNorGetLost() throws Exception {
        List<TenantRow> forward = IntStream.range(0, 300)
                .mapToObj(
                        i -> RowBuilder.row("opencrane", "t" + i).version("200").build())
                .toList();
        List<TenantRow> backward = new ArrayList<>(IntStream.range(0, 300)
                .mapToObj(
                        i -> RowBuilder.row("opencrane", "t" + i).version("100").build())
                .toList());
        Collections.reverse(backward);
        together(List.of(
                () -> store().tenants().writeAll(forward, "tenant.repair"),
                () -> store().tenants().writeAll(backward, "tenant.repair")));

        assertThat(forward)
                .allSatisfy(row -> assertThat(
                                store().tenants().find(row.id()).orElseThrow().resourceVersion())
                        .isEqualTo("200"));
    }
}
