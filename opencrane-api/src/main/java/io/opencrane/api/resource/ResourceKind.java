package io.opencrane.api.resource;

import com.fasterxml.jackson.annotation.JsonValue;

/** The six custom resources of the group {@value #GROUP} (contract §2). */
public enum ResourceKind {
    /** One person's assistant; namespaced. */
    TENANT("Tenant", "tenants", Reach.NAMESPACED),
    /** One customer, the isolation unit; cluster-scoped. */
    CLUSTER_TENANT("ClusterTenant", "clustertenants", Reach.CLUSTER),
    /** What tenants may reach; namespaced. */
    ACCESS_POLICY("AccessPolicy", "accesspolicies", Reach.NAMESPACED),
    /** A tool server behind the MCP gateway; namespaced. */
    MCP_SERVER("MCPServer", "mcpservers", Reach.NAMESPACED),
    /** A recurring job of a tenant; namespaced. */
    SCHEDULE("Schedule", "schedules", Reach.NAMESPACED),
    /** A source of skills; namespaced. */
    SKILL_REGISTRY("SkillRegistry", "skillregistries", Reach.NAMESPACED);

    /** The API group of all kinds. */
    public static final String GROUP = "opencrane.io";

    /** The served and stored version of all kinds. */
    public static final String VERSION = "v1alpha1";

    /** {@code group/version}, as {@code apiVersion} carries it. */
    public static final String API_VERSION = GROUP + "/" + VERSION;

    private enum Reach {
        NAMESPACED,
        CLUSTER
    }

    private final String kind;
    private final String plural;
    private final Reach reach;

    ResourceKind(String kind, String plural, Reach reach) {
        this.kind = kind;
        this.plural = plural;
        this.reach = reach;
    }

    /**
     * The kind as on the wire, for example {@code AccessPolicy}.
     *
     * @return the kind
     */
    @JsonValue
    public String kind() {
        return kind;
    }

    /**
     * The plural used in URLs and RBAC rules, for example {@code accesspolicies}.
     *
     * @return the plural
     */
    public String plural() {
        return plural;
    }

    /**
     * Whether objects of this kind live in a namespace.
     *
     * @return false for {@link #CLUSTER_TENANT}
     */
    public boolean isNamespaced() {
        return reach == Reach.NAMESPACED;
    }
}
