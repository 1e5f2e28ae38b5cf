package io.opencrane.core.support;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.Page;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.ProjectionStore.Written;
import io.opencrane.core.port.Row;
import io.opencrane.core.port.RowCursor;
import io.opencrane.core.port.RowStore;
import io.opencrane.core.projection.RowKind;
import java.time.Instant;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** One kind's rows in a sorted map with tombstones. A list is all of them: filters are the testkit's fake's. */
public final class RowsInMemory<I, R extends Row, Q> implements RowStore<I, R, Q> {
    public final Map<String, R> rows = new TreeMap<>();
    private final Set<String> tombstones = new HashSet<>();
    private final RowKind<I, R, Q> kind;
    private final InMemoryProjection projection;

    RowsInMemory(RowKind<I, R, Q> kind, InMemoryProjection projection) {
        this.kind = kind;
        this.projection = projection;
    }

    @Override
    public Written write(R row, AuditEntry audit) {
        projection.throwIfDown();
        R kept = kind.fitting().apply(row);
        if (projection.refusedNames.contains(row.key().name())) {
            throw new ValidationException(
                    row.key().toString(), List.of(new Problem("displayName", Problem.Code.MALFORMED, "As scripted.")));
        }
        projection.log.add(audit);
        R there = rows.get(text(row));
        boolean older = there != null
                && there.uid().equals(row.uid())
                && Long.parseUnsignedLong(there.resourceVersion()) > Long.parseUnsignedLong(row.resourceVersion());
        if (older || tombstones.contains(row.uid())) {
            return Written.NEWER_THERE;
        }
        rows.put(text(row), kept);
        return Written.YES;
    }

    @Override
    public void remove(I id, String uid, AuditEntry audit) {
        projection.throwIfDown();
        projection.log.add(audit);
        tombstones.add(uid);
        projection.marks.remove(id);
        rows.computeIfPresent(id.toString(), (key, row) -> row.uid().equals(uid) ? null : row);
    }

    @Override
    public Optional<R> find(I id) {
        projection.throwIfDown();
        return Optional.ofNullable(rows.get(id.toString()));
    }

    @Override
    public Page<R> list(Q query, List<String> namespaces) {
        projection.throwIfDown();
        return new Page<>(List.copyOf(rows.values()), null, Page.Source.PROJECTION, Instant.EPOCH);
    }

    @Override
    public RowCursor<R> stream(List<String> namespaces) {
        projection.throwIfDown();
        projection.openCursors++;
        Iterator<R> snapshot = rows.values().stream()
                .filter(row ->
                        namespaces.isEmpty() || namespaces.contains(row.key().namespace()))
                .toList()
                .iterator();
        return new RowCursor<>() {
            @Override
            public boolean hasNext() {
                return snapshot.hasNext();
            }

            @Override
            public R next() {
                return snapshot.next();
            }

            @Override
            public void close() {
                projection.openCursors--;
            }
        };
    }

    @Override
    public List<Written> writeAll(List<R> many, String action) {
        projection.chunks.add(many.size());
        Map<String, R> before = new TreeMap<>(rows);
        try {
            return many.stream()
                    .map(row -> write(row, AuditEntry.ofRow(row, action, Instant.EPOCH)))
                    .toList();
        } catch (RuntimeException e) {
            rows.clear();
            rows.putAll(before);
            throw e;
        }
    }

    private static String text(Row row) {
        return row.key().namespace() + "/" + row.key().name();
    }
}
