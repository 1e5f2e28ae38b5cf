package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ValidationException;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.Destination;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressDecision;
import io.opencrane.api.policy.EgressDecision.Verdict;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.core.network.Cidr;
import io.opencrane.core.network.MetadataAddresses;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EgressFenceTest {
    private static final EgressBaseline BASELINE = new EgressBaseline(
            Stream.of("10.96.0.0/16", "fd00::/8", "169.254.169.254/32")
                    .map(text -> Cidr.parse(text).orElseThrow())
                    .toList(),
            "opencrane");
    private static final EgressBaseline BARE = new EgressBaseline(List.of(), "opencrane");

    private static EgressRule rule(String cidr, Protocol protocol, Integer... ports) {
        return new EgressRule(cidr, Arrays.asList(ports), protocol);
    }

    private static EgressFence fence(EgressBaseline baseline, AccessPolicySpec spec, boolean enforcesNames) {
        return new EgressFence(baseline, "p", EgressPlan.of(spec), enforcesNames);
    }

    private static AccessPolicySpec spec(Domains domains, EgressRule... rules) {
        return AccessPolicySpec.builder()
                .domains(domains)
                .egressRules(Arrays.asList(rules))
                .build();
    }

    private static Domains allow(String... names) {
        return new Domains(Arrays.asList(names), List.of(), true);
    }

    private static void assertDecision(EgressDecision decision, Verdict verdict, String path) {
        assertThat(decision.verdict()).as(decision.toString()).isEqualTo(verdict);
        assertThat(decision.rule().path()).as(decision.toString()).isEqualTo(path);
        assertThat(decision.rule().source())
                .isEqualTo(path.startsWith("spec.") ? EgressDecision.Source.POLICY : EgressDecision.Source.BASELINE);
        assertThat(decision.rule().policy()).isEqualTo(path.startsWith("spec.") ? "p" : null);
        assertThat(decision.message()).endsWith(".").doesNotContain("null");
    }

    @ParameterizedTest
    @CsvSource({
        "github.com, 53, TCP, ALLOWED, dns",
        "169.254.169.254, 53, UDP, ALLOWED, dns",
        "10.96.3.4, 1, UDP, ALLOWED, OPENCRANE_EGRESS_BASELINE[0]",
        "fd00::7, 8080, TCP, ALLOWED, OPENCRANE_EGRESS_BASELINE[1]",
        "fd00:ec2::254, 80, TCP, DENIED, metadataAddresses",
        "169.254.169.254, 80, TCP, DENIED, metadataAddresses",
        "10.97.0.1, 443, TCP, DENIED, defaultDeny",
        "api.opencrane, 8080, TCP, ALLOWED, controlPlane",
        "api.opencrane.svc, 8080, TCP, ALLOWED, controlPlane",
        "api.opencrane.svc.cluster.local, 8080, UDP, ALLOWED, controlPlane",
        "api.opencrane.svc.evil.com, 8080, TCP, DEPENDS_ON_ADDRESS, OPENCRANE_EGRESS_BASELINE[1]",
        "a.api.opencrane, 8080, TCP, DEPENDS_ON_ADDRESS, OPENCRANE_EGRESS_BASELINE[1]",
        "opencrane, 8080, TCP, DEPENDS_ON_ADDRESS, OPENCRANE_EGRESS_BASELINE[1]",
        "api.other.svc, 8080, TCP, DEPENDS_ON_ADDRESS, OPENCRANE_EGRESS_BASELINE[1]",
    })
    void theBaselineIsOpenToEveryTenant(String destination, int port, Protocol protocol, Verdict verdict, String path) {
        EgressFence fence = new EgressFence(BASELINE, null, EgressPlan.NONE, false);

        assertDecision(fence.decide(Destination.parse(destination), port, protocol), verdict, path);
    }

    @ParameterizedTest
    @CsvSource({
        "10.20.3.4, 443, TCP, ALLOWED, spec.egressRules[0]",
        "10.20.3.4, 444, TCP, DENIED, defaultDeny",
        "10.20.3.4, 443, UDP, DENIED, defaultDeny",
        "10.21.3.4, 443, TCP, DENIED, defaultDeny",
        "192.0.2.7, 514, UDP, ALLOWED, spec.egressRules[1]",
        "169.254.169.254, 80, TCP, DENIED, metadataAddresses",
        "169.254.169.253, 80, TCP, ALLOWED, spec.egressRules[2]",
        "2001:db8::1, 80, TCP, DENIED, defaultDeny",
        "::ffff:10.20.3.4, 443, TCP, ALLOWED, spec.egressRules[0]",
        "::FFFF:a14:304, 443, TCP, ALLOWED, spec.egressRules[0]",
        "::ffff:169.254.169.254, 80, TCP, DENIED, metadataAddresses",
        "github.com, 443, TCP, DEPENDS_ON_ADDRESS, spec.egressRules[0]",
        "github.com, 80, TCP, DEPENDS_ON_ADDRESS, spec.egressRules[2]",
        "github.com, 81, TCP, DENIED, defaultDeny",
    })
    void aRuleOpensAddressesOnItsPortsAndProtocol(
            String destination, int port, Protocol protocol, Verdict verdict, String path) {
        EgressFence fence = fence(
                BARE,
                spec(
                        Domains.DEFAULT,
                        rule("10.20.0.0/16", Protocol.TCP, 443, 8443),
                        rule("192.0.2.7/32", Protocol.UDP, 514),
                        rule("169.254.0.0/16", Protocol.TCP, 80)),
                true);

        assertDecision(fence.decide(Destination.parse(destination), port, protocol), verdict, path);
    }

    @ParameterizedTest
    @CsvSource({
        "api.github.com, , 443, TCP, ALLOWED, spec.domains.allow[1]",
        "api.github.com, 140.82.121.4, 443, TCP, ALLOWED, spec.domains.allow[1]",
        "api.github.com, 140.82.121.4, 80, TCP, DENIED, defaultDeny",
        "api.github.com, , 443, UDP, DENIED, defaultDeny",
        "github.com, , 443, TCP, ALLOWED, spec.domains.allow[0]",
        "a.b.github.com, , 443, TCP, DENIED, defaultDeny",
        "api.github.com, 10.20.0.1, 443, TCP, ALLOWED, spec.egressRules[0]",
    })
    void anAllowedNameIsReachedOn443(
            String name, @Nullable String address, int port, Protocol protocol, Verdict verdict, String path) {
        EgressFence fence =
                fence(BARE, spec(allow("github.com", "*.github.com"), rule("10.20.0.0/16", Protocol.TCP, 443)), true);
        EgressFence withoutRule = fence(BARE, spec(allow("github.com", "*.github.com")), true);

        EgressFence asked = path.equals("spec.egressRules[0]") ? fence : withoutRule;
        assertDecision(asked.decide(new Destination(name, address), port, protocol), verdict, path);
    }

    @Test
    void anAllowedNameIsNotReachedWhereNothingEnforcesNames() {
        EgressFence fence = fence(BARE, spec(allow("github.com"), rule("10.20.0.0/16", Protocol.TCP, 443)), false);
        Destination github = Destination.name("github.com");

        EgressDecision outside = fence.decide(github.at("140.82.121.4"), 443, Protocol.TCP);
        assertDecision(outside, Verdict.DENIED, "spec.domains.allow[0]");
        assertThat(outside.message()).contains("Cilium");
        assertDecision(fence.decide(github.at("10.20.0.1"), 443, Protocol.TCP), Verdict.ALLOWED, "spec.egressRules[0]");
        EgressDecision unknown = fence.decide(github, 443, Protocol.TCP);
        assertDecision(unknown, Verdict.DEPENDS_ON_ADDRESS, "spec.egressRules[0]");
        assertThat(unknown.message()).contains("ask again", "Cilium");
        assertDecision(fence.decide(github, 80, Protocol.TCP), Verdict.DENIED, "defaultDeny");
    }

    @Test
    void whatDependsOnTheAddressNamesTheWidestNetworkOfThePolicyFirst() {
        EgressFence fence = fence(
                BASELINE,
                spec(
                        Domains.DEFAULT,
                        rule("10.20.0.0/24", Protocol.TCP, 443),
                        rule("10.30.0.0/16", Protocol.TCP, 443),
                        rule("0.0.0.0/0", Protocol.TCP, 80)),
                true);

        assertDecision(
                fence.decide(Destination.name("github.com"), 443, Protocol.TCP),
                Verdict.DEPENDS_ON_ADDRESS,
                "spec.egressRules[1]");
    }

    @Test
    void aDeniedNameIsDeniedButForANetworkThatHoldsItsAddress() {
        EgressFence fence = fence(
                BARE,
                spec(
                        new Domains(List.of("a.evil.com"), List.of("x.org", "*.evil.com"), true),
                        rule("10.20.0.0/16", Protocol.TCP, 443)),
                true);
        Destination evil = Destination.name("a.evil.com");

        assertDecision(fence.decide(evil.at("192.0.2.1"), 443, Protocol.TCP), Verdict.DENIED, "spec.domains.deny[1]");
        EgressDecision bypassed = fence.decide(evil.at("10.20.0.1"), 443, Protocol.TCP);
        assertDecision(bypassed, Verdict.ALLOWED, "spec.egressRules[0]");
        assertThat(bypassed.message()).contains("spec.domains.deny[1]", "under every name");
        EgressDecision unknown = fence.decide(evil, 443, Protocol.TCP);
        assertDecision(unknown, Verdict.DEPENDS_ON_ADDRESS, "spec.egressRules[0]");
        assertThat(unknown.message()).contains("denies *.evil.com");
        assertDecision(fence.decide(evil, 80, Protocol.TCP), Verdict.DENIED, "spec.domains.deny[1]");
    }

    @Test
    void aGapThatWouldHaveOpenedItDecides() {
        EgressFence notExpressible = fence(
                BARE, spec(new Domains(List.of("x.org", "*.github.com"), List.of("gist.github.com"), false)), true);
        EgressDecision withheld = notExpressible.decide(Destination.name("api.github.com"), 443, Protocol.TCP);
        assertDecision(withheld, Verdict.DENIED, "spec.domains.allow[1]");
        assertThat(withheld.message()).contains("spec.domains.deny[0]");
        assertDecision(
                notExpressible.decide(Destination.name("gitlab.com"), 443, Protocol.TCP),
                Verdict.DENIED,
                "spec.domains.defaultDeny");
        assertDecision(
                notExpressible.decide(Destination.address("192.0.2.1"), 443, Protocol.TCP),
                Verdict.DENIED,
                "spec.domains.defaultDeny");
        assertDecision(
                notExpressible.decide(Destination.address("10.0.0.1"), 443, Protocol.TCP),
                Verdict.DENIED,
                "defaultDeny");
        assertDecision(
                notExpressible.decide(Destination.name("gitlab.com"), 80, Protocol.TCP), Verdict.DENIED, "defaultDeny");

        EgressFence malformed = fence(BARE, spec(new Domains(List.of("x.org"), List.of("http://y.org"), true)), true);
        assertDecision(
                malformed.decide(Destination.name("x.org"), 443, Protocol.TCP), Verdict.DENIED, "spec.domains.deny[0]");
    }

    @ParameterizedTest
    @CsvSource({
        "140.82.121.4, 443, ALLOWED, spec.domains.defaultDeny",
        "140.82.121.4, 80, DENIED, defaultDeny",
        "10.0.0.1, 443, DENIED, defaultDeny",
        "100.100.100.200, 443, DENIED, metadataAddresses",
        "168.63.129.16, 443, DENIED, metadataAddresses",
        "2606:50c0::1, 443, DENIED, defaultDeny",
        "github.com, 443, DEPENDS_ON_ADDRESS, spec.domains.defaultDeny",
    })
    void noDefaultDenyOpensTheInternetWithoutPrivateNetworks(
            String destination, int port, Verdict verdict, String path) {
        EgressFence fence = fence(BARE, spec(new Domains(List.of(), List.of(), false)), false);

        assertDecision(fence.decide(Destination.parse(destination), port, Protocol.TCP), verdict, path);
    }

    @Test
    void anAddressAloneIsToldThatANameMayOpenIt() {
        Destination address = Destination.address("140.82.121.4");

        EgressDecision enforced = fence(BARE, spec(allow("github.com")), true).decide(address, 443, Protocol.TCP);
        assertDecision(enforced, Verdict.DENIED, "defaultDeny");
        assertThat(enforced.message()).contains("an allowed name");
        assertThat(fence(BARE, spec(allow("github.com")), false)
                        .decide(address, 443, Protocol.TCP)
                        .message())
                .doesNotContain("an allowed name");
        assertThat(fence(BARE, spec(allow("github.com")), true)
                        .decide(address, 80, Protocol.TCP)
                        .message())
                .doesNotContain("an allowed name");
    }

    @Test
    void anAllowedNameThatResolvesToAMetadataAddressIsReachedAndSaidSo() {
        EgressDecision decision = fence(BARE, spec(allow("*")), true)
                .decide(Destination.name("rebound.example").at("169.254.169.254"), 443, Protocol.TCP);

        assertDecision(decision, Verdict.ALLOWED, "spec.domains.allow[0]");
        assertThat(decision.message()).contains("metadata address");
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.7, 0", "10.0.0.7, 65536", "10.0.0.7, -1", "10.0.0.256, 443", "10.0.0, 443", "1::2::3, 443"})
    void whatIsNoPortOrAddressIsRefused(String destination, int port) {
        EgressFence fence = new EgressFence(BARE, null, EgressPlan.NONE, true);

        assertThatThrownBy(() -> fence.decide(Destination.parse(destination), port, Protocol.TCP))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("Write ");
    }

    @Test
    void onlyAPolicyHasAPlan() {
        EgressPlan plan = EgressPlan.of(spec(allow("github.com")));

        assertThatThrownBy(() -> new EgressFence(BARE, null, plan, true)).isInstanceOf(IllegalArgumentException.class);
    }

    /** What the NetworkPolicies open, from the spec and in arithmetic of its own. */
    private static boolean isOpen(AccessPolicySpec spec, long address, int port, Protocol protocol) {
        if (port == 53) {
            return true;
        }
        boolean metadata = MetadataAddresses.ALL.stream()
                .map(Cidr::toString)
                .filter(text -> text.indexOf(':') < 0)
                .anyMatch(text -> number(text.substring(0, text.indexOf('/'))) == address);
        boolean byRule = spec.egressRules().stream()
                .anyMatch(rule ->
                        rule.protocol() == protocol && rule.ports().contains(port) && isWithin(rule.cidr(), address));
        boolean isPrivate = Stream.of(
                        "10.0.0.0/8",
                        "172.16.0.0/12",
                        "192.168.0.0/16",
                        "100.64.0.0/10",
                        "169.254.0.0/16",
                        "127.0.0.0/8")
                .anyMatch(block -> isWithin(block, address));
        boolean byRest = !spec.domains().defaultDeny()
                && spec.domains().deny().isEmpty()
                && port == 443
                && protocol == Protocol.TCP
                && !isPrivate;
        return !metadata && (byRule || byRest);
    }

    private static boolean isWithin(String block, long address) {
        int slash = block.indexOf('/');
        long size = 1L << 32 - Integer.parseInt(block.substring(slash + 1));
        return address / size == number(block.substring(0, slash)) / size;
    }

    private static long number(String address) {
        return Arrays.stream(address.split("\\.")).mapToLong(Long::parseLong).reduce(0, (high, low) -> high << 8 | low);
    }

    private static String text(long address) {
        return (address >> 24) + "." + (address >> 16 & 255) + "." + (address >> 8 & 255) + "." + (address & 255);
    }

    @Test
    void theDecisionForAnAddressIsWhatTheNetworkDoes() {
        Random random = new Random(20_260_407);
        List<Long> corners = Stream.of(
                        "169.254.169.254",
                        "169.254.170.2",
                        "168.63.129.16",
                        "100.100.100.200",
                        "192.0.0.192",
                        "10.1.2.3",
                        "172.31.255.255",
                        "172.32.0.0",
                        "192.168.0.1",
                        "127.0.0.1",
                        "8.8.8.8",
                        "255.255.255.255",
                        "0.0.0.0")
                .map(EgressFenceTest::number)
                .toList();
        List<Integer> ports = List.of(53, 80, 443, 8443);
        Map<Verdict, Integer> seen = new EnumMap<>(Verdict.class);
        for (int i = 0; i < 1_000; i++) {
            EgressRule[] rules = IntStream.range(0, random.nextInt(4))
                    .mapToObj(at -> rule(
                            text(corners.get(random.nextInt(corners.size()))) + "/" + random.nextInt(33),
                            random.nextInt(4) > 0 ? Protocol.TCP : Protocol.UDP,
                            ports.get(random.nextInt(4)),
                            ports.get(random.nextInt(4))))
                    .toArray(EgressRule[]::new);
            AccessPolicySpec spec = spec(
                    new Domains(
                            List.of("github.com"),
                            random.nextBoolean() ? List.of() : List.of("evil.com"),
                            random.nextBoolean()),
                    rules);
            EgressFence fence = fence(BARE, spec, random.nextBoolean());
            for (int asked = 0; asked < 10; asked++) {
                long address = corners.get(random.nextInt(corners.size())) ^ (random.nextInt(3) == 0 ? 1 : 0);
                int port = ports.get(random.nextInt(4));
                Protocol protocol = random.nextInt(4) > 0 ? Protocol.TCP : Protocol.UDP;
                Destination destination = new Destination(
                        random.nextBoolean() ? null : random.nextBoolean() ? "evil.com" : "other.org", text(address));

                EgressDecision decision = fence.decide(destination, port, protocol);

                assertThat(decision.verdict())
                        .as("%s:%s/%s under %s: %s", destination, port, protocol, spec, decision)
                        .isEqualTo(isOpen(spec, address, port, protocol) ? Verdict.ALLOWED : Verdict.DENIED);
                seen.merge(decision.verdict(), 1, Integer::sum);
                EgressDecision byName = fence.decide(Destination.name("other.org"), port, protocol);
                if (decision.verdict() == Verdict.ALLOWED) {
                    assertThat(byName.verdict()).isNotEqualTo(Verdict.DENIED);
                }
            }
        }
        assertThat(seen.get(Verdict.ALLOWED)).isGreaterThan(1_000);
        assertThat(seen.get(Verdict.DENIED)).isGreaterThan(1_000);
    }
}
