package io.opencrane.api.policy;

import com.fasterxml.jackson.annotation.JsonIgnore;
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
 * What tenants may reach, as its custom resource (contract §2).
 *
 * @param metadata name, version and bookkeeping
 * @param spec what is wanted
 * @param status what was last observed; empty before anybody looked
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "spec", "status"})
public record AccessPolicy(
        ResourceMetadata metadata,
        AccessPolicySpec spec,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        AccessPolicyStatus status)
        implements Resource {
    /** Refuses a policy without metadata; an absent spec asks for nothing beyond the defaults, an absent status is the empty one. */
    public AccessPolicy {
        Objects.requireNonNull(metadata, "metadata");
        spec = Absent.or(spec, AccessPolicySpec.builder().build());
        status = Absent.or(status, AccessPolicyStatus.empty());
    }

    /**
     * Names this policy.
     *
     * @return namespace and name
     */
    @JsonIgnore
    public AccessPolicyId id() {
        return new AccessPolicyId(metadata.namespace(), metadata.name());
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.ACCESS_POLICY;
    }

    /**
     * The same with another spec.
     *
     * @param changed the spec
     * @return a copy
     */
    public AccessPolicy withSpec(AccessPolicySpec changed) {
        return new AccessPolicy(metadata, changed, status);
    }

    /**
     * The same with another status.
     *
     * @param changed the status
     * @return a copy
     */
    public AccessPolicy withStatus(AccessPolicyStatus changed) {
        return new AccessPolicy(metadata, spec, changed);
    }

    /**
     * The same with other metadata.
     *
     * @param changed the metadata
     * @return a copy
     */
    public AccessPolicy withMetadata(ResourceMetadata changed) {
        return new AccessPolicy(changed, spec, status);
    }
}
