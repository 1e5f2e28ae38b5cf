package io.opencrane.postgres;

import io.opencrane.core.port.RowCursor;
import io.opencrane.core.port.TenantRow;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

/** A server-side cursor: the driver fetches a few rows at a time. Owns its connection. */
final class TenantCursor implements RowCursor<TenantRow> {
    private static final String DOING = "read all tenants";

    private final Handle handle;
    private final ResultIterator<Optional<TenantRow>> rows;
    private final SqlFailures failures;
    private @Nullable TenantRow ahead;

    private TenantCursor(Handle handle, ResultIterator<Optional<TenantRow>> rows, SqlFailures failures) {
        this.handle = handle;
        this.rows = rows;
        this.failures = failures;
    }

    static TenantCursor open(Sessions sessions, Function<Handle, ResultIterator<Optional<TenantRow>>> query) {
        Handle handle = sessions.openTransaction(DOING);
        try {
            return new TenantCursor(handle, query.apply(handle), sessions.failures());
        } catch (RuntimeException e) {
            giveBack(handle, e);
            throw sessions.failures().translate(DOING, e);
        }
    }

    /** Passes over damaged rows. */
    @Override
    public boolean hasNext() {
        try {
            while (ahead == null && rows.hasNext()) {
                ahead = rows.next().orElse(null);
            }
            return ahead != null;
        } catch (RuntimeException e) {
            throw failures.translate(DOING, e);
        }
    }

    @Override
    public TenantRow next() {
        TenantRow row = hasNext() ? ahead : null;
        if (row == null) {
            throw new NoSuchElementException("No more rows.");
        }
        ahead = null;
        return row;
    }

    /** Nothing was written, so a connection that fails here hides no loss; the pool drops it. */
    @Override
    public void close() {
        ahead = null;
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
