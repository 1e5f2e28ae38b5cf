package io.opencrane.core.audit;

import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.Row;
import io.opencrane.core.port.RowStore;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The row and the audit entry behind a change of a custom resource of one kind, written together. As {@link AfterChange}, it never throws.
 * Thread-safe.
 *
 * @param <M> the custom resources
 * @param <I> what names them
 * @param <R> their rows
 */
public final class RowsBehind<M extends Resource, I, R extends Row> {
    private static final String FOUND_DELETED = "found deleted; its row was removed";

    private final AfterChange after;
    private final Function<ProjectionStore, RowStore<I, R, ?>> rows;
    private final Function<M, I> id;
    private final Function<M, R> row;

    /**
     * The rows of one kind.
     *
     * @param after reaches the projection
     * @param rows the kind's
     * @param id names a custom resource
     * @param row turns it into its row
     */
    public RowsBehind(
            AfterChange after,
            Function<ProjectionStore, RowStore<I, R, ?>> rows,
            Function<M, I> id,
            Function<M, R> row) {
        this.after = after;
        this.rows = rows;
        this.id = id;
        this.row = row;
    }

    /**
     * Writes the row of a custom resource that was created or changed.
     *
     * @param resource the custom resource as stored
     * @param action for example {@code tenant.create}
     * @param done what was done to it, for example {@code created}
     * @param details for machines; never holds a secret
     * @return what became of it
     */
    public ProjectionOutcome wrote(M resource, String action, String done, Map<String, ?> details) {
        return after.write(
                resource.key(),
                action,
                store -> rows.apply(store)
                        .write(row.apply(resource), after.entry(resource.key(), action, done, details)));
    }

    /**
     * Removes the row of a custom resource that was deleted.
     *
     * @param resource the custom resource as last seen
     * @param action for example {@code tenant.delete}
     * @return what became of it
     */
    public ProjectionOutcome removed(M resource, String action) {
        return after.write(
                resource.key(),
                action,
                store -> rows.apply(store)
                        .remove(
                                id.apply(resource),
                                resource.metadata().uid(),
                                after.entry(resource.key(), action, "deleted", Map.of())));
    }

    /**
     * Ends what a deletion that was killed between custom resource and row began.
     *
     * @param left whose row may be left, although the server said that there is no such custom resource
     * @param key the same as a key
     * @param action for example {@code tenant.delete}
     * @param now reads the custom resource
     */
    public void removeLeftBehind(I left, ResourceKey key, String action, Supplier<Optional<M>> now) {
        Optional<R> found =
                after.read(key, action, store -> rows.apply(store).find(left)).flatMap(there -> there);
        if (found.isPresent()) {
            String uid = found.get().uid();
            // Asked again after the row was read: that row may be of a resource created meanwhile.
            Optional<M> there = now.get();
            if (there.isEmpty() || !there.get().metadata().uid().equals(uid)) {
                after.write(
                        key,
                        action,
                        store ->
                                rows.apply(store).remove(left, uid, after.entry(key, action, FOUND_DELETED, Map.of())));
            }
        }
    }
}
