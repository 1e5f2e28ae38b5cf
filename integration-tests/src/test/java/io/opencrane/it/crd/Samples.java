package io.opencrane.it.crd;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.ClusterTenantResources;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.Compute;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.mcp.McpGateway;
import io.opencrane.api.mcp.McpServer;
import io.opencrane.api.mcp.McpServerSpec;
import io.opencrane.api.mcp.McpServerStatus;
import io.opencrane.api.mcp.McpTransport;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.schedule.Schedule;
import io.opencrane.api.schedule.ScheduleSpec;
import io.opencrane.api.schedule.ScheduleStatus;
import io.opencrane.api.skill.SkillBackend;
import io.opencrane.api.skill.SkillBackendType;
import io.opencrane.api.skill.SkillCatalog;
import io.opencrane.api.skill.SkillRegistry;
import io.opencrane.api.skill.SkillRegistrySpec;
import io.opencrane.api.skill.SkillRegistryStatus;
import io.opencrane.api.skill.SkillSync;
import io.opencrane.api.tenant.Channel;
import io.opencrane.api.tenant.McpPolicy;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.PolicyResolutionSource;
import io.opencrane.api.tenant.PolicyResolutionState;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One resource of each kind with every field of spec and status set to something that is not its default. */
final class Samples {
    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05Z");
    private static final List<Condition> CONDITIONS = List.of(
            new Condition("Ready", Condition.Status.TRUE, "AllGood", "fine", 3, THEN),
            new Condition("DomainsEnforced", Condition.Status.FALSE, "DenyNotExpressible", "why", 2, THEN));

    private Samples() {}

    static Resource full(ResourceKind kind, String name) {
        ResourceMetadata metadata = ResourceMetadata.of(kind.isNamespaced() ? Crds.NAMESPACE : "", name);
        return switch (kind) {
            case TENANT -> tenant(metadata);
            case CLUSTER_TENANT -> clusterTenant(metadata);
            case ACCESS_POLICY -> accessPolicy(metadata);
            case MCP_SERVER ->
                new McpServer(
                        metadata,
                        new McpServerSpec(
                                "tools",
                                "https://tools.example.com",
                                McpTransport.STREAMABLE_HTTP,
                                List.of("read"),
                                new McpGateway(false, "other", 5),
                                "tools-creds"),
                        new McpServerStatus("Ready", THEN, "fine"));
            case SCHEDULE ->
                new Schedule(
                        metadata,
                        new ScheduleSpec(
                                "weekly",
                                "acme",
                                "0 9 * * 1",
                                "Europe/Amsterdam",
                                false,
                                FreeForm.of(Map.of(
                                        "prompt", "report", "args", Arrays.asList(1, null, Map.of("deep", 1.5))))),
                        new ScheduleStatus("Active", THEN, THEN, THEN, "fine"));
            case SKILL_REGISTRY ->
                new SkillRegistry(
                        metadata,
                        new SkillRegistrySpec(
                                "skills",
                                "https://skills.example.com",
                                new SkillBackend(SkillBackendType.FILESYSTEM, "/skills"),
                                new SkillCatalog(false, "other"),
                                new SkillSync(true, 60, "upstream")),
                        new SkillRegistryStatus("Ready", THEN, "fine"));
        };
    }

    private static Tenant tenant(ResourceMetadata metadata) {
        TenantSpec spec = TenantSpec.builder("ACME", "owner@acme.com")
                .team("eng")
                .openclawImage("ghcr.io/x:1")
                .openclawVersion("1.2")
                .monthlyBudgetUsd("200.50")
                .resources(Quantity.parse("1000m"), Quantity.parse("1Gi"))
                .skillAllowlist(List.of("a", "b"))
                .mcpPolicy(new McpPolicy(List.of("x"), List.of("y")))
                .channels(List.of(new Channel("slack", FreeForm.of(Map.of("retry", Arrays.asList(1, null))), "creds")))
                .configOverrides(FreeForm.of(Map.of("gateway", Map.of("port", 1), "n", Arrays.asList("a", null))))
                .policyRef("strict")
                .clusterTenantRef("big")
                .build();
        TenantStatus status = new TenantStatus(
                TenantPhase.RUNNING,
                "openclaw-acme-0",
                "acme.example.com",
                "fine",
                THEN,
                "strict",
                PolicyResolutionSource.POLICY_REF,
                PolicyResolutionState.RESOLVED,
                3,
                CONDITIONS,
                new Placement("big", "opencrane-big"),
                "1767323045",
                "1.2");
        return new Tenant(metadata, spec, status);
    }

    private static ClusterTenant clusterTenant(ResourceMetadata metadata) {
        Quota quota = new Quota(Quantity.parse("8"), Quantity.parse("32Gi"), Quantity.parse("1Ti"), 50L, 2L);
        return new ClusterTenant(
                metadata,
                new ClusterTenantSpec(
                        "Big",
                        "big.example.com",
                        IsolationTier.DEDICATED_NODES,
                        Compute.dedicated("big-pool"),
                        new ClusterTenantResources(quota)),
                new ClusterTenantStatus(
                        ClusterTenantPhase.READY,
                        "fine",
                        "opencrane-big",
                        "native",
                        THEN,
                        CONDITIONS,
                        3,
                        new SecretKeyRef("opencrane", "big-kubeconfig", "value"),
                        THEN,
                        "op-1"));
    }

    private static AccessPolicy accessPolicy(ResourceMetadata metadata) {
        return new AccessPolicy(
                metadata,
                new AccessPolicySpec(
                        "strict",
                        new TenantSelector(Map.of("opencrane.io/tenant", "acme"), "eng"),
                        new Domains(List.of("*.example.org"), List.of("bad.example.org"), false),
                        List.of(new EgressRule("192.0.2.0/24", List.of(53, 5353), EgressRule.Protocol.UDP)),
                        new McpServers(List.of("a"), List.of("b"))),
                new AccessPolicyStatus(THEN, CONDITIONS, 3, List.of(new Placement("big", "opencrane-big"))));
    }

    /** The resource as a request carries it. */
    static GenericKubernetesResource object(KubernetesClient client, Resource resource) {
        String json = client.getKubernetesSerialization().asJson(resource);
        return client.getKubernetesSerialization().unmarshal(json, GenericKubernetesResource.class);
    }

    /** The resource as an answer carries it. */
    static Resource model(KubernetesClient client, ResourceKind kind, GenericKubernetesResource live) {
        String json = client.getKubernetesSerialization().asJson(live);
        return client.getKubernetesSerialization().unmarshal(json, type(kind));
    }

    private static Class<? extends Resource> type(ResourceKind kind) {
        return switch (kind) {
            case TENANT -> Tenant.class;
            case CLUSTER_TENANT -> ClusterTenant.class;
            case ACCESS_POLICY -> AccessPolicy.class;
            case MCP_SERVER -> McpServer.class;
            case SCHEDULE -> Schedule.class;
            case SKILL_REGISTRY -> SkillRegistry.class;
        };
    }
}
