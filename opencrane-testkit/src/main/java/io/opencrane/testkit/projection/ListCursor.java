package io.opencrane.testkit.projection;

import io.opencrane.core.port.RowCursor;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** The rows as they were when it was opened, like a database's snapshot. */
final class ListCursor<R> implements RowCursor<R> {
    private Iterator<R> left;

    ListCursor(List<R> rows) {
        left = rows.iterator();
    }

    @Override
    public boolean hasNext() {
        return left.hasNext();
    }

    @Override
    public R next() {
        return left.next();
    }

    @Override
    public void close() {
        left = Collections.emptyIterator();
    }
}
