package io.opencrane.api.schedule;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.resource.ResourceMetadata;
import java.util.Objects;

/**
 * A recurring job of a tenant, as its custom resource (contract §2).
 *
 * @param metadata name, version and bookkeeping
 * @param spec what is wanted
 * @param status what was last observed; empty before anybody looked
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "spec", "status"})
public record Schedule(
        ResourceMetadata metadata,
        ScheduleSpec spec,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        ScheduleStatus status)
        implements Resource {
    /** Refuses a schedule without metadata or spec; an absent status is the empty one. */
    public Schedule {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(spec, "spec");
        status = Absent.or(status, ScheduleStatus.empty());
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.SCHEDULE;
    }

    /**
     * The same with another spec.
     *
     * @param changed the spec
     * @return a copy
     */
    public Schedule withSpec(ScheduleSpec changed) {
        return new Schedule(metadata, changed, status);
    }

    /**
     * The same with another status.
     *
     * @param changed the status
     * @return a copy
     */
    public Schedule withStatus(ScheduleStatus changed) {
        return new Schedule(metadata, spec, changed);
    }

    /**
     * The same with other metadata.
     *
     * @param changed the metadata
     * @return a copy
     */
    public Schedule withMetadata(ResourceMetadata changed) {
        return new Schedule(changed, spec, status);
    }
}
