package io.opencrane.api.clustertenant;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.resource.ResourceMetadata;
import java.util.Objects;

/**
 * One customer, the isolation unit, as its cluster-scoped custom resource (contract §2).
 *
 * @param metadata name, version and bookkeeping
 * @param spec what is wanted
 * @param status what was last observed; empty before anybody looked
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "spec", "status"})
public record ClusterTenant(
        ResourceMetadata metadata,
        ClusterTenantSpec spec,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        ClusterTenantStatus status)
        implements Resource {
    /** Refuses a cluster tenant without metadata or spec; an absent status is the empty one. */
    public ClusterTenant {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(spec, "spec");
        status = Absent.or(status, ClusterTenantStatus.empty());
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.CLUSTER_TENANT;
    }

    /**
     * Names this cluster tenant; a namespace in the metadata, which only a careless reader could have put there, does not count.
     *
     * @return the kind and the name; the namespace is empty
     */
    @Override
    @JsonIgnore
    public ResourceKey key() {
        return new ResourceKey(kind(), "", metadata.name());
    }

    /**
     * The same with another spec.
     *
     * @param changed the spec
     * @return a copy
     */
    public ClusterTenant withSpec(ClusterTenantSpec changed) {
        return new ClusterTenant(metadata, changed, status);
    }

    /**
     * The same with another status.
     *
     * @param changed the status
     * @return a copy
     */
    public ClusterTenant withStatus(ClusterTenantStatus changed) {
        return new ClusterTenant(metadata, spec, changed);
    }

    /**
     * The same with other metadata.
     *
     * @param changed the metadata
     * @return a copy
     */
    public ClusterTenant withMetadata(ResourceMetadata changed) {
        return new ClusterTenant(changed, spec, status);
    }
}
