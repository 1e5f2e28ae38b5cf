package io.opencrane.core.policy;

import io.opencrane.api.policy.EgressRule;
import io.opencrane.core.network.Cidr;
import io.opencrane.core.network.MetadataAddresses;
import io.opencrane.core.policy.EgressPlan.Gap;
import io.opencrane.core.policy.EgressPlan.NetworkAllowance;
import io.opencrane.core.policy.EgressPlan.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the {@code egressRules} of a policy come to.
 *
 * @param networks one for each rule in force
 * @param gaps what is not in force
 */
record NetworkRules(List<NetworkAllowance> networks, List<Gap> gaps) {
    private static final int LAST_PORT = 65535;

    static NetworkRules of(List<EgressRule> rules) {
        NetworkRules read = new NetworkRules(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < rules.size(); i++) {
            read.add("spec.egressRules[" + i + "]", rules.get(i));
        }
        return read;
    }

    private void add(String path, EgressRule rule) {
        Optional<Cidr> block = block(path + ".cidr", rule.cidr());
        SortedSet<Integer> ports = ports(path + ".ports", rule.ports());
        if (block.isPresent() && !ports.isEmpty()) {
            networks.add(new NetworkAllowance(
                    path, block.get(), MetadataAddresses.within(block.get()), ports, rule.protocol()));
        }
    }

    private Optional<Cidr> block(String path, String text) {
        Optional<Cidr> block = Cidr.parse(text);
        if (block.isEmpty() || block.get().isV6()) {
            gaps.add(new Gap(path, Reason.MALFORMED, refusal(block)));
            return Optional.empty();
        }
        if (MetadataAddresses.ALL.contains(block.get())) {
            gaps.add(new Gap(
                    path,
                    Reason.METADATA_ADDRESS,
                    "Remove the rule; it asks for nothing but a cloud metadata address, which no policy opens."));
            return Optional.empty();
        }
        return block;
    }

    private static String refusal(Optional<Cidr> block) {
        return block.isEmpty()
                ? "Write an IPv4 network with prefix length, for example 10.20.0.0/16, or 10.20.0.7/32 for one address."
                : "Write an IPv4 network; IPv6 networks are opened for every tenant by OPENCRANE_EGRESS_BASELINE.";
    }

    private SortedSet<Integer> ports(String path, List<Integer> wanted) {
        SortedSet<Integer> ports = new TreeSet<>();
        for (int i = 0; i < wanted.size(); i++) {
            int port = wanted.get(i);
            if (port >= 1 && port <= LAST_PORT) {
                ports.add(port);
            } else {
                gaps.add(new Gap(path + "[" + i + "]", Reason.MALFORMED, "Write a port from 1 to " + LAST_PORT + "."));
            }
        }
        return ports;
    }
}
