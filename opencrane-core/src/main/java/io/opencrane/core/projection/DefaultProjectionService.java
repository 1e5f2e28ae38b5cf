package io.opencrane.core.projection;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.DriftReport;
import io.opencrane.api.projection.Mismatch;
import io.opencrane.api.projection.ProjectionService;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.projection.RepairReport;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.Row;
import io.opencrane.core.port.RowCursor;
import io.opencrane.core.port.RowStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Streams both sides through {@link Drift}; a repair writes what differs in chunks while it reads. */
final class DefaultProjectionService implements ProjectionService {
    private final Cluster cluster;
    private final @Nullable ProjectionStore projection;

    DefaultProjectionService(Cluster cluster, @Nullable ProjectionStore projection) {
        this.cluster = cluster;
        this.projection = projection;
    }

    @Override
    public DriftReport drift(ResourceKind kind) {
        return drift(Projected.of(kind), requireProjection());
    }

    private <S extends Resource, W extends Row> DriftReport drift(Projected<S, W> kind, ProjectionStore store) {
        List<Mismatch> found = new ArrayList<>();
        DriftReport.Summary summary =
                compare(kind, kind.rows().apply(store), (mismatch, source) -> found.add(mismatch));
        return new DriftReport(kind.kind(), kind.comparison().fields(), summary, found);
    }

    @Override
    public RepairReport repair(ResourceKind kind, RepairMode mode) {
        return repair(Projected.of(kind), requireProjection(), mode);
    }

    private <S extends Resource, W extends Row> RepairReport repair(
            Projected<S, W> kind, ProjectionStore store, RepairMode mode) {
        RowStore<?, W, ?> rows = kind.rows().apply(store);
        RepairRun<W> run = new RepairRun<>(kind, mode == RepairMode.APPLY ? rows : null);
        compare(kind, rows, (mismatch, source) -> run.add(RepairPlan.of(mismatch, source, kind)));
        return run.report();
    }

    private <S extends Resource, W extends Row> DriftReport.Summary compare(
            Projected<S, W> kind, RowStore<?, W, ?> store, DriftSink<S> sink) {
        try (RowCursor<W> rows = store.stream(cluster.scope().namespaces())) {
            return Drift.compare(kind.comparison(), kind.scan().apply(cluster), rows, sink);
        }
    }

    private ProjectionStore requireProjection() {
        if (projection == null) {
            throw new OpenCraneException(
                    ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                    "projection",
                    "This host has no projection; give one to OpenCrane.builder().");
        }
        return projection;
    }
}
