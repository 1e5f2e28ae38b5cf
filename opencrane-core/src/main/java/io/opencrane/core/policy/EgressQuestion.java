package io.opencrane.core.policy;

import io.opencrane.api.policy.EgressDecision;
import io.opencrane.api.policy.EgressDecision.Rule;
import io.opencrane.api.policy.EgressDecision.Source;
import io.opencrane.api.policy.EgressDecision.Verdict;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.core.network.Cidr;
import io.opencrane.core.network.MetadataAddresses;
import io.opencrane.core.policy.EgressPlan.NameAllowance;
import io.opencrane.core.policy.EgressPlan.NameDenial;
import io.opencrane.core.policy.EgressPlan.NetworkAllowance;
import io.opencrane.core.policy.EgressPlan.Reason;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One question to an {@link EgressFence}: whether a tenant under it reaches a destination. At least one of name and address is known. */
record EgressQuestion(
        EgressFence fence, @Nullable String name, @Nullable Cidr address, int port, Protocol protocol) {
    private static final int DNS = 53;
    private static final int HTTPS = 443;
    private static final String BYPASSED = ", but what opens an address opens it under every name.";

    /** A network that is open on the port, and whose rule it is. */
    private record Open(Rule rule, Cidr block, String sentence) {}

    /** Why a name is not open by itself. */
    private record Closed(Rule rule, String sentence) {}

    EgressDecision answer() {
        Optional<Closed> closed = Stream.<Supplier<Optional<Closed>>>of(
                        this::denied, this::withheld, this::unenforced, this::restWithheld)
                .map(Supplier::get)
                .flatMap(Optional::stream)
                .findFirst();
        return byBaseline()
                .or(() -> byNetwork(closed))
                .or(this::byName)
                .or(() -> dependsOnAddress(closed))
                .or(this::byMetadataAddress)
                .or(() -> closed.map(it -> new EgressDecision(Verdict.DENIED, it.rule(), it.sentence())))
                .orElseGet(this::byDefault);
    }

    private Optional<EgressDecision> byBaseline() {
        if (port == DNS) {
            return Optional.of(new EgressDecision(
                    Verdict.ALLOWED, baseline("dns"), "DNS is open to every tenant, to every destination."));
        }
        String home = fence.baseline().controlPlaneNamespace();
        return name != null && isServiceOf(home, name)
                ? Optional.of(new EgressDecision(
                        Verdict.ALLOWED,
                        baseline("controlPlane"),
                        "The services of the control plane's namespace " + home
                                + " are open to every tenant, but for those of tenants."))
                : Optional.empty();
    }

    private static boolean isServiceOf(String namespace, String name) {
        int dot = name.indexOf('.');
        String behind = name.substring(dot + 1);
        return dot > 0
                && (behind.equals(namespace)
                        || behind.equals(namespace + ".svc")
                        || behind.equals(namespace + ".svc.cluster.local"));
    }

    private Optional<EgressDecision> byNetwork(Optional<Closed> closed) {
        if (address == null) {
            return Optional.empty();
        }
        return networks(address).stream()
                .findFirst()
                .map(open -> new EgressDecision(
                        Verdict.ALLOWED,
                        open.rule(),
                        closed.isPresent() && denied().isPresent()
                                ? open.sentence() + "; " + closed.get().rule().path() + " denies the name" + BYPASSED
                                : open.sentence() + "."));
    }

    private Optional<EgressDecision> byName() {
        return fence.enforcesNames()
                ? listed(fence.plan().names())
                        .map(allowance -> new EgressDecision(
                                Verdict.ALLOWED,
                                policy(allowance.path()),
                                "Policy " + fence.policy() + " opens "
                                        + allowance.pattern().text() + " on 443/TCP"
                                        + (isMetadata()
                                                ? ", even though it resolves to a cloud metadata address."
                                                : ".")))
                : Optional.empty();
    }

    private Optional<EgressDecision> dependsOnAddress(Optional<Closed> closed) {
        if (address != null) {
            return Optional.empty();
        }
        return networks(null).stream()
                .min(Comparator.comparing((Open open) -> open.rule().source() == Source.BASELINE)
                        .thenComparing(open -> open.block().prefix()))
                .map(open -> new EgressDecision(
                        Verdict.DEPENDS_ON_ADDRESS,
                        open.rule(),
                        open.sentence() + ", so it depends on the address of " + name + "; ask again with it."
                                + closed.map(it -> " For the name itself: " + it.sentence())
                                        .orElse("")));
    }

    private Optional<EgressDecision> byMetadataAddress() {
        return isMetadata()
                ? Optional.of(new EgressDecision(
                        Verdict.DENIED,
                        baseline("metadataAddresses"),
                        "It is a cloud metadata address, which no network that OpenCrane opens includes."))
                : Optional.empty();
    }

    private EgressDecision byDefault() {
        boolean nameMayOpen = name == null
                && isHttps()
                && fence.enforcesNames()
                && !fence.plan().names().isEmpty();
        boolean restEndsHere = address != null && fence.plan().networks().contains(DomainRules.INTERNET) && isHttps();
        return new EgressDecision(
                Verdict.DENIED,
                baseline("defaultDeny"),
                "No rule opens it"
                        + (restEndsHere ? "; " + DomainRules.REST + " opens neither private networks nor IPv6" : "")
                        + (nameMayOpen
                                ? "; an allowed name that resolves to this address would be reached, so ask with the name too."
                                : "."));
    }

    /** Those open on the port that hold an address; or, for null, hold any. */
    private List<Open> networks(@Nullable Cidr wanted) {
        List<Open> open = new ArrayList<>();
        List<Cidr> everybodys = fence.baseline().networks();
        for (int i = 0; i < everybodys.size(); i++) {
            Cidr block = everybodys.get(i);
            if (holds(block, MetadataAddresses.ALL, wanted)) {
                open.add(new Open(
                        baseline("OPENCRANE_EGRESS_BASELINE[" + i + "]"),
                        block,
                        "Network " + block + " is open to every tenant"));
            }
        }
        fence.plan().networks().stream()
                .filter(network ->
                        network.protocol() == protocol && network.ports().contains(port))
                .filter(network -> holds(network.block(), network.except(), wanted))
                .map(this::open)
                .forEach(open::add);
        return open;
    }

    private Open open(NetworkAllowance network) {
        return new Open(
                policy(network.path()),
                network.block(),
                "Policy " + fence.policy() + " opens " + network.block() + " on " + port + "/" + protocol);
    }

    private static boolean holds(Cidr block, List<Cidr> except, @Nullable Cidr wanted) {
        return wanted == null
                ? !except.contains(block)
                : block.contains(wanted) && except.stream().noneMatch(no -> no.contains(wanted));
    }

    private Optional<Closed> denied() {
        return name == null
                ? Optional.empty()
                : first(fence.plan().denied(), denial -> denial.pattern().matches(name))
                        .map(denial -> new Closed(policy(denial.path()), denialOf(denial)));
    }

    private String denialOf(NameDenial denial) {
        return "Policy " + fence.policy() + " denies " + denial.pattern().text() + ".";
    }

    private Optional<Closed> withheld() {
        return listed(fence.plan().withheld())
                .flatMap(allowance -> gap(gap -> gap.path().equals(allowance.path()))
                        .or(() -> gap(gap -> gap.reason() == Reason.DENY_MALFORMED)));
    }

    private Optional<Closed> unenforced() {
        return fence.enforcesNames()
                ? Optional.empty()
                : listed(fence.plan().names())
                        .map(allowance -> new Closed(
                                policy(allowance.path()),
                                "Policy " + fence.policy() + " lists "
                                        + allowance.pattern().text()
                                        + ", but its condition DomainsEnforced does not say that something puts names into"
                                        + " force everywhere; that takes Cilium, and where the condition does not name the"
                                        + " tenant's place, the name is open."));
    }

    private Optional<Closed> restWithheld() {
        Cidr known = address;
        return isHttps() && (known == null || holds(DomainRules.INTERNET.block(), DomainRules.INTERNET.except(), known))
                ? gap(gap -> gap.path().equals(DomainRules.REST))
                : Optional.empty();
    }

    private Optional<NameAllowance> listed(List<NameAllowance> names) {
        return name == null || !isHttps()
                ? Optional.empty()
                : first(names, allowance -> allowance.pattern().matches(name));
    }

    private Optional<Closed> gap(Predicate<EgressPlan.Gap> wanted) {
        return first(fence.plan().gaps(), wanted)
                .map(gap -> new Closed(policy(gap.path()), "It is not in force: " + gap.message()));
    }

    private static <T> Optional<T> first(List<T> items, Predicate<T> wanted) {
        return items.stream().filter(wanted).findFirst();
    }

    private boolean isHttps() {
        return port == HTTPS && protocol == Protocol.TCP;
    }

    private boolean isMetadata() {
        return address != null && MetadataAddresses.ALL.contains(address);
    }

    private static Rule baseline(String path) {
        return new Rule(Source.BASELINE, null, path);
    }

    private Rule policy(String path) {
        return new Rule(Source.POLICY, fence.policy(), path);
    }
}
