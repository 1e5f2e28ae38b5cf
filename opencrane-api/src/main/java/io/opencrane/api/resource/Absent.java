package io.opencrane.api.resource;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the models read what the wire leaves out: absent text, lists and maps are empty, never null. For record constructors, which JSON
 * binding calls with null whatever the component's nullness says.
 */
public final class Absent {
    private Absent() {}

    /**
     * Absent text is empty.
     *
     * @param value a text or null
     * @return the text or {@code ""}
     */
    public static String asEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }

    /**
     * An absent list is empty.
     *
     * @param value a list or null
     * @param <T> its elements
     * @return an unmodifiable copy
     */
    public static <T> List<T> asEmpty(@Nullable List<T> value) {
        return value == null ? List.of() : List.copyOf(value);
    }

    /**
     * An absent map is empty; the order of entries is kept.
     *
     * @param value a map or null
     * @param <V> its values
     * @return an unmodifiable copy
     */
    public static <V> Map<String, V> asEmpty(@Nullable Map<String, V> value) {
        return value == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(value));
    }

    /**
     * A field with a default that the wire leaves out.
     *
     * @param value the value or null
     * @param otherwise the default
     * @param <T> its type
     * @return the value or the default
     */
    public static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
