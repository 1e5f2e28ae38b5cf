package io.opencrane.core.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.DriftReport;
import io.opencrane.api.projection.FieldDifference;
import io.opencrane.api.projection.Mismatch;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.support.Fleet;
import io.opencrane.core.support.InMemoryCluster;
import io.opencrane.core.support.InMemoryProjection;
import io.opencrane.core.tenant.RowMapping;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TenantDriftTest {
    private static Tenant tenant(String namespace, String name, TenantSpec spec) {
        return new Tenant(ResourceMetadata.of(namespace, name), spec, TenantStatus.empty());
    }

    private static Tenant tenant(String namespace, String name) {
        return tenant(namespace, name, spec().build());
    }

    private static TenantSpec.Builder spec() {
        return TenantSpec.builder("Name", "a@b");
    }

    private static List<Mismatch> drift(List<Tenant> source, List<TenantRow> projection) {
        List<Mismatch> found = new ArrayList<>();
        TenantDrift.compare(source.iterator(), projection.iterator(), (mismatch, tenant) -> found.add(mismatch));
        return found;
    }

    private static List<FieldDifference> differences(TenantSpec source, TenantSpec projected) {
        List<Mismatch> found =
                drift(List.of(tenant("ns", "acme", source)), List.of(RowMapping.row(tenant("ns", "acme", projected))));
        return found.isEmpty() ? List.of() : found.get(0).differences();
    }

    @Test
    void eachIssueIsNamedInOrder() {
        List<Tenant> source = List.of(tenant("a-b", "x"), tenant("a", "m"), tenant("a", "n"));
        List<TenantRow> rows = List.of(
                RowMapping.row(tenant("a-b", "x", spec().team("t").build())),
                RowMapping.row(tenant("a", "n")),
                RowMapping.row(tenant("a", "o")));
        List<Mismatch> found = new ArrayList<>();

        DriftReport.Summary summary = TenantDrift.compare(source.iterator(), rows.iterator(), (m, t) -> found.add(m));

        assertThat(summary).isEqualTo(new DriftReport.Summary(3, 3, 3));
        assertThat(found)
                .extracting(m -> m.namespace() + "/" + m.name() + " " + m.issue() + " " + m.fields())
                .containsExactly("a-b/x FIELD_MISMATCH [team]", "a/m MISSING_PROJECTION []", "a/o MISSING_SOURCE []");
    }

    @Test
    void everyComparedFieldIsCompared() {
        TenantSpec all = TenantSpec.builder("Other", "b@a")
                .team("t")
                .configOverrides(FreeForm.of(Map.of("a", 1)))
                .clusterTenantRef("c")
                .openclawVersion("1")
                .monthlyBudgetUsd("1")
                .policyRef("p")
                .build();
        TenantSpec asleep = new TenantSpec(
                all.displayName(),
                all.email(),
                all.team(),
                null,
                all.openclawVersion(),
                all.monthlyBudgetUsd(),
                all.resources(),
                List.of(),
                all.mcpPolicy(),
                List.of(),
                all.configOverrides(),
                all.policyRef(),
                all.clusterTenantRef(),
                true);

        assertThat(differences(asleep, spec().build()))
                .extracting(FieldDifference::field)
                .containsExactlyElementsOf(TenantDrift.COMPARED_FIELDS);
        assertThat(differences(spec().build(), asleep))
                .extracting(FieldDifference::field)
                .containsExactlyElementsOf(TenantDrift.COMPARED_FIELDS);
    }

    @Test
    void bothValuesAreShown() {
        assertThat(differences(
                        spec().monthlyBudgetUsd("200").build(), spec().team("t").build()))
                .containsExactly(
                        new FieldDifference("team", null, "t"),
                        new FieldDifference("monthlyBudgetUsd", new BigDecimal("200.00"), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"200", "200.00", "199.995", "200.0049", "2e2"})
    void moneyIsComparedAtTheScaleOfItsColumn(String budget) {
        assertThat(differences(
                        spec().monthlyBudgetUsd(budget).build(),
                        spec().monthlyBudgetUsd("200.00").build()))
                .isEmpty();
    }

    @Test
    void aCentIsADifferenceAndZeroIsNotUnlimited() {
        assertThat(differences(
                        spec().monthlyBudgetUsd("200.01").build(),
                        spec().monthlyBudgetUsd("200").build()))
                .hasSize(1);
        assertThat(differences(spec().monthlyBudgetUsd("0").build(), spec().build()))
                .hasSize(1);
    }

    @Test
    void keyOrderAndAbsenceAreNoiseArrayOrderIsNot() {
        TenantSpec one = spec().team("")
                .configOverrides(FreeForm.of(new java.util.LinkedHashMap<>(Map.of("a", 1, "b", List.of(1, 2)))))
                .build();
        TenantSpec other = spec().configOverrides(FreeForm.of(Map.of("b", List.of(1, 2.0), "a", 1.0)))
                .build();
        TenantSpec swapped = spec().configOverrides(FreeForm.of(Map.of("b", List.of(2, 1), "a", 1)))
                .build();

        assertThat(differences(one, other)).isEmpty();
        assertThat(differences(one, swapped)).extracting(FieldDifference::field).containsExactly("configOverrides");
    }

    @Test
    void aTenantBeingDeletedNeverDrifts() {
        Tenant leaving = tenant("ns", "acme")
                .withMetadata(new ResourceMetadata(
                        "ns",
                        "acme",
                        "u",
                        "1",
                        1,
                        null,
                        Instant.EPOCH,
                        Map.of(),
                        Map.of(),
                        List.of("opencrane.io/cleanup")));

        assertThat(drift(List.of(leaving), List.of())).isEmpty();
        assertThat(drift(
                        List.of(leaving),
                        List.of(RowMapping.row(
                                tenant("ns", "acme", spec().team("t").build())))))
                .isEmpty();
    }

    @Test
    void aStreamThatDoesNotAscendFailsInsteadOfLying() {
        Tenant a = tenant("a", "x");
        Tenant ab = tenant("a-b", "x");

        assertThatThrownBy(() -> drift(List.of(a, ab), List.of()))
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR))
                .hasMessageContaining("cluster")
                .hasMessageContaining("a-b/x");
        assertThatThrownBy(() -> drift(List.of(), List.of(RowMapping.row(a), RowMapping.row(a))))
                .hasMessageContaining("projection");
    }

    @Test
    void theMergeSaysWhatANaiveComparisonOfSetsSays() {
        for (long seed = 1; seed <= 300; seed++) {
            InMemoryCluster cluster = new InMemoryCluster(InstanceScope.wholeCluster("a"));
            InMemoryProjection projection = new InMemoryProjection();
            new Fleet(seed).fill(cluster, projection);

            List<String> merged =
                    drift(List.copyOf(cluster.tenants.values()), List.copyOf(projection.rows.values())).stream()
                            .map(m -> m.namespace() + "/" + m.name() + " " + m.issue() + " " + m.fields())
                            .toList();

            assertThat(merged).as("seed %d", seed).containsExactlyElementsOf(naive(cluster, projection));
        }
    }

    private static List<String> naive(InMemoryCluster cluster, InMemoryProjection projection) {
        Set<String> keys = new TreeSet<>(cluster.tenants.keySet());
        keys.addAll(projection.rows.keySet());
        return keys.stream()
                .map(key -> naive(key, cluster.tenants.get(key), projection.rows.get(key)))
                .filter(line -> !line.isEmpty())
                .collect(Collectors.toList());
    }

    private static String naive(String key, Tenant tenant, TenantRow row) {
        if (tenant == null) {
            return key + " MISSING_SOURCE []";
        }
        if (tenant.metadata().isBeingDeleted()) {
            return "";
        }
        if (row == null) {
            return key + " MISSING_PROJECTION []";
        }
        List<String> source = texts(RowMapping.row(tenant));
        List<String> projected = texts(row);
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < source.size(); i++) {
            if (!source.get(i).equals(projected.get(i))) {
                fields.add(TenantDrift.COMPARED_FIELDS.get(i));
            }
        }
        return fields.isEmpty() ? "" : key + " FIELD_MISMATCH " + fields;
    }

    private static List<String> texts(TenantRow row) {
        java.util.function.Function<Object, String> text = value -> value == null ? "" : value.toString();
        return List.of(
                row.displayName(),
                row.email(),
                text.apply(row.team()),
                new java.util.TreeMap<>(row.configOverrides().asMap()).toString(),
                text.apply(row.clusterTenantRef()),
                Boolean.toString(row.suspended()),
                text.apply(row.openclawVersion()),
                row.monthlyBudgetUsd() == null
                        ? ""
                        : String.format(java.util.Locale.ROOT, "%.2f", row.monthlyBudgetUsd()),
                text.apply(row.policyRef()));
    }
}
