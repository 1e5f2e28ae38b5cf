package io.opencrane.core.policy;

import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.core.network.Cidr;
import io.opencrane.core.network.MetadataAddresses;
import io.opencrane.core.policy.EgressPlan.Gap;
import io.opencrane.core.policy.EgressPlan.NameAllowance;
import io.opencrane.core.policy.EgressPlan.NameDenial;
import io.opencrane.core.policy.EgressPlan.NetworkAllowance;
import io.opencrane.core.policy.EgressPlan.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code domains} of a policy come to.
 *
 * @param allowed the entries of {@code allow} in force, a name that stands there twice included
 * @param taken those that a deny takes away whole
 * @param withheld those that would be in force but for a deny that cannot be expressed, read or compared
 * @param denied the well-formed entries of {@code deny}
 * @param rest what {@code defaultDeny: false} opens; null if it does not
 * @param gaps what is not in force
 */
record DomainRules(
        List<NameAllowance> allowed,
        List<Taken> taken,
        List<NameAllowance> withheld,
        List<NameDenial> denied,
        @Nullable NetworkAllowance rest,
        List<Gap> gaps) {
    private static final String ALLOW = "spec.domains.allow";
    private static final String DENY = "spec.domains.deny";
    static final String REST = "spec.domains.defaultDeny";

    /** Whoever means a network of his own says so by an egress rule: a name on the internet may resolve to any of these. */
    private static final List<Cidr> INTERNAL = Stream.of(
                    "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16")
            .map(text -> Cidr.parse(text).orElseThrow())
            .toList();

    /** What {@code defaultDeny: false} opens. */
    static final NetworkAllowance INTERNET = internet();

    /** An allowed entry, and the denied one that takes it away whole. */
    record Taken(NameAllowance allowance, NameDenial by) {}

    static DomainRules of(Domains domains) {
        DomainRules rules = new DomainRules(
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                new ArrayList<>(),
                rest(domains),
                new ArrayList<>());
        List<Gap> malformed = rules.readDenied(domains.deny());
        NameIndex<NameDenial> denies = new NameIndex<>();
        rules.denied.forEach(denial -> denies.add(denial.pattern(), denial));
        for (int i = 0; i < domains.allow().size(); i++) {
            rules.readAllowed(path(ALLOW, i), domains.allow().get(i), denies, malformed.isEmpty());
        }
        rules.gaps.addAll(malformed);
        if (!domains.defaultDeny() && rules.rest == null) {
            rules.gaps.add(new Gap(
                    REST,
                    Reason.DENY_NOT_EXPRESSIBLE,
                    "Names that are not listed are not allowed, because " + path(DENY, 0)
                            + " cannot be kept beside them; list the names to allow, or remove every entry of " + DENY
                            + "."));
        }
        return rules;
    }

    private List<Gap> readDenied(List<String> texts) {
        List<Gap> malformed = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String refusal = NameText.refusal(texts.get(i));
            if (refusal == null) {
                denied.add(new NameDenial(path(DENY, i), NameText.pattern(texts.get(i))));
            } else {
                malformed.add(new Gap(
                        path(DENY, i), Reason.DENY_MALFORMED, refusal + " Until then no domain name is allowed."));
            }
        }
        return malformed;
    }

    private void readAllowed(String path, String text, NameIndex<NameDenial> denies, boolean denialsAreKnown) {
        String refusal = NameText.refusal(text);
        if (refusal != null) {
            gaps.add(new Gap(path, Reason.MALFORMED, refusal));
            return;
        }
        NameAllowance allowance = new NameAllowance(path, NameText.pattern(text));
        NameDenial by = denies.covering(allowance.pattern());
        if (by != null) {
            taken.add(new Taken(allowance, by));
            return;
        }
        NameDenial within = denies.intersecting(allowance.pattern());
        if (within == null && denies.isSpent()) {
            gaps.add(new Gap(
                    path,
                    Reason.MALFORMED,
                    "There are too many entries with a * to compare all of them; write fewer into " + ALLOW + " or "
                            + DENY + "."));
        } else if (within != null) {
            gaps.add(new Gap(
                    path,
                    Reason.DENY_NOT_EXPRESSIBLE,
                    "Cilium cannot keep " + within.path() + " ("
                            + within.pattern().text() + ") from the names of "
                            + allowance.pattern().text()
                            + "; list the names to allow one by one, or remove the deny."));
        }
        (within == null && denialsAreKnown && !denies.isSpent() ? allowed : withheld).add(allowance);
    }

    private static @Nullable NetworkAllowance rest(Domains domains) {
        return domains.defaultDeny() || !domains.deny().isEmpty() ? null : INTERNET;
    }

    private static NetworkAllowance internet() {
        Cidr everywhere = Cidr.parse("0.0.0.0/0").orElseThrow();
        Stream<Cidr> metadata = MetadataAddresses.within(everywhere).stream()
                .filter(address -> INTERNAL.stream().noneMatch(network -> network.contains(address)));
        List<Cidr> except = Stream.concat(INTERNAL.stream(), metadata).sorted().toList();
        return new NetworkAllowance(REST, everywhere, except, new TreeSet<>(Set.of(443)), Protocol.TCP);
    }

    private static String path(String list, int i) {
        return list + "[" + i + "]";
    }
}
