package io.opencrane.api.resource;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

/** A custom resource of group {@value ResourceKind#GROUP}. Its JSON is the object as on the wire (contract §2). Immutable. */
public interface Resource {
    /**
     * The kind of this resource.
     *
     * @return the kind, also its {@code kind} on the wire
     */
    @JsonProperty(value = "kind", access = JsonProperty.Access.READ_ONLY, index = 1)
    ResourceKind kind();

    /**
     * The {@code apiVersion} on the wire.
     *
     * @return {@value ResourceKind#API_VERSION}
     */
    @JsonProperty(value = "apiVersion", access = JsonProperty.Access.READ_ONLY, index = 0)
    default String apiVersion() {
        return ResourceKind.API_VERSION;
    }

    /**
     * Name, version and bookkeeping.
     *
     * @return the metadata
     */
    ResourceMetadata metadata();

    /**
     * Names this object.
     *
     * @return kind, namespace and name
     */
    @JsonIgnore
    default ResourceKey key() {
        return new ResourceKey(kind(), metadata().namespace(), metadata().name());
    }
}
