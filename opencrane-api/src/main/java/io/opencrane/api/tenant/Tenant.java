package io.opencrane.api.tenant;

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
 * One person's assistant, as its custom resource (contract §2).
 *
 * @param metadata name, version and bookkeeping
 * @param spec what is wanted
 * @param status what was last observed; empty before the first reconcile
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "spec", "status"})
public record Tenant(
        ResourceMetadata metadata,
        TenantSpec spec,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        TenantStatus status)
        implements Resource {
    /** Refuses a tenant without metadata or spec; an absent status is the empty one. */
    public Tenant {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(spec, "spec");
        status = Absent.or(status, TenantStatus.empty());
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.TENANT;
    }

    /**
     * Names this tenant.
     *
     * @return namespace and name
     */
    @JsonIgnore
    public TenantId id() {
        return new TenantId(metadata.namespace(), metadata.name());
    }

    /**
     * The same with another spec.
     *
     * @param changed the spec
     * @return a copy
     */
    public Tenant withSpec(TenantSpec changed) {
        return new Tenant(metadata, changed, status);
    }

    /**
     * The same with another status.
     *
     * @param changed the status
     * @return a copy
     */
    public Tenant withStatus(TenantStatus changed) {
        return new Tenant(metadata, spec, changed);
    }

    /**
     * The same with other metadata.
     *
     * @param changed the metadata
     * @return a copy
     */
    public Tenant withMetadata(ResourceMetadata changed) {
        return new Tenant(changed, spec, status);
    }
}
