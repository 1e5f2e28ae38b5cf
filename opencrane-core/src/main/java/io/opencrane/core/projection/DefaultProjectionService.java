package io.opencrane.core.projection;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.projection.DriftReport;
import io.opencrane.api.projection.Mismatch;
import io.opencrane.api.projection.ProjectionService;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.projection.RepairReport;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.RowCursor;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.tenant.TenantScan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Streams both sides through {@link TenantDrift}; a repair writes what differs in chunks while it reads. */
final class DefaultProjectionService implements ProjectionService {
    private final Cluster cluster;
    private final @Nullable ProjectionStore projection;

    DefaultProjectionService(Cluster cluster, @Nullable ProjectionStore projection) {
        this.cluster = cluster;
        this.projection = projection;
    }

    @Override
    public DriftReport drift(ResourceKind kind) {
        ProjectionStore store = requireTenants(kind);
        List<Mismatch> found = new ArrayList<>();
        DriftReport.Summary summary = compare(store, (mismatch, source) -> found.add(mismatch));
        return new DriftReport(kind, TenantDrift.COMPARED_FIELDS, summary, found);
    }

    @Override
    public RepairReport repair(ResourceKind kind, RepairMode mode) {
        ProjectionStore store = requireTenants(kind);
        RepairRun run = new RepairRun(mode == RepairMode.APPLY ? store : null);
        compare(store, (mismatch, source) -> run.add(RepairPlan.of(mismatch, source)));
        return run.report(kind);
    }

    private DriftReport.Summary compare(ProjectionStore store, TenantDrift.Sink sink) {
        try (RowCursor<TenantRow> rows = store.tenants().stream(cluster.scope().namespaces())) {
            return TenantDrift.compare(TenantScan.of(cluster), rows, sink);
        }
    }

    private ProjectionStore requireTenants(ResourceKind kind) {
        if (kind != ResourceKind.TENANT) {
            throw new ValidationException(
                    kind.kind(),
                    List.of(new Problem("kind", Problem.Code.UNKNOWN, "Only Tenant is projected in this release.")));
        }
        if (projection == null) {
            throw new OpenCraneException(
                    ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                    "projection",
                    "This host has no projection; give one to OpenCrane.builder().");
        }
        return projection;
    }
}
