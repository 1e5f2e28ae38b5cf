package io.opencrane.api.policy;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy allows and denies (contract §2). Holds whatever the server holds.
 *
 * @param description for people, or null
 * @param tenantSelector the tenants it is for, unless they name a policy themselves
 * @param domains domain names allowed and denied; absent is deny by default
 * @param egressRules networks allowed
 * @param mcpServers MCP servers allowed and denied
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AccessPolicySpec(
        @Nullable String description,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        TenantSelector tenantSelector,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        Domains domains,

        List<EgressRule> egressRules,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        McpServers mcpServers) {
    /** Copies the collections; what is absent becomes the default. */
    public AccessPolicySpec {
        tenantSelector = Absent.or(tenantSelector, TenantSelector.NONE);
        domains = Absent.or(domains, Domains.DEFAULT);
        egressRules = Absent.asEmpty(egressRules);
        mcpServers = Absent.or(mcpServers, McpServers.NONE);
    }

    /**
     * Starts one with everything at its default.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder(
                new AccessPolicySpec(null, TenantSelector.NONE, Domains.DEFAULT, List.of(), McpServers.NONE));
    }

    /**
     * Starts from this one.
     *
     * @return a builder with every field of this one
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Builds a spec. Passing null clears a field. Not thread-safe. */
    public static final class Builder {
        private @Nullable String description;
        private TenantSelector tenantSelector;
        private Domains domains;
        private List<EgressRule> egressRules;
        private McpServers mcpServers;

        private Builder(AccessPolicySpec start) {
            description = start.description;
            tenantSelector = start.tenantSelector;
            domains = start.domains;
            egressRules = start.egressRules;
            mcpServers = start.mcpServers;
        }

        /**
         * Sets description.
         *
         * @param value for people, or null
         * @return this builder
         */
        public Builder description(@Nullable String value) {
            description = value;
            return this;
        }

        /**
         * Sets tenantSelector.
         *
         * @param value the tenants it is for, unless they name a policy themselves
         * @return this builder
         */
        public Builder tenantSelector(TenantSelector value) {
            tenantSelector = value;
            return this;
        }

        /**
         * Sets domains.
         *
         * @param value domain names allowed and denied; absent is deny by default
         * @return this builder
         */
        public Builder domains(Domains value) {
            domains = value;
            return this;
        }

        /**
         * Sets egressRules.
         *
         * @param value networks allowed
         * @return this builder
         */
        public Builder egressRules(List<EgressRule> value) {
            egressRules = value;
            return this;
        }

        /**
         * Sets mcpServers.
         *
         * @param value MCP servers allowed and denied
         * @return this builder
         */
        public Builder mcpServers(McpServers value) {
            mcpServers = value;
            return this;
        }

        /**
         * The spec as set.
         *
         * @return a spec
         */
        public AccessPolicySpec build() {
            return new AccessPolicySpec(description, tenantSelector, domains, egressRules, mcpServers);
        }
    }
}
