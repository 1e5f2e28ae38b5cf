package io.opencrane.k8s.blueprint;

import io.opencrane.api.policy.McpServers;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant's pod is told of the policy in force for it. The network is not among it: that is the policy's own objects.
 *
 * @param name the policy's name; null for none
 * @param mcpServers what it says about MCP servers
 */
public record EffectivePolicy(@Nullable String name, McpServers mcpServers) {
    /** No policy. */
    public static final EffectivePolicy NONE = new EffectivePolicy(null, McpServers.NONE);
}
