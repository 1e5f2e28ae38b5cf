package io.opencrane.api.clustertenant;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.MaybeEmpty;
import io.opencrane.api.resource.Quantity;
import org.jspecify.annotations.Nullable;

/**
 * Limits on the sum over a customer's namespace; only the given dimensions are limited.
 *
 * @param cpu cores requested, or null for no limit
 * @param memory bytes requested, or null for no limit
 * @param storage bytes of volumes requested, or null for no limit
 * @param pods pods, at least 0, or null for no limit
 * @param gpu NVIDIA GPUs requested, at least 0, or null for no limit
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Quota(
        @Nullable Quantity cpu,
        @Nullable Quantity memory,
        @Nullable Quantity storage,
        @Nullable Long pods,
        @Nullable Long gpu)
        implements MaybeEmpty {
    /** No limits. */
    public static final Quota NONE = new Quota(null, null, null, null, null);

    @Override
    public boolean isEmpty() {
        return equals(NONE);
    }

    /**
     * Starts one with everything at its default.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder(new Quota(null, null, null, null, null));
    }

    /**
     * Starts from this one.
     *
     * @return a builder with every field of this one
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Builds a quota. Passing null clears a field. Not thread-safe. */
    public static final class Builder {
        private @Nullable Quantity cpu;
        private @Nullable Quantity memory;
        private @Nullable Quantity storage;
        private @Nullable Long pods;
        private @Nullable Long gpu;

        private Builder(Quota start) {
            cpu = start.cpu;
            memory = start.memory;
            storage = start.storage;
            pods = start.pods;
            gpu = start.gpu;
        }

        /**
         * Sets cpu.
         *
         * @param value cores requested, or null for no limit
         * @return this builder
         */
        public Builder cpu(@Nullable Quantity value) {
            cpu = value;
            return this;
        }

        /**
         * Sets memory.
         *
         * @param value bytes requested, or null for no limit
         * @return this builder
         */
        public Builder memory(@Nullable Quantity value) {
            memory = value;
            return this;
        }

        /**
         * Sets storage.
         *
         * @param value bytes of volumes requested, or null for no limit
         * @return this builder
         */
        public Builder storage(@Nullable Quantity value) {
            storage = value;
            return this;
        }

        /**
         * Sets pods.
         *
         * @param value pods, at least 0, or null for no limit
         * @return this builder
         */
        public Builder pods(@Nullable Long value) {
            pods = value;
            return this;
        }

        /**
         * Sets gpu.
         *
         * @param value NVIDIA GPUs requested, at least 0, or null for no limit
         * @return this builder
         */
        public Builder gpu(@Nullable Long value) {
            gpu = value;
            return this;
        }

        /**
         * The quota as set.
         *
         * @return a quota
         */
        public Quota build() {
            return new Quota(cpu, memory, storage, pods, gpu);
        }
    }
}
