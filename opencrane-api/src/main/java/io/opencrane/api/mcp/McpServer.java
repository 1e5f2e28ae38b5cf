package io.opencrane.api.mcp;

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
 * A tool server behind the MCP gateway, as its custom resource (contract §2).
 *
 * @param metadata name, version and bookkeeping
 * @param spec what is wanted
 * @param status what was last observed; empty before anybody looked
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonPropertyOrder({"apiVersion", "kind", "metadata", "spec", "status"})
public record McpServer(
        ResourceMetadata metadata,
        McpServerSpec spec,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        McpServerStatus status)
        implements Resource {
    /** Refuses a server without metadata or spec; an absent status is the empty one. */
    public McpServer {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(spec, "spec");
        status = Absent.or(status, McpServerStatus.empty());
    }

    @Override
    public ResourceKind kind() {
        return ResourceKind.MCP_SERVER;
    }

    /**
     * The same with another spec.
     *
     * @param changed the spec
     * @return a copy
     */
    public McpServer withSpec(McpServerSpec changed) {
        return new McpServer(metadata, changed, status);
    }

    /**
     * The same with another status.
     *
     * @param changed the status
     * @return a copy
     */
    public McpServer withStatus(McpServerStatus changed) {
        return new McpServer(metadata, spec, changed);
    }

    /**
     * The same with other metadata.
     *
     * @param changed the metadata
     * @return a copy
     */
    public McpServer withMetadata(ResourceMetadata changed) {
        return new McpServer(changed, spec, status);
    }
}
