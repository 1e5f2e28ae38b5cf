package io.opencrane.testkit.projection;

import io.opencrane.core.port.RowCursor;
import io.opencrane.core.port.TenantRow;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** The rows as they were when it was opened, like a database's snapshot. */
final class ListCursor implements RowCursor<TenantRow> {
    private Iterator<TenantRow> left;

    ListCursor(List<TenantRow> rows) {
        left = rows.iterator();
    }

    @Override
    public boolean hasNext() {
        return left.hasNext();
    }

    @Override
    public TenantRow next() {
        return left.next();
    }

    @Override
    public void close() {
        left = Collections.emptyIterator();
    }
}
