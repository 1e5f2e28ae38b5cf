package io.opencrane.testkit.projection;

import static io.opencrane.core.port.ProjectionStore.Written.YES;
import static io.opencrane.testkit.projection.ProjectionCases.ACME;
import static io.opencrane.testkit.projection.ProjectionCases.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.RowStore;
import io.opencrane.core.port.TenantRow;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The part of {@link ProjectionStoreTck} about the rows of tenants. */
abstract class TenantRowCases extends RowListCases<TenantId, TenantRow, TenantQuery> {
    TenantRowCases(ProjectionCases context) {
        super(context);
    }

    @Override
    final ResourceKind kind() {
        return ResourceKind.TENANT;
    }

    @Override
    final RowStore<TenantId, TenantRow, TenantQuery> rows() {
        return context.store().tenants();
    }

    @Override
    final TenantId id(String namespace, String name) {
        return new TenantId(namespace, name);
    }

    @Override
    final TenantRow row(Draft draft) {
        return RowBuilder.row(draft.namespace, draft.name)
                .uid(draft.uid)
                .version(draft.version)
                .createdAt(draft.createdAt)
                .displayName(draft.text)
                .build();
    }

    @Override
    final String text(TenantRow row) {
        return row.displayName();
    }

    @Override
    final String textField() {
        return "displayName";
    }

    @Override
    final @Nullable Instant writtenAt(TenantRow row) {
        return row.updatedAt();
    }

    @Override
    final TenantQuery query(@Nullable String namespace, int limit, @Nullable String after) {
        TenantQuery.Builder query = TenantQuery.builder().limit(limit).after(after);
        return (namespace == null ? query : query.namespace(namespace)).build();
    }

    private static RowBuilder tenant() {
        return RowBuilder.row(ACME);
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

        assertThat(onRecord())
                .usingRecursiveComparison()
                .ignoringFields("updatedAt")
                .isEqualTo(row);
        assertThat(onRecord().updatedAt()).isEqualTo(NOW);
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
        write(tenant().overrides(overrides).build());

        assertThat(onRecord().configOverrides()).isEqualTo(overrides);
    }

    @Test
    void overridesWithU0000AnywhereAreRefusedByFieldName() {
        assertRefused(
                tenant().overrides(FreeForm.of(Map.of("a", List.of(Map.of("b", "\u0000")))))
                        .build(),
                "configOverrides");
        assertRefused(tenant().overrides(FreeForm.of(Map.of("\u0000", 1))).build(), "configOverrides");
    }

    @Test
    void aBudgetBeyondItsColumnIsRefusedByFieldName() {
        assertRefused(tenant().budget("1e300").build(), "monthlyBudgetUsd");
        assertRefused(tenant().budget("9999999999.995").build(), "monthlyBudgetUsd");
        assertThat(write(tenant().budget("9999999999.99").build())).isEqualTo(YES);
    }

    @Test
    void everyFilterHolds() {
        write(RowBuilder.row("a", "1")
                .team("red")
                .phase(TenantPhase.RUNNING)
                .clusterTenant("corp")
                .build());
        write(RowBuilder.row("a", "2").team("red").phase(TenantPhase.ERROR).build());
        write(RowBuilder.row("b", "3")
                .team("blue")
                .phase(TenantPhase.RUNNING)
                .clusterTenant("corp")
                .build());
        write(RowBuilder.row("b", "4").phase(TenantPhase.SUSPENDED).build());

        assertThat(listed(TenantQuery.builder().namespace("a").build())).containsExactly("a/1", "a/2");
        assertThat(listed(TenantQuery.builder().team("red").build())).containsExactly("a/1", "a/2");
        assertThat(listed(TenantQuery.builder().phase(TenantPhase.RUNNING).build()))
                .containsExactly("a/1", "b/3");
        assertThat(listed(TenantQuery.builder().clusterTenant("corp").build())).containsExactly("a/1", "b/3");
        assertThat(listed(TenantQuery.builder()
                        .team("red")
                        .phase(TenantPhase.RUNNING)
                        .namespace("a")
                        .build()))
                .containsExactly("a/1");
        assertThat(listed(TenantQuery.builder().team("green").build())).isEmpty();
        assertThat(listed(TenantQuery.builder().team("' OR true --").build())).isEmpty();
    }

    @Test
    void moneyIsKeptAtTwoDigits() {
        write(tenant().budget("19.995").build());

        assertThat(onRecord().monthlyBudgetUsd()).isEqualTo(new BigDecimal("20.00"));
    }

    @Test
    void textsBesideTheNameAreRefusedByFieldNameToo() {
        assertRefused(tenant().team("\u0000").build(), "team");
        assertThatThrownBy(() -> listed(TenantQuery.builder().team("\u0000").build()))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("team");
    }

    @Test
    void theAuditEntriesOfManyRowsAreTheirTenants() {
        TenantRow beta = RowBuilder.row("opencrane", "beta").build();
        rows().writeAll(List.of(tenant().build(), beta), "tenant.repair");

        assertThat(context.store().audit(beta.id(), 10)).containsExactly(AuditEntry.ofRow(beta, "tenant.repair", NOW));
        assertThat(context.store().audit(ACME, 10)).hasSize(1);
    }
}
