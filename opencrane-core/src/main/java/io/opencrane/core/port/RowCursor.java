package io.opencrane.core.port;

import java.util.Iterator;

/**
 * Rows read one after another. Close it, also when it was read to the end. Not thread-safe.
 *
 * @param <T> the rows
 */
public interface RowCursor<T> extends Iterator<T>, AutoCloseable {
    @Override
    void close();
}
