package io.opencrane.core.port;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Page;
import io.opencrane.core.port.ProjectionStore.Written;
import java.util.List;
import java.util.Optional;

/**
 * The rows of one kind in the projection, and the guards that keep an older read from overwriting a newer row (DECISIONS 39). Fails as
 * {@link ProjectionStore} says.
 *
 * @param <I> what names a row
 * @param <R> the rows
 * @param <Q> which of them to list
 */
public interface RowStore<I, R, Q> {
    /**
     * Writes a row and its audit entry in one transaction. The row is written only if nothing newer is there. Of one uid, the higher
     * {@code resourceVersion} is newer, compared as unsigned numbers; the same version is written again, which is how a damaged row is
     * repaired. Of two uids, the one created later is newer, and within one second the one with the higher {@code resourceVersion}.
     * A uid that was {@linkplain #remove removed}, and any object older than it, is never written again. The audit entry is written in
     * any case.
     *
     * @param row the row
     * @param audit what was done
     * @return whether the row was written
     * @throws OpenCraneException {@code VALIDATION_ERROR} naming the field if PostgreSQL cannot hold a value (DECISIONS 38)
     */
    Written write(R row, AuditEntry audit);

    /**
     * Deletes a row, remembers the deletion and writes an audit entry, in one transaction, also if there is no row. The uid, and any
     * object older than the deleted row, is never written afterwards. A row of another object of the same name stays.
     *
     * @param id whose row
     * @param uid the uid of the object that was deleted
     * @param audit what was done
     * @throws OpenCraneException {@code VALIDATION_ERROR} naming the field if PostgreSQL cannot hold a value
     */
    void remove(I id, String uid, AuditEntry audit);

    /**
     * Reads a row.
     *
     * @param id whose row
     * @return the row or empty
     */
    Optional<R> find(I id);

    /**
     * Reads a page of rows in the byte order of {@code namespace/name}.
     *
     * @param query filters and page
     * @param namespaces only these namespaces; empty for all
     * @return the page
     */
    Page<R> list(Q query, List<String> namespaces);

    /**
     * Reads all rows in the byte order of {@code namespace/name}, as they are now, without holding them in memory. The cursor occupies a
     * connection until it is closed; whoever writes meanwhile needs a second one.
     *
     * @param namespaces only these namespaces; empty for all
     * @return a cursor to be closed
     */
    RowCursor<R> stream(List<String> namespaces);

    /**
     * Writes many rows in one transaction, under the guard of {@link #write}, with one audit entry for each row written. As if they were
     * written one after another: a row may appear twice.
     *
     * @param rows the rows
     * @param action the audit entries' action
     * @return for each row, in order, whether it was written
     * @throws OpenCraneException {@code VALIDATION_ERROR} naming object and field if PostgreSQL cannot hold a value; nothing was written
     */
    List<Written> writeAll(List<R> rows, String action);
}
