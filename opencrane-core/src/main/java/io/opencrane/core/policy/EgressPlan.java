package io.opencrane.core.policy;

import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.core.network.Cidr;
import java.util.List;
import java.util.SortedSet;

/**
 * What a policy's spec means for the network: what can be put into force, and what cannot, which is then closed (DECISIONS 30). What is
 * rendered and what {@code decide} answers both come from here.
 *
 * @param networks the networks allowed, one for each rule that can be put into force, in the order of the spec; canonical, the metadata
 *     addresses excepted
 * @param names the domain names allowed on 443/TCP, in the order of the spec, each pattern once
 * @param gaps what of the spec is not in force, in the order of the spec
 */
public record EgressPlan(List<NetworkAllowance> networks, List<NameAllowance> names, List<Gap> gaps) {
    /** Copies the lists. */
    public EgressPlan {
        networks = List.copyOf(networks);
        names = List.copyOf(names);
        gaps = List.copyOf(gaps);
    }

    /**
     * A network that may be reached.
     *
     * @param path where the spec says so, for example {@code spec.egressRules[3]}, or {@code spec.domains.defaultDeny}
     * @param block the network
     * @param except networks within it that may not; each strictly smaller than the block
     * @param ports the ports; never empty
     * @param protocol the transport protocol
     */
    public record NetworkAllowance(
            String path, Cidr block, List<Cidr> except, SortedSet<Integer> ports, Protocol protocol) {}

    /**
     * A domain name, or names, that may be reached on 443/TCP.
     *
     * @param path where the spec says so, for example {@code spec.domains.allow[0]}
     * @param pattern the names
     */
    public record NameAllowance(String path, NamePattern pattern) {}

    /**
     * Something of the spec that is not in force.
     *
     * @param path where it stands
     * @param reason why
     * @param message one sentence that says what to do
     */
    public record Gap(String path, Reason reason, String message) {}

    /** Why something is not in force. */
    public enum Reason {
        /** It is not a network, a port or a domain name. */
        MALFORMED,
        /** It is nothing but cloud metadata addresses, which no policy opens. */
        METADATA_ADDRESS,
        /** A deny that is no domain name: nobody knows what it was to deny, so no name is allowed. */
        DENY_MALFORMED,
        /** An allowed name that a denied one lies within, which Cilium cannot express, so it is not allowed. */
        DENY_NOT_EXPRESSIBLE
    }
}
