package io.opencrane.api.resource;

import com.fasterxml.jackson.annotation.JsonIgnore;
import org.jspecify.annotations.Nullable;

/** A JSON object of the contract that is left out on the wire when it holds nothing. */
public interface MaybeEmpty {
    /**
     * Whether it holds nothing.
     *
     * @return true when it is left out on the wire
     */
    @JsonIgnore
    boolean isEmpty();

    /** The filter for {@code @JsonInclude(CUSTOM)}: Jackson leaves out what this equals. */
    final class Omitted {
        /** For Jackson. */
        public Omitted() {}

        @Override
        public boolean equals(@Nullable Object other) {
            return other == null || other instanceof MaybeEmpty value && value.isEmpty();
        }

        @Override
        public int hashCode() {
            return 0;
        }
    }
}
