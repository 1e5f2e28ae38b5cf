package io.opencrane.core.projection;

import static io.opencrane.core.support.InMemoryCluster.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
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
import io.opencrane.core.policy.AccessPolicyRows;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.support.Fleet;
import io.opencrane.core.support.InMemoryCluster;
import io.opencrane.core.support.InMemoryProjection;
import io.opencrane.core.support.PolicyFleet;
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
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VALIDATION_ERROR))
                .hasMessageContaining("Tenant and AccessPolicy");
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
            assertRepairConverges(seed, ResourceKind.TENANT, fleet, rows, rows.rows);
        }
    }

    private static void assertRepairConverges(
            long seed, ResourceKind kind, InMemoryCluster fleet, InMemoryProjection projection, Map<String, ?> rows) {
        ProjectionService both = ProjectionServices.using(fleet, projection);

        RepairReport would = both.repair(kind, RepairMode.DRY_RUN);
        RepairReport first = both.repair(kind, RepairMode.APPLY);
        Map<String, Object> after = new TreeMap<>(rows);
        RepairReport second = both.repair(kind, RepairMode.APPLY);
        DriftReport drift = both.drift(kind);

        assertThat(would.repairedCount()).as("seed %d", seed).isEqualTo(first.repairedCount());
        assertThat(second.repairedCount()).as("seed %d", seed).isZero();
        assertThat(after).as("seed %d", seed).isEqualTo(rows);
        assertThat(drift.mismatches())
                .as("seed %d", seed)
                .extracting(m -> m.namespace() + "/" + m.name())
                .containsExactlyElementsOf(first.entries().stream()
                        .filter(entry -> entry.action() == Action.SKIPPED)
                        .map(entry -> entry.namespace() + "/" + entry.name())
                        .toList());
    }

    private AccessPolicy putPolicy(String name, String description) {
        return cluster.put(new AccessPolicy(
                ResourceMetadata.of("ns", name),
                AccessPolicySpec.builder().description(description).build(),
                AccessPolicyStatus.empty()));
    }

    @Test
    void policiesDriftAndAreMendedApartFromTenants() {
        put("acme", "ACME");
        putPolicy("bad", "a\u0000b");
        AccessPolicy strict = putPolicy("strict", "Strict");
        PolicyRow old = AccessPolicyRows.row(
                strict.withSpec(AccessPolicySpec.builder().description("Old").build()));
        projection.policies().rows.put("ns/strict", old);
        putPolicy("wide", "Wide");

        DriftReport drift = service.drift(ResourceKind.ACCESS_POLICY);
        RepairReport repair = service.repair(ResourceKind.ACCESS_POLICY, RepairMode.APPLY);

        assertThat(drift.resource()).isEqualTo(ResourceKind.ACCESS_POLICY);
        assertThat(drift.comparedFields()).isEqualTo(PolicyFleet.FIELDS);
        assertThat(drift.summary()).isEqualTo(new DriftReport.Summary(3, 1, 3));
        assertThat(drift.mismatches())
                .extracting(m -> m.name() + " " + m.issue() + " " + m.fields())
                .containsExactly(
                        "bad MISSING_PROJECTION []",
                        "strict FIELD_MISMATCH [description]",
                        "wide MISSING_PROJECTION []");
        assertThat(repair.resource()).isEqualTo(ResourceKind.ACCESS_POLICY);
        assertThat(repair.entries())
                .extracting(entry -> entry.name() + " " + entry.action() + " " + entry.reason())
                .containsExactly(
                        "bad SKIPPED UNPROJECTABLE:description",
                        "strict UPDATED FIELD_MISMATCH:description",
                        "wide CREATED MISSING_PROJECTION");
        assertThat(projection.policies().rows).containsOnlyKeys("ns/strict", "ns/wide");
        assertThat(projection.actions()).containsExactly("access-policy.repair", "access-policy.repair");
        assertThat(projection.log).extracting(AuditEntry::tenant).containsOnlyNulls();
        assertThat(projection.rows).isEmpty();
        assertThat(projection.openCursors).isZero();
    }

    @Test
    void aRepairOfPoliciesLeavesOnlyWhatItSkippedAndASecondFindsNothingToDo() {
        for (long seed = 1; seed <= 300; seed++) {
            InMemoryCluster fleet = new InMemoryCluster(InstanceScope.wholeCluster("a"));
            InMemoryProjection rows = new InMemoryProjection();
            new PolicyFleet(seed).fill(fleet, rows);

            assertRepairConverges(seed, ResourceKind.ACCESS_POLICY, fleet, rows, rows.policies().rows);
        }
    }
}
