package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.core.network.Cidr;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What a policy's spec means for the network: what can be put into force, and what cannot, which is then closed (DECISIONS 30). What is
 * rendered and what {@code decide} answers both come from here.
 *
 * @param networks the networks allowed, one for each rule that can be put into force, in the order of the spec (domains before egress
 *     rules); canonical, the metadata addresses excepted; rules that allow the same are not merged
 * @param names the domain names allowed on 443/TCP, in the order of the spec, each pattern once
 * @param gaps what of the spec is not in force, in the order of the spec
 * @param withheld allowed names that are not in force because of a deny that cannot be expressed, read or compared; not rendered
 * @param denied the denied names; not rendered, because what they deny is not in {@code names}
 */
public record EgressPlan(
        List<NetworkAllowance> networks,
        List<NameAllowance> names,
        List<Gap> gaps,
        List<NameAllowance> withheld,
        List<NameDenial> denied) {
    /** That of no policy: nothing is open. */
    public static final EgressPlan NONE = new EgressPlan(List.of(), List.of(), List.of(), List.of(), List.of());

    /** Copies the lists. */
    public EgressPlan {
        networks = List.copyOf(networks);
        names = List.copyOf(names);
        gaps = List.copyOf(gaps);
        withheld = List.copyOf(withheld);
        denied = List.copyOf(denied);
    }

    /**
     * What a spec means. Takes whatever the server holds: what cannot be read is a gap.
     *
     * <p>An allowed name that a denied one covers is dropped without a gap, since the names then say all that the spec says. One that a
     * denied name only lies within is dropped with a gap, and so is {@code defaultDeny: false} beside any deny. {@code defaultDeny: false}
     * needs no Cilium: it is a network, everything on 443/TCP but the private and special networks, whose names an egress rule has to allow.
     *
     * @param spec a policy's spec
     * @return the plan; one without anything for a spec without domains and egress rules
     */
    public static EgressPlan of(AccessPolicySpec spec) {
        DomainRules domains = DomainRules.of(spec.domains());
        NetworkRules rules = NetworkRules.of(spec.egressRules());
        Set<NamePattern> seen = new HashSet<>();
        return new EgressPlan(
                Stream.concat(Stream.ofNullable(domains.rest()), rules.networks().stream())
                        .toList(),
                domains.allowed().stream()
                        .filter(allowance -> seen.add(allowance.pattern()))
                        .toList(),
                Stream.concat(domains.gaps().stream(), rules.gaps().stream()).toList(),
                domains.withheld(),
                domains.denied());
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
            String path, Cidr block, List<Cidr> except, SortedSet<Integer> ports, Protocol protocol) {
        /** Copies the collections. */
        public NetworkAllowance {
            except = List.copyOf(except);
            ports = Collections.unmodifiableSortedSet(new TreeSet<>(ports));
        }
    }

    /**
     * A domain name, or names, that may be reached on 443/TCP.
     *
     * @param path where the spec says so, for example {@code spec.domains.allow[0]}
     * @param pattern the names
     */
    public record NameAllowance(String path, NamePattern pattern) {}

    /**
     * A domain name, or names, that the spec denies.
     *
     * @param path where the spec says so, for example {@code spec.domains.deny[0]}
     * @param pattern the names
     */
    public record NameDenial(String path, NamePattern pattern) {}

    /**
     * Something of the spec that is not in force.
     *
     * @param path where it stands, for example {@code spec.egressRules[3].ports[0]}
     * @param reason why
     * @param message one sentence that says what to do
     */
    public record Gap(String path, Reason reason, String message) {}

    /** Why something is not in force. */
    public enum Reason {
        /** It is not a network, a port or a domain name; or a name among more with a star than can be compared with what is denied. */
        MALFORMED,
        /** It is nothing but cloud metadata addresses, which no policy opens. */
        METADATA_ADDRESS,
        /** A deny that is no domain name: nobody knows what it was to deny, so no name is allowed. */
        DENY_MALFORMED,
        /** An allowed name that a denied one lies within, which Cilium cannot express, so it is not allowed. */
        DENY_NOT_EXPRESSIBLE
    }
}
