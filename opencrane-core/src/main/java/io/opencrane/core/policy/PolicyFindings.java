package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.PolicyFinding;
import io.opencrane.api.policy.PolicyFinding.Kind;
import io.opencrane.core.policy.EgressPlan.Gap;
import io.opencrane.core.policy.EgressPlan.NameAllowance;
import io.opencrane.core.policy.EgressPlan.NetworkAllowance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the author of a policy probably did not mean, or what is not in force. An entry is shadowed if one other entry alone allows all of
 * it; one that several others allow together is not found, and none beyond seconds of comparing. Pure.
 */
final class PolicyFindings {
    private static final List<String> SECTIONS =
            List.of("spec.domains.allow", "spec.domains.deny", DomainRules.REST, "spec.egressRules");

    private final List<PolicyFinding> found = new ArrayList<>();

    private PolicyFindings() {}

    /**
     * Looks through a spec.
     *
     * @param spec a policy's spec, whatever the server holds
     * @return in the order of the spec; empty if there is nothing to say
     */
    public static List<PolicyFinding> of(AccessPolicySpec spec) {
        DomainRules domains = DomainRules.of(spec.domains());
        NetworkRules rules = NetworkRules.of(spec.egressRules());
        PolicyFindings findings = new PolicyFindings();
        Stream.concat(domains.gaps().stream(), rules.gaps().stream()).forEach(findings::addGap);
        domains.taken().forEach(findings::addTaken);
        findings.addNames(domains.allowed());
        findings.addNetworks(Stream.concat(Stream.ofNullable(domains.rest()), rules.networks().stream())
                .toList());
        return findings.found.stream()
                .sorted(Comparator.comparingLong(finding -> place(finding.path())))
                .toList();
    }

    private void addGap(Gap gap) {
        found.add(new PolicyFinding(Kind.NOT_IN_FORCE, gap.path(), gap.message()));
    }

    private void addTaken(DomainRules.Taken taken) {
        found.add(new PolicyFinding(
                Kind.DENIED,
                taken.allowance().path(),
                taken.by().path() + " (" + taken.by().pattern().text()
                        + ") takes it away whole; remove one of the two."));
    }

    private void addNames(List<NameAllowance> names) {
        NameIndex<NameAllowance> index = new NameIndex<>();
        names.forEach(name -> index.add(name.pattern(), name));
        for (NameAllowance name : names) {
            if (name.pattern().equals(NamePattern.EVERY_NAME)) {
                found.add(new PolicyFinding(
                        Kind.ALLOWS_ALL,
                        name.path(),
                        "It allows every name on 443/TCP; list the names that are meant."));
            }
            NameAllowance same = index.same(name.pattern());
            NameAllowance by = same == null || same == name ? index.coveringOther(name.pattern()) : same;
            if (by != null) {
                addShadowed(name.path(), by.path(), by.pattern().text());
            }
        }
    }

    private void addNetworks(List<NetworkAllowance> networks) {
        NetworkIndex index = new NetworkIndex(networks);
        for (int i = 0; i < networks.size(); i++) {
            NetworkAllowance network = networks.get(i);
            if (network.block().prefix() == 0) {
                found.add(new PolicyFinding(Kind.ALLOWS_ALL, network.path(), allowsAll(network)));
            }
            NetworkAllowance by = index.shadowing(network, i);
            if (by != null) {
                addShadowed(network.path(), by.path(), by.block().toString());
            }
        }
    }

    private static String allowsAll(NetworkAllowance network) {
        return network.path().equals(DomainRules.REST)
                ? "It allows every address outside private networks on 443/TCP; list the names that are meant."
                : "It allows every IPv4 address on its ports; list the networks that are meant.";
    }

    private void addShadowed(String path, String by, String what) {
        found.add(new PolicyFinding(
                Kind.SHADOWED, path, by + " (" + what + ") allows all of it; remove it, or narrow the other."));
    }

    /** Sections in the order of the spec, entries in the order of their section. What is said of one entry keeps its order. */
    private static long place(String path) {
        int section = 0;
        while (!path.startsWith(SECTIONS.get(section))) {
            section++;
        }
        int open = path.indexOf('[');
        int entry = open < 0 ? 0 : Integer.parseInt(path, open + 1, path.indexOf(']'), 10);
        return (long) section << Integer.SIZE | entry;
    }
}
