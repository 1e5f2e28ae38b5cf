package io.opencrane.testkit.projection;

import static io.opencrane.testkit.projection.ProjectionCases.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.Page;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.Row;
import io.opencrane.core.port.RowCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** The part of {@link ProjectionStoreTck} about lists and streams of rows of any kind. */
abstract class RowListCases<I, R extends Row, Q> extends RowBulkCases<I, R, Q> {
    RowListCases(ProjectionCases context) {
        super(context);
    }

    /** In neither of the orders that a store could come upon by itself. */
    private void writeFive() {
        for (String key : List.of("a-b/x", "b/y", "a/z", "a/B", "a/a")) {
            write(draft(key.substring(0, key.indexOf('/')), key.substring(key.indexOf('/') + 1)));
        }
    }

    private static String keyOf(Row row) {
        return row.key().namespace() + "/" + row.key().name();
    }

    final List<String> keysOf(Iterable<R> rows) {
        List<String> keys = new ArrayList<>();
        rows.forEach(row -> keys.add(keyOf(row)));
        return keys;
    }

    private List<String> streamed(String... namespaces) {
        try (RowCursor<R> cursor = rows().stream(List.of(namespaces))) {
            return keysOf(() -> cursor);
        }
    }

    final List<String> listed(Q query, String... namespaces) {
        return keysOf(rows().list(query, List.of(namespaces)).items());
    }

    @Test
    void anUnknownNameHasNoRow() {
        assertThat(find(acme().build())).isEmpty();
        assertThat(listed(query(null, 100, null))).isEmpty();
        assertThat(streamed()).isEmpty();
    }

    @Test
    void listsAndStreamsAreInTheByteOrderOfNamespaceAndName() {
        writeFive();

        assertThat(listed(query(null, 100, null))).containsExactly("a-b/x", "a/B", "a/a", "a/z", "b/y");
        assertThat(streamed()).containsExactly("a-b/x", "a/B", "a/a", "a/z", "b/y");
    }

    @Test
    void pagesFollowOneAnotherWithoutGapOrOverlap() {
        writeFive();
        List<List<String>> pages = new ArrayList<>();
        String next = null;
        do {
            Page<R> page = rows().list(query(null, 2, next), List.of());
            pages.add(keysOf(page.items()));
            next = page.next();
        } while (next != null);

        assertThat(pages).containsExactly(List.of("a-b/x", "a/B"), List.of("a/a", "a/z"), List.of("b/y"));
    }

    @Test
    void aPageThatEndsWithTheLastRowHasNoNext() {
        writeFive();

        assertThat(rows().list(query(null, 5, null), List.of()).next()).isNull();
    }

    @Test
    void pagesGoOnWhereTheyStoppedAlsoIfThatRowIsGone() {
        writeFive();

        assertThat(listed(query(null, 100, "a/C"))).containsExactly("a/a", "a/z", "b/y");
    }

    @Test
    void aPageSaysWhereAndWhenItWasRead() {
        Page<R> page = rows().list(query(null, 100, null), List.of());

        assertThat(page.source()).isEqualTo(Page.Source.PROJECTION);
        assertThat(page.asOf()).isEqualTo(NOW);
        assertThat(page.items()).isEmpty();
    }

    @Test
    void theScopeHoldsBesideTheFilters() {
        writeFive();

        assertThat(listed(query(null, 100, null), "a-b", "b")).containsExactly("a-b/x", "b/y");
        assertThat(listed(query("a", 100, null), "b")).isEmpty();
        assertThat(streamed("a")).containsExactly("a/B", "a/a", "a/z");
        assertThat(streamed("nowhere")).isEmpty();
    }

    @Test
    void aStreamShowsTheRowsAsTheyWereWhenItWasOpened() {
        writeFive();
        try (RowCursor<R> cursor = rows().stream(List.of())) {
            assertThat(keyOf(cursor.next())).isEqualTo("a-b/x");
            write(draft("b", "z"));
            rows().remove(id("a", "z"), "uid-1", audit("row.delete"));
            assertThat(keysOf(() -> cursor)).containsExactly("a/B", "a/a", "a/z", "b/y");
        }
    }

    @Test
    void aStreamEndsAndClosesAsOftenAsOneLikes() {
        write(acme());
        RowCursor<R> cursor = rows().stream(List.of());
        cursor.next();

        assertThat(cursor.hasNext()).isFalse();
        assertThatThrownBy(cursor::next).isInstanceOf(NoSuchElementException.class);
        cursor.close();
        cursor.close();
        assertThat(cursor.hasNext()).isFalse();
    }

    @Test
    void aStreamClosedHalfWayGivesBackWhatItHeld() {
        writeFive();
        for (int i = 0; i < 40; i++) {
            try (RowCursor<R> cursor = rows().stream(List.of())) {
                cursor.next();
            }
        }

        assertThat(write(acme())).isEqualTo(ProjectionStore.Written.YES);
    }

    @Test
    void namesAndFiltersThatNoRowCanHaveAreRefused() {
        I impossible = id("a", "x\u0000");

        assertThatThrownBy(() -> rows().find(impossible)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> rows().remove(impossible, "uid", audit("x"))).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> listed(query("\u0000", 1, null)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("namespace");
        assertThatThrownBy(() -> listed(query(null, 1, "\ud83d")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("after");
    }
}
