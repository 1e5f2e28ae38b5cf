package io.opencrane.api.tenant;

import com.fasterxml.jackson.annotation.JsonValue;

/** The fields of a tenant's spec (contract §2). */
public enum TenantField {
    /** {@code displayName}, required. */
    DISPLAY_NAME("displayName"),
    /** {@code email}, required. */
    EMAIL("email"),
    /** {@code team}. */
    TEAM("team"),
    /** {@code openclawImage}. */
    OPENCLAW_IMAGE("openclawImage"),
    /** {@code openclawVersion}. */
    OPENCLAW_VERSION("openclawVersion"),
    /** {@code monthlyBudgetUsd}. */
    MONTHLY_BUDGET_USD("monthlyBudgetUsd"),
    /** {@code resources}. */
    RESOURCES("resources"),
    /** {@code skillAllowlist}. */
    SKILL_ALLOWLIST("skillAllowlist"),
    /** {@code mcpPolicy}. */
    MCP_POLICY("mcpPolicy"),
    /** {@code channels}. */
    CHANNELS("channels"),
    /** {@code configOverrides}. */
    CONFIG_OVERRIDES("configOverrides"),
    /** {@code policyRef}. */
    POLICY_REF("policyRef"),
    /** {@code clusterTenantRef}. */
    CLUSTER_TENANT_REF("clusterTenantRef"),
    /** {@code suspended}. */
    SUSPENDED("suspended");

    private final String wireName;

    TenantField(String wireName) {
        this.wireName = wireName;
    }

    /**
     * The field's name on the wire.
     *
     * @return for example {@code monthlyBudgetUsd}
     */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /**
     * Whether every tenant must have it.
     *
     * @return true for {@link #DISPLAY_NAME} and {@link #EMAIL}
     */
    public boolean isRequired() {
        return this == DISPLAY_NAME || this == EMAIL;
    }
}
