package io.opencrane.api.tenant;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.MaybeEmpty;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a tenant (contract §2). Absent texts and numbers are null, absent lists and objects empty. Holds whatever the server
 * holds: it is validated where it is written, not where it is read.
 *
 * @param displayName the name people see
 * @param email the owner's address
 * @param team the team, or null
 * @param openclawImage another image than the default, or null
 * @param openclawVersion the pinned version, or null for {@code latest}
 * @param monthlyBudgetUsd US dollars a calendar month; null is unlimited, zero blocks
 * @param resources what the pod requests
 * @param skillAllowlist the only skills allowed; empty is no restriction
 * @param mcpPolicy MCP servers allowed and denied
 * @param channels messaging channels
 * @param configOverrides merged over the generated configuration
 * @param policyRef the explicit policy, or null
 * @param clusterTenantRef the customer, or null
 * @param suspended whether it is put to sleep
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record TenantSpec(
        String displayName,
        String email,
        @Nullable String team,
        @Nullable String openclawImage,
        @Nullable String openclawVersion,
        @Nullable BigDecimal monthlyBudgetUsd,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        ComputeResources resources,

        List<String> skillAllowlist,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        McpPolicy mcpPolicy,

        List<Channel> channels,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        FreeForm configOverrides,

        @Nullable String policyRef,
        @Nullable String clusterTenantRef,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean suspended) {
    // The largest double ends in fewer; writing out more would only cost memory.
    private static final int MAX_ZEROS = 310;

    /** Copies the collections; what is absent becomes empty; the budget loses trailing zeros behind the point. */
    public TenantSpec {
        displayName = Absent.asEmpty(displayName);
        email = Absent.asEmpty(email);
        monthlyBudgetUsd = monthlyBudgetUsd == null ? null : plain(monthlyBudgetUsd);
        resources = Absent.or(resources, ComputeResources.NONE);
        skillAllowlist = Absent.asEmpty(skillAllowlist);
        mcpPolicy = Absent.or(mcpPolicy, McpPolicy.NONE);
        channels = Absent.asEmpty(channels);
        configOverrides = Absent.or(configOverrides, FreeForm.empty());
    }

    /** The server stores numbers, not their trailing zeros: 200.50 comes back as 200.5 and must equal what was sent. */
    private static BigDecimal plain(BigDecimal money) {
        BigDecimal stripped = money.stripTrailingZeros();
        boolean isRound = stripped.scale() < 0 && stripped.scale() > -MAX_ZEROS;
        return isRound ? stripped.setScale(0) : stripped;
    }

    /**
     * Starts a spec with what every tenant needs.
     *
     * @param displayName the name people see
     * @param email the owner's address
     * @return a builder
     */
    public static Builder builder(String displayName, String email) {
        return new Builder().displayName(displayName).email(email);
    }

    /**
     * Starts from this spec.
     *
     * @return a builder with every field of this one
     */
    public Builder toBuilder() {
        return new Builder(values());
    }

    /**
     * The same, asleep or awake.
     *
     * @param asleep whether it is put to sleep
     * @return a copy
     */
    public TenantSpec withSuspended(boolean asleep) {
        Map<TenantField, Object> values = values();
        values.put(TenantField.SUSPENDED, asleep);
        return of(values);
    }

    /**
     * The team, if one is set.
     *
     * @return the team
     */
    public Optional<String> teamName() {
        return Optional.ofNullable(team);
    }

    Map<TenantField, Object> values() {
        Map<TenantField, Object> values = new EnumMap<>(TenantField.class);
        values.put(TenantField.DISPLAY_NAME, displayName);
        values.put(TenantField.EMAIL, email);
        putIfSet(values, TenantField.TEAM, team);
        putIfSet(values, TenantField.OPENCLAW_IMAGE, openclawImage);
        putIfSet(values, TenantField.OPENCLAW_VERSION, openclawVersion);
        putIfSet(values, TenantField.MONTHLY_BUDGET_USD, monthlyBudgetUsd);
        values.put(TenantField.RESOURCES, resources);
        values.put(TenantField.SKILL_ALLOWLIST, skillAllowlist);
        values.put(TenantField.MCP_POLICY, mcpPolicy);
        values.put(TenantField.CHANNELS, channels);
        values.put(TenantField.CONFIG_OVERRIDES, configOverrides);
        putIfSet(values, TenantField.POLICY_REF, policyRef);
        putIfSet(values, TenantField.CLUSTER_TENANT_REF, clusterTenantRef);
        values.put(TenantField.SUSPENDED, suspended);
        return values;
    }

    private static void putIfSet(Map<TenantField, Object> values, TenantField field, @Nullable Object value) {
        if (value != null) {
            values.put(field, value);
        }
    }

    @SuppressWarnings("unchecked") // every value went in through a typed setter of TenantFields or values()
    static TenantSpec of(Map<TenantField, Object> values) {
        return new TenantSpec(
                (String) values.getOrDefault(TenantField.DISPLAY_NAME, ""),
                (String) values.getOrDefault(TenantField.EMAIL, ""),
                (String) values.get(TenantField.TEAM),
                (String) values.get(TenantField.OPENCLAW_IMAGE),
                (String) values.get(TenantField.OPENCLAW_VERSION),
                (BigDecimal) values.get(TenantField.MONTHLY_BUDGET_USD),
                (ComputeResources) values.getOrDefault(TenantField.RESOURCES, ComputeResources.NONE),
                (List<String>) values.getOrDefault(TenantField.SKILL_ALLOWLIST, List.of()),
                (McpPolicy) values.getOrDefault(TenantField.MCP_POLICY, McpPolicy.NONE),
                (List<Channel>) values.getOrDefault(TenantField.CHANNELS, List.of()),
                (FreeForm) values.getOrDefault(TenantField.CONFIG_OVERRIDES, FreeForm.empty()),
                (String) values.get(TenantField.POLICY_REF),
                (String) values.get(TenantField.CLUSTER_TENANT_REF),
                (Boolean) values.getOrDefault(TenantField.SUSPENDED, false));
    }

    /** Builds a spec. */
    public static final class Builder extends TenantFields<Builder> {
        Builder() {}

        Builder(Map<TenantField, Object> start) {
            values.putAll(start);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * The spec as set.
         *
         * @return a spec
         */
        public TenantSpec build() {
            return of(values);
        }
    }
}
