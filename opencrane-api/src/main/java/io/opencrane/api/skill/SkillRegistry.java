package io.opencrane.api.skill;

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
 * A source of skills, as its custom resource (contract §2).
 *
 * @param metadata name, version and bookkeeping
 * @param spec what is wanted
 * @param status what was last observed; empty before anybody looked
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "spec", "status"})
public record SkillRegistry(
        ResourceMetadata metadata,
        SkillRegistrySpec spec,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        SkillRegistryStatus status)
        implements Resource {
    /** Refuses a registry without metadata; an absent spec asks for nothing beyond the defaults, an absent status is the empty one. */
    public SkillRegistry {
        Objects.requireNonNull(metadata, "metadata");
        spec = Absent.or(spec, SkillRegistrySpec.builder().build());
        status = Absent.or(status, SkillRegistryStatus.empty());
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.SKILL_REGISTRY;
    }

    /**
     * The same with another spec.
     *
     * @param changed the spec
     * @return a copy
     */
    public SkillRegistry withSpec(SkillRegistrySpec changed) {
        return new SkillRegistry(metadata, changed, status);
    }

    /**
     * The same with another status.
     *
     * @param changed the status
     * @return a copy
     */
    public SkillRegistry withStatus(SkillRegistryStatus changed) {
        return new SkillRegistry(metadata, spec, changed);
    }

    /**
     * The same with other metadata.
     *
     * @param changed the metadata
     * @return a copy
     */
    public SkillRegistry withMetadata(ResourceMetadata changed) {
        return new SkillRegistry(changed, spec, status);
    }
}
