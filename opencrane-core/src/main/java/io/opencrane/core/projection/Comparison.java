package io.opencrane.core.projection;

import io.opencrane.api.projection.FieldDifference;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares the fields of a custom resource with those of its row (DECISIONS 37). Pure.
 *
 * @param <S> the custom resource
 * @param <W> the row
 */
interface Comparison<S, W> {
    /** The wire names of the fields compared, in the order of a report. */
    List<String> fields();

    /** The usual answer, without making anything: this runs once for each object of a fleet. */
    boolean isSame(S source, W row);

    /** The fields that differ, in the order of {@link #fields}; asked only if something does. */
    List<FieldDifference> differences(S source, W row);

    /** Adds a field if it differs; null is absent. */
    static void add(List<FieldDifference> found, String field, @Nullable Object source, @Nullable Object projection) {
        if (!Objects.equals(source, projection)) {
            found.add(new FieldDifference(field, source, projection));
        }
    }

    /** An empty text is none. */
    static @Nullable String absent(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** Whether two texts say the same; an empty one is none. */
    static boolean sameText(@Nullable String a, @Nullable String b) {
        return Objects.equals(a, b) || Objects.equals(absent(a), absent(b));
    }
}
