package io.opencrane.postgres;

import io.opencrane.core.port.RowCursor;
import io.opencrane.core.port.TenantRow;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

/** A server-side cursor: the driver fetches a few rows at a time. Owns its connection. */
final class TenantCursor implements RowCursor<TenantRow> {
    private static final String DOING = "read all tenants";

    private final Handle handle;
    private final ResultIterator<TenantRow> rows;
    private final SqlFailures failures;

    private TenantCursor(Handle handle, ResultIterator<TenantRow> rows, SqlFailures failures) {
        this.handle = handle;
        this.rows = rows;
        this.failures = failures;
    }

    static TenantCursor open(Sessions sessions, Function<Handle, ResultIterator<TenantRow>> query) {
        Handle handle = sessions.openTransaction(DOING);
        try {
            return new TenantCursor(handle, query.apply(handle), sessions.failures());
        } catch (RuntimeException e) {
            giveBack(handle, e);
            throw sessions.failures().translate(DOING, e);
        }
    }

    @Override
    public boolean hasNext() {
        try {
            return rows.hasNext();
        } catch (RuntimeException e) {
            throw failures.translate(DOING, e);
        }
    }

    @Override
    public TenantRow next() {
        if (!hasNext()) {
            throw new NoSuchElementException("No more rows.");
        }
        try {
            return rows.next();
        } catch (RuntimeException e) {
            throw failures.translate(DOING, e);
        }
    }

    /** Nothing was written, so a connection that fails here hides no loss; the pool drops it. */
    @Override
    public void close() {
        if (handle.isClosed()) {
            return;
        }
        giveBack(handle, null);
    }

    private static void giveBack(Handle handle, @Nullable RuntimeException because) {
        try (handle) {
            handle.rollback();
        } catch (RuntimeException e) {
            if (because != null) {
                because.addSuppressed(e);
            }
        }
    }
}
