package io.opencrane.api.resource;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, in the byte order of {@code namespace/name}.
 *
 * @param items what is on the page
 * @param next hand this back to read on; null on the last page
 * @param source where the items were read
 * @param asOf when they were read
 * @param <T> the items
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(
        List<T> items,
        @Nullable String next,
        Source source,
        @JsonFormat(shape = JsonFormat.Shape.STRING) Instant asOf) {
    /** Copies the items. */
    public Page {
        items = List.copyOf(items);
    }

    /** Where a list was read. */
    public enum Source {
        /** The projection: fast, and as fresh as the last write or repair. */
        PROJECTION,
        /** The cluster: the truth. */
        CLUSTER
    }
}
