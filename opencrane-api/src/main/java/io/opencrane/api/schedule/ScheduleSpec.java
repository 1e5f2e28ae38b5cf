package io.opencrane.api.schedule;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.MaybeEmpty;
import org.jspecify.annotations.Nullable;

/**
 * What runs when, for whom (contract §2). Holds whatever the server holds.
 *
 * @param description for people, or null
 * @param tenantRef the tenant, in the schedule's own namespace
 * @param cron when, in cron notation
 * @param timeZone the IANA time zone of {@code cron}, or null for the host's default
 * @param enabled whether it runs; true when absent
 * @param job what runs; the contract leaves its shape open
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ScheduleSpec(
        @Nullable String description,
        String tenantRef,
        String cron,
        @Nullable String timeZone,
        boolean enabled,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        FreeForm job) {
    /** What is absent becomes empty. */
    public ScheduleSpec {
        tenantRef = Absent.asEmpty(tenantRef);
        cron = Absent.asEmpty(cron);
        job = Absent.or(job, FreeForm.empty());
    }

    @JsonCreator
    static ScheduleSpec read(
            @JsonProperty("description") @Nullable String description,
            @JsonProperty("tenantRef") @Nullable String tenantRef,
            @JsonProperty("cron") @Nullable String cron,
            @JsonProperty("timeZone") @Nullable String timeZone,
            @JsonProperty("enabled") @Nullable Boolean enabled,
            @JsonProperty("job") @Nullable FreeForm job) {
        return new ScheduleSpec(
                description,
                Absent.asEmpty(tenantRef),
                Absent.asEmpty(cron),
                timeZone,
                Absent.or(enabled, true),
                Absent.or(job, FreeForm.empty()));
    }

    /**
     * Starts one with what is required; everything else is at its default.
     *
     * @param cron when, in cron notation
     * @param tenantRef the tenant, in the schedule's own namespace
     * @return a builder
     */
    public static Builder builder(String cron, String tenantRef) {
        return new Builder(new ScheduleSpec(null, tenantRef, cron, null, true, FreeForm.empty()));
    }

    /**
     * Starts from this one.
     *
     * @return a builder with every field of this one
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Builds a spec. Passing null clears a field. Not thread-safe. */
    public static final class Builder {
        private @Nullable String description;
        private String tenantRef;
        private String cron;
        private @Nullable String timeZone;
        private boolean enabled;
        private FreeForm job;

        private Builder(ScheduleSpec start) {
            description = start.description;
            tenantRef = start.tenantRef;
            cron = start.cron;
            timeZone = start.timeZone;
            enabled = start.enabled;
            job = start.job;
        }

        /**
         * Sets description.
         *
         * @param value for people, or null
         * @return this builder
         */
        public Builder description(@Nullable String value) {
            description = value;
            return this;
        }

        /**
         * Sets tenantRef.
         *
         * @param value the tenant, in the schedule's own namespace
         * @return this builder
         */
        public Builder tenantRef(String value) {
            tenantRef = value;
            return this;
        }

        /**
         * Sets cron.
         *
         * @param value when, in cron notation
         * @return this builder
         */
        public Builder cron(String value) {
            cron = value;
            return this;
        }

        /**
         * Sets timeZone.
         *
         * @param value the IANA time zone of {@code cron}, or null for the host's default
         * @return this builder
         */
        public Builder timeZone(@Nullable String value) {
            timeZone = value;
            return this;
        }

        /**
         * Sets enabled.
         *
         * @param value whether it runs; true when absent
         * @return this builder
         */
        public Builder enabled(boolean value) {
            enabled = value;
            return this;
        }

        /**
         * Sets job.
         *
         * @param value what runs; the contract leaves its shape open
         * @return this builder
         */
        public Builder job(FreeForm value) {
            job = value;
            return this;
        }

        /**
         * The spec as set.
         *
         * @return a spec
         */
        public ScheduleSpec build() {
            return new ScheduleSpec(description, tenantRef, cron, timeZone, enabled, job);
        }
    }
}
