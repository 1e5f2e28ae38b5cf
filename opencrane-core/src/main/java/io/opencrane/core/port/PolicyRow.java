package io.opencrane.core.port;

import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.ResourceKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code access_policies} (contract §6).
 *
 * @param id the policy
 * @param uid the uid of its custom resource
 * @param resourceVersion the version the row was made from
 * @param createdAt when the custom resource was created
 * @param description for people, or null
 * @param tenantSelector the tenants it is for
 * @param domains domain names allowed and denied
 * @param egressRules networks allowed
 * @param mcpServers MCP servers allowed and denied
 * @param updatedAt when the row was last written; null before it is
 */
public record PolicyRow(
        AccessPolicyId id,
        String uid,
        String resourceVersion,
        Instant createdAt,
        @Nullable String description,
        TenantSelector tenantSelector,
        Domains domains,
        List<EgressRule> egressRules,
        McpServers mcpServers,
        @Nullable Instant updatedAt)
        implements Row {
    /** Copies the rules. */
    public PolicyRow {
        egressRules = List.copyOf(egressRules);
    }

    @Override
    public ResourceKey key() {
        return id.key();
    }
}
