package io.opencrane.api.projection;

import org.jspecify.annotations.Nullable;

/**
 * A field that the custom resource and its row disagree on.
 *
 * @param field the compared field's wire name
 * @param source what the custom resource says; null when absent
 * @param projection what the row says; null when absent
 */
public record FieldDifference(
        String field, @Nullable Object source, @Nullable Object projection) {}
