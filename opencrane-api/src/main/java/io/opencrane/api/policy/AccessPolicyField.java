package io.opencrane.api.policy;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.function.BinaryOperator;

/** The parts of a policy's spec that can be set and cleared one by one (contract §2). */
public enum AccessPolicyField {
    /** {@code description}. */
    DESCRIPTION(
            "description",
            (from, to) -> to.toBuilder().description(from.description()).build()),
    /** {@code tenantSelector.matchTeam}. */
    MATCH_TEAM(
            "tenantSelector.matchTeam",
            (from, to) -> selecting(
                    to,
                    new TenantSelector(
                            to.tenantSelector().matchLabels(),
                            from.tenantSelector().matchTeam()))),
    /** {@code tenantSelector.matchLabels}. */
    MATCH_LABELS(
            "tenantSelector.matchLabels",
            (from, to) -> selecting(
                    to,
                    new TenantSelector(
                            from.tenantSelector().matchLabels(),
                            to.tenantSelector().matchTeam()))),
    /** {@code domains.allow}. */
    ALLOWED_DOMAINS(
            "domains.allow",
            (from, to) -> withDomains(
                    to,
                    from.domains().allow(),
                    to.domains().deny(),
                    to.domains().defaultDeny())),
    /** {@code domains.deny}. */
    DENIED_DOMAINS(
            "domains.deny",
            (from, to) -> withDomains(
                    to,
                    to.domains().allow(),
                    from.domains().deny(),
                    to.domains().defaultDeny())),
    /** {@code domains.defaultDeny}; cleared it is true. */
    DEFAULT_DENY(
            "domains.defaultDeny",
            (from, to) -> withDomains(
                    to,
                    to.domains().allow(),
                    to.domains().deny(),
                    from.domains().defaultDeny())),
    /** {@code egressRules}. */
    EGRESS_RULES(
            "egressRules",
            (from, to) -> to.toBuilder().egressRules(from.egressRules()).build()),
    /** {@code mcpServers.allow}; cleared it restricts nothing. */
    ALLOWED_MCP_SERVERS(
            "mcpServers.allow",
            (from, to) -> withMcpServers(
                    to, from.mcpServers().allow(), to.mcpServers().deny())),
    /** {@code mcpServers.deny}. */
    DENIED_MCP_SERVERS(
            "mcpServers.deny",
            (from, to) -> withMcpServers(
                    to, to.mcpServers().allow(), from.mcpServers().deny()));

    private final String wireName;
    private final BinaryOperator<AccessPolicySpec> copy;

    AccessPolicyField(String wireName, BinaryOperator<AccessPolicySpec> copy) {
        this.wireName = wireName;
        this.copy = copy;
    }

    /**
     * Where the part is in a policy's spec.
     *
     * @return for example {@code domains.allow}
     */
    @JsonValue
    public String wireName() {
        return wireName;
    }

    /** The second spec with this part of the first. */
    AccessPolicySpec copy(AccessPolicySpec from, AccessPolicySpec to) {
        return copy.apply(from, to);
    }

    private static AccessPolicySpec selecting(AccessPolicySpec spec, TenantSelector selector) {
        return spec.toBuilder().tenantSelector(selector).build();
    }

    private static AccessPolicySpec withDomains(
            AccessPolicySpec spec, List<String> allow, List<String> deny, boolean defaultDeny) {
        return spec.toBuilder().domains(new Domains(allow, deny, defaultDeny)).build();
    }

    private static AccessPolicySpec withMcpServers(AccessPolicySpec spec, List<String> allow, List<String> deny) {
        return spec.toBuilder().mcpServers(new McpServers(allow, deny)).build();
    }
}
