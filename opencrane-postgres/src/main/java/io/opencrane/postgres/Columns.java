package io.opencrane.postgres;

import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/** Binds a list column by column: one parameter a column, however many rows. */
final class Columns<T> {
    private final Update update;
    private final List<T> rows;

    Columns(Update update, List<T> rows) {
        this.update = update;
        this.rows = rows;
    }

    void bind(String name, Function<T, @Nullable String> column) {
        @Nullable String[] values = new @Nullable String[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(rows.get(i));
        }
        update.bind(name, values);
    }
}
