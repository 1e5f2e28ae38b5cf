package io.opencrane.api.policy;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The named, optional parts of a policy's spec, shared by the builders that set them. A part is set by naming it and stays as it is
 * otherwise; what goes into one list by several calls adds up. Not thread-safe; build once, share the value.
 *
 * @param <B> the builder itself
 */
public abstract class AccessPolicyFields<B extends AccessPolicyFields<B>> {
    static final AccessPolicySpec NOTHING = AccessPolicySpec.builder().build();

    final Set<AccessPolicyField> named = EnumSet.noneOf(AccessPolicyField.class);
    AccessPolicySpec values = NOTHING;

    AccessPolicyFields() {}

    abstract B self();

    /**
     * What people read about the policy.
     *
     * @param value at most 1,000 characters
     * @return this builder
     */
    public B description(String value) {
        return set(AccessPolicyField.DESCRIPTION, spec -> spec.description(value));
    }

    /**
     * Selects the tenants of a team, unless they name a policy themselves. With labels, both must hold.
     *
     * @param team the team
     * @return this builder
     */
    public B matchTeam(String team) {
        return select(AccessPolicyField.MATCH_TEAM, values.tenantSelector().matchLabels(), team);
    }

    /**
     * Selects tenants whose custom resource carries a label, unless they name a policy themselves. Several labels, and a team, must all
     * hold.
     *
     * @param key the label's key; {@code opencrane.io/tenant} and {@code opencrane.io/team} are a tenant's name and team
     * @param value the value it must have
     * @return this builder
     */
    public B matchLabel(String key, String value) {
        return matchLabels(Map.of(key, value));
    }

    /**
     * Selects tenants whose custom resource carries labels, as {@link #matchLabel} does for each.
     *
     * @param labels values by key
     * @return this builder
     */
    public B matchLabels(Map<String, String> labels) {
        Map<String, String> all = new LinkedHashMap<>(values.tenantSelector().matchLabels());
        all.putAll(labels);
        return select(
                AccessPolicyField.MATCH_LABELS, all, values.tenantSelector().matchTeam());
    }

    /**
     * Allows domain names on 443/TCP.
     *
     * @param names for example {@code api.github.com} or {@code *.github.com}
     * @return this builder
     */
    public B allowDomains(String... names) {
        Domains now = values.domains();
        return domains(
                AccessPolicyField.ALLOWED_DOMAINS,
                new Domains(plus(now.allow(), names), now.deny(), now.defaultDeny()));
    }

    /**
     * Denies domain names, which beats allowing them. A name within an allowed wildcard closes the whole wildcard, because a network
     * policy cannot keep one from the other; {@link AccessPolicyService#findings} tells.
     *
     * @param names for example {@code gist.github.com}
     * @return this builder
     */
    public B denyDomains(String... names) {
        Domains now = values.domains();
        return domains(
                AccessPolicyField.DENIED_DOMAINS, new Domains(now.allow(), plus(now.deny(), names), now.defaultDeny()));
    }

    /**
     * Opens every name on the internet on 443/TCP: {@code defaultDeny} is false. Beside a denied name it opens nothing, because a network
     * policy cannot keep one from the other; {@link AccessPolicyService#findings} tells.
     *
     * @return this builder
     */
    public B allowUnlistedDomains() {
        Domains now = values.domains();
        return domains(AccessPolicyField.DEFAULT_DENY, new Domains(now.allow(), now.deny(), false));
    }

    /**
     * Closes every domain name that is not allowed, which is the default: {@code defaultDeny} is true.
     *
     * @return this builder
     */
    public B denyUnlistedDomains() {
        Domains now = values.domains();
        return domains(AccessPolicyField.DEFAULT_DENY, new Domains(now.allow(), now.deny(), true));
    }

    /**
     * Allows a network over TCP.
     *
     * @param cidr an IPv4 network, for example {@code 10.20.0.0/16}
     * @param ports ports; none are 443
     * @return this builder
     */
    public B egress(String cidr, int... ports) {
        return egress(EgressRule.tcp(cidr, ports));
    }

    /**
     * Allows networks.
     *
     * @param rules for example {@code EgressRule.udp("10.20.0.0/16", 123)}; none sets an empty list
     * @return this builder
     */
    public B egress(EgressRule... rules) {
        List<EgressRule> all =
                Stream.concat(values.egressRules().stream(), Stream.of(rules)).toList();
        return set(AccessPolicyField.EGRESS_RULES, spec -> spec.egressRules(all));
    }

    /**
     * Restricts MCP servers to these. No name at all restricts nothing, as in the custom resource.
     *
     * @param names their names
     * @return this builder
     */
    public B allowMcpServers(String... names) {
        McpServers now = values.mcpServers();
        return mcpServers(AccessPolicyField.ALLOWED_MCP_SERVERS, new McpServers(plus(now.allow(), names), now.deny()));
    }

    /**
     * Denies MCP servers, which beats allowing them.
     *
     * @param names their names
     * @return this builder
     */
    public B denyMcpServers(String... names) {
        McpServers now = values.mcpServers();
        return mcpServers(AccessPolicyField.DENIED_MCP_SERVERS, new McpServers(now.allow(), plus(now.deny(), names)));
    }

    private B select(AccessPolicyField field, Map<String, String> labels, @Nullable String team) {
        return set(field, spec -> spec.tenantSelector(new TenantSelector(labels, team)));
    }

    private B domains(AccessPolicyField field, Domains domains) {
        return set(field, spec -> spec.domains(domains));
    }

    private B mcpServers(AccessPolicyField field, McpServers servers) {
        return set(field, spec -> spec.mcpServers(servers));
    }

    private B set(AccessPolicyField field, Consumer<AccessPolicySpec.Builder> change) {
        AccessPolicySpec.Builder changed = values.toBuilder();
        change.accept(changed);
        values = changed.build();
        named.add(field);
        return self();
    }

    private static List<String> plus(List<String> names, String... more) {
        return Stream.concat(names.stream(), Stream.of(more)).toList();
    }
}
