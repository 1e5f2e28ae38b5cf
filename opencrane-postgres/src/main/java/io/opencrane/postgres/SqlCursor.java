package io.opencrane.postgres;

import io.opencrane.core.port.RowCursor;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

/** A server-side cursor: the driver fetches a few rows at a time. Owns its connection. */
final class SqlCursor<R> implements RowCursor<R> {
    private final String doing;
    private final Handle handle;
    private final ResultIterator<Optional<R>> rows;
    private final SqlFailures failures;
    private @Nullable R ahead;

    private SqlCursor(String doing, Handle handle, ResultIterator<Optional<R>> rows, SqlFailures failures) {
        this.doing = doing;
        this.handle = handle;
        this.rows = rows;
        this.failures = failures;
    }

    static <R> SqlCursor<R> open(String doing, Sessions sessions, Function<Handle, ResultIterator<Optional<R>>> query) {
        Handle handle = sessions.openTransaction(doing);
        try {
            return new SqlCursor<>(doing, handle, query.apply(handle), sessions.failures());
        } catch (RuntimeException e) {
            giveBack(handle, e);
            throw sessions.failures().translate(doing, e);
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
            throw failures.translate(doing, e);
        }
    }

    @Override
    public R next() {
        R row = hasNext() ? ahead : null;
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
