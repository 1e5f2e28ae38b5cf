package io.opencrane.api.policy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import java.util.List;

/**
 * MCP servers by name; deny beats allow.
 *
 * @param allow the only ones allowed; empty is no restriction
 * @param deny never allowed
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record McpServers(List<String> allow, List<String> deny) implements MaybeEmpty {
    /** No restriction. */
    public static final McpServers NONE = new McpServers(List.of(), List.of());

    /** Copies the lists; what is absent becomes empty. */
    public McpServers {
        allow = Absent.asEmpty(allow);
        deny = Absent.asEmpty(deny);
    }

    @Override
    public boolean isEmpty() {
        return allow.isEmpty() && deny.isEmpty();
    }
}
