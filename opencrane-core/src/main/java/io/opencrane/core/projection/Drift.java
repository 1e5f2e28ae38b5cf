package io.opencrane.core.projection;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.DriftReport;
import io.opencrane.api.projection.FieldDifference;
import io.opencrane.api.projection.Mismatch;
import io.opencrane.api.projection.Mismatch.Issue;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.core.port.Row;
import io.opencrane.core.tenant.ByteOrder;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Compares the custom resources of a kind with their rows: one merge of two streams, each ascending in the byte order of
 * {@code namespace/name}, so that memory does not grow with their number (DECISIONS 36). What is being deleted is neither missing nor
 * different, whether its row is still there or not. Pure.
 */
final class Drift<S extends Resource, W extends Row> {
    private final Comparison<S, W> comparison;
    private final Side<S> source;
    private final Side<W> projection;
    private final DriftSink<S> sink;
    private long drifted;

    private Drift(Comparison<S, W> comparison, Iterator<S> source, Iterator<W> projection, DriftSink<S> sink) {
        this.comparison = comparison;
        this.source = new Side<>("the cluster's resources", source, Resource::key);
        this.projection = new Side<>("the projection's rows", projection, Row::key);
        this.sink = sink;
    }

    /** Fails with {@code UPSTREAM_ERROR} if a stream does not ascend: a merge would then report drift that is none. */
    static <S extends Resource, W extends Row> DriftReport.Summary compare(
            Comparison<S, W> comparison, Iterator<S> source, Iterator<W> projection, DriftSink<S> sink) {
        return new Drift<>(comparison, source, projection, sink).merge();
    }

    private DriftReport.Summary merge() {
        S resource = source.next();
        W row = projection.next();
        while (resource != null || row != null) {
            int order = order(resource, row);
            if (resource != null && order < 0) {
                missingProjection(resource);
                resource = source.next();
            } else if (row != null && order > 0) {
                drift(projection.lastKey(), Issue.MISSING_SOURCE, List.of(), null);
                row = projection.next();
            } else if (resource != null && row != null) {
                compareFields(resource, row);
                resource = source.next();
                row = projection.next();
            }
        }
        return new DriftReport.Summary(source.count, projection.count, drifted);
    }

    private int order(@Nullable S resource, @Nullable W row) {
        if (resource == null || row == null) {
            return resource == null ? 1 : -1;
        }
        return ByteOrder.compare(source.lastKey(), projection.lastKey());
    }

    private void missingProjection(S resource) {
        if (!resource.metadata().isBeingDeleted()) {
            drift(source.lastKey(), Issue.MISSING_PROJECTION, List.of(), resource);
        }
    }

    private void compareFields(S resource, W row) {
        if (!resource.metadata().isBeingDeleted() && !comparison.isSame(resource, row)) {
            drift(source.lastKey(), Issue.FIELD_MISMATCH, comparison.differences(resource, row), resource);
        }
    }

    private void drift(ResourceKey key, Issue issue, List<FieldDifference> differences, @Nullable S resource) {
        drifted++;
        sink.drifted(new Mismatch(key.namespace(), key.name(), issue, differences), resource);
    }

    /** One stream, checked while it is read. */
    private static final class Side<T> {
        private final String name;
        private final Iterator<T> items;
        private final Function<? super T, ResourceKey> key;
        private long count;
        private @Nullable ResourceKey last;

        Side(String name, Iterator<T> items, Function<? super T, ResourceKey> key) {
            this.name = name;
            this.items = items;
            this.key = key;
        }

        @Nullable
        T next() {
            if (!items.hasNext()) {
                return null;
            }
            count++;
            T next = items.next();
            ascendTo(key.apply(next));
            return next;
        }

        private void ascendTo(ResourceKey next) {
            if (last != null && ByteOrder.compare(last, next) >= 0) {
                throw new OpenCraneException(
                        ErrorCode.UPSTREAM_ERROR,
                        next.toString(),
                        "Drift needs " + name + " in the byte order of namespace/name, each once; this one came after "
                                + last + ".");
            }
            last = next;
        }

        ResourceKey lastKey() {
            return Objects.requireNonNull(last);
        }
    }
}
