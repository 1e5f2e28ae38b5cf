package io.opencrane.core.policy;

import io.opencrane.api.policy.McpServers;
import io.opencrane.api.tenant.McpPolicy;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The MCP servers that a tenant may use: those that its policy and its own {@code mcpPolicy} both allow and neither denies. Pure.
 *
 * @param allow the only ones, sorted; empty is none at all, null is no restriction
 * @param deny never these, sorted
 */
public record McpAccess(@Nullable List<String> allow, List<String> deny) {
    /**
     * Combines. An absent or empty list of allowed servers restricts nothing, as in both lists it comes from.
     *
     * @param policy what the policy in force says
     * @param tenant what the tenant says
     * @return the effective list
     */
    public static McpAccess of(McpServers policy, McpPolicy tenant) {
        SortedSet<String> denied = new TreeSet<>(policy.deny());
        denied.addAll(tenant.deny());
        return new McpAccess(allowed(policy.allow(), tenant.allow()), List.copyOf(denied));
    }

    private static @Nullable List<String> allowed(List<String> policy, List<String> tenant) {
        if (policy.isEmpty() && tenant.isEmpty()) {
            return null;
        }
        SortedSet<String> both = new TreeSet<>(policy.isEmpty() ? tenant : policy);
        if (!tenant.isEmpty()) {
            both.retainAll(tenant);
        }
        return List.copyOf(both);
    }

    /**
     * Whether a server may be used. Deny beats allow.
     *
     * @param server its name
     * @return true if it may
     */
    public boolean permits(String server) {
        return !deny.contains(server) && (allow == null || allow.contains(server));
    }
}
