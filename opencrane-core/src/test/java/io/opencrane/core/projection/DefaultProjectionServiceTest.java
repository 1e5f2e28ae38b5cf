package io.opencrane.core.projection;

import static io.opencrane.core.support.InMemoryCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.DriftReport;
import io.opencrane.api.projection.Mismatch;
import io.opencrane.api.projection.ProjectionService;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.projection.RepairReport;
import io.opencrane.api.projection.RepairReport.Action;
import io.opencrane.api.resource.ResourceKind;
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
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DefaultProjectionServiceTest {
    private final InMemoryCluster cluster = new InMemoryCluster(InstanceScope.namespace("ns"));
    private final InMemoryProjection projection = new InMemoryProjection();
    private final ProjectionService service = ProjectionServices.using(cluster, projection);

    private Tenant put(String name, String displayName) {
        return cluster.put(new Tenant(
                ResourceMetadata.of("ns", name),
                TenantSpec.builder(displayName, "a@b").build(),
                TenantStatus.empty()));
    }

    private RepairReport repair(RepairMode mode) {
        return service.repair(ResourceKind.TENANT, mode);
    }

    @Test
    void driftReportsAndWritesNothing() {
        put("acme", "ACME");

        DriftReport report = service.drift(ResourceKind.TENANT);

        assertThat(report.summary()).isEqualTo(new DriftReport.Summary(1, 0, 1));
        assertThat(report.comparedFields()).isEqualTo(TenantDrift.COMPARED_FIELDS);
        assertThat(report.mismatches()).extracting(Mismatch::issue).containsExactly(Mismatch.Issue.MISSING_PROJECTION);
        assertThat(projection.rows).isEmpty();
        assertThat(projection.log).isEmpty();
        assertThat(projection.openCursors).isZero();
    }

    @Test
    void aDryRunSaysWhatApplyWouldDoAndWritesNothing() {
        put("acme", "ACME");

        RepairReport would = repair(RepairMode.DRY_RUN);

        assertThat(projection.rows).isEmpty();
        assertThat(projection.chunks).isEmpty();
        assertThat(would.entries())
                .containsExactly(new RepairReport.Entry("ns", "acme", Action.CREATED, "MISSING_PROJECTION", true));
        RepairReport did = repair(RepairMode.APPLY);
        assertThat(did.entries())
                .containsExactly(new RepairReport.Entry("ns", "acme", Action.CREATED, "MISSING_PROJECTION", false));
        assertThat(did.mode()).isEqualTo(RepairMode.APPLY);
        assertThat(projection.rows).containsOnlyKeys("ns/acme");
        assertThat(projection.actions()).containsExactly("tenant.repair");
    }

    @Test
    void aDifferingRowIsRewrittenAndARowWithoutResourceIsLeftAlone() {
        Tenant tenant = put("acme", "ACME");
        TenantRow row =
                RowMapping.row(tenant.withSpec(TenantSpec.builder("Old", "a@b").build()));
        projection.rows.put("ns/acme", row);
        TenantRow orphan = RowMapping.row(new InMemoryCluster(cluster.scope())
                .put(new Tenant(
                        ResourceMetadata.of("ns", "gone"),
                        TenantSpec.builder("x", "a@b").build(),
                        TenantStatus.empty())));
        projection.rows.put("ns/gone", orphan);

        RepairReport report = repair(RepairMode.APPLY);

        assertThat(report.entries())
                .containsExactly(
                        new RepairReport.Entry("ns", "acme", Action.UPDATED, "FIELD_MISMATCH:displayName", false),
                        new RepairReport.Entry("ns", "gone", Action.SKIPPED, "MISSING_SOURCE", false));
        assertThat(report.repairedCount()).isEqualTo(1);
        assertThat(report.skippedCount()).isEqualTo(1);
        assertThat(projection.rows.get("ns/acme").displayName()).isEqualTo("ACME");
        assertThat(projection.rows).containsEntry("ns/gone", orphan);
    }

    @Test
    void whatPostgresCannotHoldIsSkippedByNameAndBlocksNobody() {
        put("bad", "a\u0000b");
        put("good", "fine");

        RepairReport report = repair(RepairMode.APPLY);

        assertThat(report.entries())
                .extracting(RepairReport.Entry::reason)
                .containsExactly("UNPROJECTABLE:displayName", "MISSING_PROJECTION");
        assertThat(projection.rows).containsOnlyKeys("ns/good");
    }

    @Test
    void aChunkThatTheStoreRefusesIsHalvedUntilTheCulpritStandsAlone() {
        for (int i = 0; i < 9; i++) {
            put("t" + i, "Name");
        }
        projection.refusedNames.add("t4");

        RepairReport report = repair(RepairMode.APPLY);

        assertThat(report.repairedCount()).isEqualTo(8);
        assertThat(report.entries())
                .filteredOn(entry -> entry.action() == Action.SKIPPED)
                .containsExactly(
                        new RepairReport.Entry("ns", "t4", Action.SKIPPED, "UNPROJECTABLE:displayName", false));
        assertThat(report.entries()).extracting(RepairReport.Entry::name).isSorted();
        assertThat(projection.rows).hasSize(8).doesNotContainKey("ns/t4");
    }

    @Test
    void writesGoInChunksOfFiveHundred() {
        for (int i = 0; i < 1_201; i++) {
            put(String.format("t%05d", i), "Name");
        }

        assertThat(repair(RepairMode.APPLY).repairedCount()).isEqualTo(1_201);
        assertThat(projection.chunks).containsExactly(500, 500, 201);
        assertThat(service.drift(ResourceKind.TENANT).isClean()).isTrue();
    }

    @Test
    void aNewerRowIsNeverOverwritten() {
        Tenant tenant = put("acme", "ACME");
        TenantRow stale = RowMapping.row(tenant);
        TenantRow newer = new TenantRow(
                stale.id(),
                stale.uid(),
                "999999",
                stale.createdAt(),
                "Newer",
                stale.email(),
                null,
                null,
                null,
                stale.configOverrides(),
                null,
                null,
                false,
                stale.phase(),
                null,
                null);
        projection.rows.put("ns/acme", newer);

        assertThat(repair(RepairMode.APPLY).entries())
                .containsExactly(new RepairReport.Entry("ns", "acme", Action.SKIPPED, "NEWER_THERE", false));
        assertThat(projection.rows).containsEntry("ns/acme", newer);
    }

    @Test
    void anOutageOfTheProjectionIsAFailureAndClosesTheCursor() {
        put("acme", "ACME");
        projection.down = failure(ErrorCode.UPSTREAM_ERROR);
        assertThatThrownBy(() -> service.drift(ResourceKind.TENANT)).isSameAs(projection.down);

        projection.down = null;
        cluster.onPage.add(failure(ErrorCode.TIMEOUT));
        assertThatThrownBy(() -> repair(RepairMode.APPLY)).isInstanceOf(OpenCraneException.class);
        assertThat(projection.openCursors).isZero();
    }

    @Test
    void otherKindsAndAMissingProjectionAreRefused() {
        assertThatThrownBy(() -> service.drift(ResourceKind.SCHEDULE))
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALIDATION_ERROR));
        assertThatThrownBy(
                        () -> ProjectionServices.using(cluster, null).repair(ResourceKind.TENANT, RepairMode.DRY_RUN))
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.DEPENDENCY_NOT_CONFIGURED));
    }

    @Test
    void aRepairLeavesOnlyWhatItSkippedAndASecondFindsNothingToDo() {
        for (long seed = 1; seed <= 300; seed++) {
            InMemoryCluster fleet = new InMemoryCluster(InstanceScope.wholeCluster("a"));
            InMemoryProjection rows = new InMemoryProjection();
            new Fleet(seed).fill(fleet, rows);
            ProjectionService both = ProjectionServices.using(fleet, rows);

            RepairReport would = both.repair(ResourceKind.TENANT, RepairMode.DRY_RUN);
            RepairReport first = both.repair(ResourceKind.TENANT, RepairMode.APPLY);
            Map<String, TenantRow> after = new TreeMap<>(rows.rows);
            RepairReport second = both.repair(ResourceKind.TENANT, RepairMode.APPLY);
            DriftReport drift = both.drift(ResourceKind.TENANT);

            assertThat(would.repairedCount()).as("seed %d", seed).isEqualTo(first.repairedCount());
            assertThat(second.repairedCount()).as("seed %d", seed).isZero();
            assertThat(rows.rows).as("seed %d", seed).isEqualTo(after);
            assertThat(drift.mismatches())
                    .as("seed %d", seed)
                    .extracting(m -> m.namespace() + "/" + m.name())
                    .containsExactlyElementsOf(first.entries().stream()
                            .filter(entry -> entry.action() == Action.SKIPPED)
                            .map(entry -> entry.namespace() + "/" + entry.name())
                            .toList());
        }
    }
}
