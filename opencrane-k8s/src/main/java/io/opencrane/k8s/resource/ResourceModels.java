package io.opencrane.k8s.resource;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.mcp.McpServer;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.schedule.Schedule;
import io.opencrane.api.skill.SkillRegistry;
import io.opencrane.api.tenant.Tenant;
import java.util.Map;

/** Which model stands for which kind. */
final class ResourceModels {
    private static final Map<Class<? extends Resource>, ResourceKind> KINDS = Map.of(
            Tenant.class, ResourceKind.TENANT,
            ClusterTenant.class, ResourceKind.CLUSTER_TENANT,
            AccessPolicy.class, ResourceKind.ACCESS_POLICY,
            McpServer.class, ResourceKind.MCP_SERVER,
            Schedule.class, ResourceKind.SCHEDULE,
            SkillRegistry.class, ResourceKind.SKILL_REGISTRY);

    private ResourceModels() {}

    static ResourceKind kindOf(Class<? extends Resource> model) {
        ResourceKind kind = KINDS.get(model);
        if (kind == null) {
            throw new IllegalArgumentException(model.getName() + " is not the model of a custom resource.");
        }
        return kind;
    }
}
