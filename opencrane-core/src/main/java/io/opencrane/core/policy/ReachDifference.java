package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.BlastRadius.Reach;
import io.opencrane.api.policy.BlastRadius.Sort;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.api.tenant.McpPolicy;
import io.opencrane.core.network.Cidr;
import io.opencrane.core.policy.EgressPlan.NameAllowance;
import io.opencrane.core.policy.EgressPlan.NetworkAllowance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is reached under one policy and not under another. An entry is lost if no single entry of the other side allows all of it; several
 * that allow it together are not put together, so a network that is split is reported although nothing changes, and a change is never
 * passed over. Pure.
 *
 * <ul>
 *   <li>A network is compared port by port and reported with the ports that differ: {@code 10.0.0.0/8 443,8443/TCP}. The metadata
 *       addresses in it go without saying. {@code defaultDeny: false} is {@code 0.0.0.0/0 443/TCP without private networks}.
 *   <li>A domain name is reported as its pattern, as if names were put into force.
 *   <li>An MCP server is reported by its name. Where no list of allowed servers restricts, the entry is {@value #EVERY_SERVER}, every
 *       server; a server that is denied on one side only is then reported by its name, unless {@value #EVERY_SERVER} is reported already.
 * </ul>
 *
 * @param gains what is reached after and not before; networks, then names, then MCP servers, each in order, each once
 * @param losses what is reached before and not after, likewise
 */
record ReachDifference(List<Reach> gains, List<Reach> losses) {
    /** The value of the entry that stands for every MCP server. */
    public static final String EVERY_SERVER = "*";

    /** Copies the lists. */
    public ReachDifference {
        gains = List.copyOf(gains);
        losses = List.copyOf(losses);
    }

    /**
     * Compares two policies by themselves, whatever tenants restrict.
     *
     * @param before the spec in force; that of no policy is an empty one
     * @param after the spec to come
     * @return the difference
     */
    public static ReachDifference between(AccessPolicySpec before, AccessPolicySpec after) {
        return between(
                EgressPlan.of(before),
                McpAccess.of(before.mcpServers(), McpPolicy.NONE),
                EgressPlan.of(after),
                McpAccess.of(after.mcpServers(), McpPolicy.NONE));
    }

    /**
     * Compares what a tenant reaches.
     *
     * @param before what the policy in force comes to; {@link EgressPlan#NONE} for none
     * @param mcpBefore the MCP servers that the tenant may use
     * @param after what the policy to come comes to
     * @param mcpAfter the MCP servers that the tenant may use then
     * @return the difference
     */
    public static ReachDifference between(
            EgressPlan before, McpAccess mcpBefore, EgressPlan after, McpAccess mcpAfter) {
        return new ReachDifference(
                beyond(after, mcpAfter, before, mcpBefore), beyond(before, mcpBefore, after, mcpAfter));
    }

    /**
     * Whether nothing changes.
     *
     * @return true if nothing is gained or lost
     */
    public boolean isEmpty() {
        return gains.isEmpty() && losses.isEmpty();
    }

    private static List<Reach> beyond(EgressPlan plan, McpAccess mcp, EgressPlan other, McpAccess otherMcp) {
        List<Reach> beyond = new ArrayList<>(networks(plan.networks(), other.networks()));
        names(plan.names(), other.names()).forEach(name -> beyond.add(new Reach(Sort.DOMAIN, name)));
        servers(mcp, otherMcp).forEach(server -> beyond.add(new Reach(Sort.MCP_SERVER, server)));
        return beyond;
    }

    /** Networks that differ in nothing but their ports are one entry. */
    private record Line(Cidr block, Protocol protocol, boolean isRest) implements Comparable<Line> {
        private static final Comparator<Line> ORDER =
                Comparator.comparing(Line::block).thenComparing(Line::protocol).thenComparing(Line::isRest);

        @Override
        public int compareTo(Line other) {
            return ORDER.compare(this, other);
        }

        Reach on(SortedSet<Integer> ports) {
            String list = ports.stream().map(String::valueOf).collect(Collectors.joining(","));
            return new Reach(
                    Sort.NETWORK, block + " " + list + "/" + protocol + (isRest ? " without private networks" : ""));
        }
    }

    private static List<Reach> networks(List<NetworkAllowance> networks, List<NetworkAllowance> others) {
        NetworkIndex index = new NetworkIndex(others);
        Map<Line, SortedSet<Integer>> lines = new TreeMap<>();
        for (NetworkAllowance network : networks) {
            Line line =
                    new Line(network.block(), network.protocol(), network.path().equals(DomainRules.REST));
            for (int port : network.ports()) {
                if (index.covering(on(network, port)) == null) {
                    lines.computeIfAbsent(line, unknown -> new TreeSet<>()).add(port);
                }
            }
        }
        return lines.entrySet().stream()
                .map(line -> line.getKey().on(line.getValue()))
                .toList();
    }

    private static NetworkAllowance on(NetworkAllowance network, int port) {
        return new NetworkAllowance(
                network.path(), network.block(), network.except(), new TreeSet<>(List.of(port)), network.protocol());
    }

    private static SortedSet<String> names(List<NameAllowance> names, List<NameAllowance> others) {
        NameIndex<NameAllowance> index = new NameIndex<>();
        others.forEach(other -> index.add(other.pattern(), other));
        return names.stream()
                .map(NameAllowance::pattern)
                .filter(pattern -> index.covering(pattern) == null)
                .map(NamePattern::text)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static SortedSet<String> servers(McpAccess mcp, McpAccess other) {
        @Nullable List<String> only = mcp.allow();
        if (only == null && other.allow() != null) {
            return new TreeSet<>(List.of(EVERY_SERVER));
        }
        Set<String> never = new HashSet<>(mcp.deny());
        Set<String> otherNever = new HashSet<>(other.deny());
        @Nullable Set<String> otherOnly = other.allow() == null ? null : new HashSet<>(other.allow());
        return (only == null ? other.deny() : only)
                .stream()
                        .filter(server -> !never.contains(server))
                        .filter(server ->
                                otherNever.contains(server) || otherOnly != null && !otherOnly.contains(server))
                        .collect(Collectors.toCollection(TreeSet::new));
    }
}
