package io.opencrane.api.tenant;

import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.Quantity;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The named, optional parts of a tenant's spec, shared by the builders that set them. A field is set by naming it and stays as it is
 * otherwise. Not thread-safe; build once, share the value.
 *
 * @param <B> the builder itself
 */
public abstract class TenantFields<B extends TenantFields<B>> {
    final Map<TenantField, Object> values = new EnumMap<>(TenantField.class);

    TenantFields() {}

    abstract B self();

    final B set(TenantField field, Object value) {
        values.put(field, value);
        return self();
    }

    /**
     * The name people see.
     *
     * @param displayName at least one character
     * @return this builder
     */
    public B displayName(String displayName) {
        return set(TenantField.DISPLAY_NAME, displayName);
    }

    /**
     * The owner's address.
     *
     * @param email one {@code @}, no spaces
     * @return this builder
     */
    public B email(String email) {
        return set(TenantField.EMAIL, email);
    }

    /**
     * The team, which policies may select by.
     *
     * @param team a label value
     * @return this builder
     */
    public B team(String team) {
        return set(TenantField.TEAM, team);
    }

    /**
     * Another image than the configured default.
     *
     * @param image an image reference without tag
     * @return this builder
     */
    public B openclawImage(String image) {
        return set(TenantField.OPENCLAW_IMAGE, image);
    }

    /**
     * The version to run.
     *
     * @param version an image tag; unset means {@code latest}
     * @return this builder
     */
    public B openclawVersion(String version) {
        return set(TenantField.OPENCLAW_VERSION, version);
    }

    /**
     * What models may cost in a calendar month. Unset is unlimited; zero blocks at the first priced call.
     *
     * @param usd US dollars, not negative
     * @return this builder
     */
    public B monthlyBudgetUsd(BigDecimal usd) {
        return set(TenantField.MONTHLY_BUDGET_USD, usd);
    }

    /**
     * What models may cost in a calendar month.
     *
     * @param usd US dollars in decimal notation, for example {@code "200"}
     * @return this builder
     * @throws NumberFormatException if it is not a number
     */
    public B monthlyBudgetUsd(String usd) {
        return monthlyBudgetUsd(new BigDecimal(usd));
    }

    /**
     * What the pod requests.
     *
     * @param cpu cores
     * @param memory bytes
     * @return this builder
     */
    public B resources(Quantity cpu, Quantity memory) {
        return set(TenantField.RESOURCES, new ComputeResources(cpu, memory));
    }

    /**
     * The only skills the assistant may use. Unset or empty is no restriction.
     *
     * @param skills skill names
     * @return this builder
     */
    public B skillAllowlist(List<String> skills) {
        return set(TenantField.SKILL_ALLOWLIST, List.copyOf(skills));
    }

    /**
     * The MCP servers the assistant may or may not use; deny beats allow.
     *
     * @param policy names to allow and to deny
     * @return this builder
     */
    public B mcpPolicy(McpPolicy policy) {
        return set(TenantField.MCP_POLICY, policy);
    }

    /**
     * The messaging channels of the assistant.
     *
     * @param channels channels
     * @return this builder
     */
    public B channels(List<Channel> channels) {
        return set(TenantField.CHANNELS, List.copyOf(channels));
    }

    /**
     * Settings merged over the generated {@code openclaw.json}, one level deep.
     *
     * @param overrides a JSON object
     * @return this builder
     */
    public B configOverrides(FreeForm overrides) {
        return set(TenantField.CONFIG_OVERRIDES, overrides);
    }

    /**
     * The policy to follow, whatever policies select.
     *
     * @param policyName an AccessPolicy in the tenant's namespace
     * @return this builder
     */
    public B policyRef(String policyName) {
        return set(TenantField.POLICY_REF, policyName);
    }

    /**
     * The customer to run under.
     *
     * @param clusterTenantName a ClusterTenant
     * @return this builder
     */
    public B clusterTenantRef(String clusterTenantName) {
        return set(TenantField.CLUSTER_TENANT_REF, clusterTenantName);
    }
}
