package io.opencrane.api.schedule;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.MaybeEmpty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was last observed of a schedule (contract §2).
 *
 * @param phase where it stands, or null; the contract leaves the words open
 * @param nextRunAt when it runs next, or null
 * @param lastRunAt when it last ran, or null
 * @param lastReconciled when this content was first observed; it moves only when another field does
 * @param message one sentence for people, or null; never holds a secret
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ScheduleStatus(
        @Nullable String phase,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant nextRunAt,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant lastRunAt,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant lastReconciled,

        @Nullable String message)
        implements MaybeEmpty {
    private static final ScheduleStatus EMPTY = new ScheduleStatus(null, null, null, null, null);

    /**
     * The status before anybody looked.
     *
     * @return an empty status
     */
    public static ScheduleStatus empty() {
        return EMPTY;
    }

    @Override
    public boolean isEmpty() {
        return equals(EMPTY);
    }

    /**
     * Starts from this one.
     *
     * @return a builder with every field of this one
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Builds a status. Passing null clears a field. Not thread-safe. */
    public static final class Builder {
        private @Nullable String phase;
        private @Nullable Instant nextRunAt;
        private @Nullable Instant lastRunAt;
        private @Nullable Instant lastReconciled;
        private @Nullable String message;

        private Builder(ScheduleStatus start) {
            phase = start.phase;
            nextRunAt = start.nextRunAt;
            lastRunAt = start.lastRunAt;
            lastReconciled = start.lastReconciled;
            message = start.message;
        }

        /**
         * Sets phase.
         *
         * @param value where it stands, or null; the contract leaves the words open
         * @return this builder
         */
        public Builder phase(@Nullable String value) {
            phase = value;
            return this;
        }

        /**
         * Sets nextRunAt.
         *
         * @param value when it runs next, or null
         * @return this builder
         */
        public Builder nextRunAt(@Nullable Instant value) {
            nextRunAt = value;
            return this;
        }

        /**
         * Sets lastRunAt.
         *
         * @param value when it last ran, or null
         * @return this builder
         */
        public Builder lastRunAt(@Nullable Instant value) {
            lastRunAt = value;
            return this;
        }

        /**
         * Sets lastReconciled.
         *
         * @param value when this content was first observed; it moves only when another field does
         * @return this builder
         */
        public Builder lastReconciled(@Nullable Instant value) {
            lastReconciled = value;
            return this;
        }

        /**
         * Sets message.
         *
         * @param value one sentence for people, or null; never holds a secret
         * @return this builder
         */
        public Builder message(@Nullable String value) {
            message = value;
            return this;
        }

        /**
         * The status as set.
         *
         * @return a status
         */
        public ScheduleStatus build() {
            return new ScheduleStatus(phase, nextRunAt, lastRunAt, lastReconciled, message);
        }
    }
}
