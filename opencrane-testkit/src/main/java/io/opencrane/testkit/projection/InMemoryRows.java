package io.opencrane.testkit.projection;

import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.ProjectionStore.Written;
import io.opencrane.core.port.Row;
import io.opencrane.core.port.RowCursor;
import io.opencrane.core.port.RowStore;
import io.opencrane.core.projection.Projectable;
import io.opencrane.core.projection.RowKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The rows of one kind in memory. Thread-safe by the lock of the projection it is of. */
final class InMemoryRows<I, R extends Row, Q> implements RowStore<I, R, Q> {
    private final RowKind<I, R, Q> kind;
    private final Of<I, R, Q> of;
    private final Shared shared;
    private final NavigableMap<String, R> rows = new TreeMap<>(InMemoryProjection.BYTE_ORDER);

    /** By name and uid; the age is known if the deleted object had a row. */
    private final Map<ResourceKey, Map<String, Optional<RowAge>>> tombstones = new HashMap<>();

    /**
     * What is of one kind.
     *
     * @param matches whether a query asks for a row
     * @param dated a row with the time when it was written
     * @param alongRemoval what else goes with a row
     */
    record Of<I, R, Q>(BiPredicate<Q, R> matches, Dated<R> dated, Consumer<I> alongRemoval) {}

    /** Puts the time of writing into a row. */
    @FunctionalInterface
    interface Dated<R> {
        R at(R row, Instant writtenAt);
    }

    /** What the rows of every kind share. */
    interface Shared {
        /** The clock, at microseconds. */
        Instant now();

        /** The audit log, to be touched under the lock only. */
        List<AuditEntry> audits();

        /** Runs something alone. */
        <T> T locked(Supplier<T> work);
    }

    InMemoryRows(RowKind<I, R, Q> kind, Of<I, R, Q> of, Shared shared) {
        this.kind = kind;
        this.of = of;
        this.shared = shared;
    }

    @Override
    public Written write(R row, AuditEntry audit) {
        R fitting = kind.fitting().apply(row);
        AuditEntry entry = Projectable.require(audit);
        return shared.locked(() -> {
            shared.audits().add(entry);
            return put(fitting);
        });
    }

    private Written put(R row) {
        R there = rows.get(text(row.key()));
        if (isBuried(row) || (there != null && !RowAge.mayReplace(there, row))) {
            return Written.NEWER_THERE;
        }
        rows.put(text(row.key()), of.dated().at(row, shared.now()));
        return Written.YES;
    }

    private boolean isBuried(R row) {
        Map<String, Optional<RowAge>> gone = tombstones.getOrDefault(row.key(), Map.of());
        return gone.containsKey(row.uid())
                || gone.values().stream().flatMap(Optional::stream).anyMatch(age -> age.compareTo(RowAge.of(row)) > 0);
    }

    @Override
    public void remove(I id, String uid, AuditEntry audit) {
        ResourceKey key = kind.key().apply(id);
        Projectable.require(key, uid);
        AuditEntry entry = Projectable.require(audit);
        shared.locked(() -> {
            R there = rows.get(text(key));
            Optional<RowAge> age = Optional.empty();
            if (there != null && there.uid().equals(uid)) {
                rows.remove(text(key));
                age = Optional.of(RowAge.of(there));
            }
            tombstones.computeIfAbsent(key, any -> new HashMap<>()).putIfAbsent(uid, age);
            of.alongRemoval().accept(id);
            return shared.audits().add(entry);
        });
    }

    @Override
    public Optional<R> find(I id) {
        ResourceKey key = kind.key().apply(id);
        Projectable.require(key);
        return shared.locked(() -> Optional.ofNullable(rows.get(text(key))));
    }

    @Override
    public Page<R> list(Q query, List<String> namespaces) {
        kind.screen().accept(query);
        int limit = kind.limit().applyAsInt(query);
        String after = kind.after().apply(query).orElse("");
        return shared.locked(() -> {
            List<R> found = rows.tailMap(after, false).values().stream()
                    .filter(row -> within(namespaces, row) && of.matches().test(query, row))
                    .limit(limit + 1L)
                    .toList();
            boolean more = found.size() > limit;
            List<R> items = more ? found.subList(0, limit) : found;
            String next = more ? text(items.get(items.size() - 1).key()) : null;
            return new Page<>(items, next, Page.Source.PROJECTION, shared.now());
        });
    }

    private static boolean within(List<String> namespaces, Row row) {
        return namespaces.isEmpty() || namespaces.contains(row.key().namespace());
    }

    @Override
    public RowCursor<R> stream(List<String> namespaces) {
        return shared.locked(() -> new ListCursor<>(
                rows.values().stream().filter(row -> within(namespaces, row)).toList()));
    }

    @Override
    public List<Written> writeAll(List<R> given, String action) {
        List<R> fitting = given.stream().map(kind.fitting()).toList();
        Instant now = shared.now();
        List<AuditEntry> entries = fitting.stream()
                .map(row -> Projectable.require(AuditEntry.ofRow(row, action, now)))
                .toList();
        return shared.locked(() -> {
            List<Written> result = new ArrayList<>();
            for (int i = 0; i < fitting.size(); i++) {
                result.add(put(fitting.get(i)));
                if (result.get(i) == Written.YES) {
                    shared.audits().add(entries.get(i));
                }
            }
            return List.copyOf(result);
        });
    }

    private static String text(ResourceKey key) {
        return key.namespace() + "/" + key.name();
    }
}
