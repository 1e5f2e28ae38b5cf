package io.opencrane.k8s.blueprint;

import io.opencrane.core.network.Cidr;
import io.opencrane.core.network.MetadataAddresses;
import io.opencrane.core.policy.EgressPlan.NetworkAllowance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rules of NetworkPolicies. Networks with the same ports share a rule, in a fixed order, so that a policy of thousands of networks is
 * one short object, and the order of its rules makes no difference.
 */
final class NetworkRules {
    private static final int DNS_PORT = 53;

    private NetworkRules() {}

    /** DNS, wherever the cluster has it: a pod that cannot resolve names reaches nothing that is open to it. */
    static Map<String, Object> dns() {
        return Map.of("ports", List.of(port(DNS_PORT, "TCP"), port(DNS_PORT, "UDP")));
    }

    static Map<String, Object> port(int number, String protocol) {
        return Map.of("port", number, "protocol", protocol);
    }

    /** Networks but for the metadata addresses in them; one that is nothing else opens nothing. */
    static List<Object> peers(Collection<Cidr> networks) {
        return networks.stream()
                .filter(network -> !MetadataAddresses.ALL.contains(network))
                .map(network -> new Peer(network, MetadataAddresses.within(network)))
                .distinct()
                .<Object>map(Peer::ipBlock)
                .toList();
    }

    /** DNS, and what a policy allows. */
    static List<Object> egress(List<NetworkAllowance> networks) {
        SortedMap<Ports, SortedSet<Peer>> peers = new TreeMap<>();
        for (NetworkAllowance network : networks) {
            peers.computeIfAbsent(Ports.of(network), ports -> new TreeSet<>())
                    .add(new Peer(network.block(), network.except()));
        }
        List<Object> egress = new ArrayList<>();
        egress.add(dns());
        peers.forEach((ports, blocks) -> egress.add(Map.of(
                "to",
                blocks.stream().map(Peer::ipBlock).toList(),
                "ports",
                ports.numbers().stream()
                        .map(number -> port(number, ports.protocol()))
                        .toList())));
        return egress;
    }

    private record Ports(String protocol, Set<Integer> numbers) implements Comparable<Ports> {
        static Ports of(NetworkAllowance network) {
            return new Ports(network.protocol().name(), network.ports());
        }

        @Override
        public int compareTo(Ports other) {
            return toString().compareTo(other.toString());
        }
    }

    private record Peer(Cidr block, List<Cidr> except) implements Comparable<Peer> {
        Map<String, Object> ipBlock() {
            Map<String, Object> ipBlock = new LinkedHashMap<>();
            ipBlock.put("cidr", block.toString());
            if (!except.isEmpty()) {
                ipBlock.put(
                        "except", except.stream().sorted().map(Cidr::toString).toList());
            }
            return Map.of("ipBlock", ipBlock);
        }

        @Override
        public int compareTo(Peer other) {
            int byBlock = block.compareTo(other.block);
            return byBlock == 0 ? except.toString().compareTo(other.except.toString()) : byBlock;
        }
    }
}
