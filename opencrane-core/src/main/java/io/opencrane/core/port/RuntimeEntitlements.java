package io.opencrane.core.port;

import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.Tenant;
import java.util.List;

/**
 * What a tenant's assistant may use beyond what its custom resource says; it ends up in the managed-runtime contract (contract §3) as
 * {@code mcp.servers} and {@code skills.entitled}. A host supplies it; without one both are empty. Called once a reconcile; must be
 * thread-safe, and a different answer rolls the tenant's pod.
 */
@FunctionalInterface
public interface RuntimeEntitlements {
    /** Nothing for anybody. */
    RuntimeEntitlements NONE = tenant -> new Entitled(List.of(), List.of());

    /**
     * What one tenant may use.
     *
     * @param tenant the tenant
     * @return its servers and skills
     */
    Entitled of(Tenant tenant);

    /**
     * What a tenant may use.
     *
     * @param mcpServers the MCP servers on offer; the tenant's {@code mcpPolicy} is applied to them afterwards
     * @param skills the names of the skills
     */
    record Entitled(List<McpServer> mcpServers, List<String> skills) {
        /** Copies the lists. */
        public Entitled {
            mcpServers = List.copyOf(mcpServers);
            skills = List.copyOf(skills);
        }
    }

    /**
     * One MCP server.
     *
     * @param name its name, which {@code mcpPolicy} allows and denies
     * @param attributes whatever else the runtime needs to know of it; no secret
     */
    record McpServer(String name, FreeForm attributes) {}
}
