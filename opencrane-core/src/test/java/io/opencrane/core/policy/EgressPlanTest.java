package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.core.network.Cidr;
import io.opencrane.core.network.MetadataAddresses;
import io.opencrane.core.policy.EgressPlan.Gap;
import io.opencrane.core.policy.EgressPlan.NetworkAllowance;
import io.opencrane.core.policy.EgressPlan.Reason;
import io.opencrane.core.support.CpuTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressPlanTest {
    private static EgressRule rule(String cidr, Integer... ports) {
        return new EgressRule(cidr, Arrays.asList(ports), Protocol.TCP);
    }

    private static EgressPlan rules(EgressRule... rules) {
        return EgressPlan.of(
                AccessPolicySpec.builder().egressRules(Arrays.asList(rules)).build());
    }

    private static EgressPlan domains(List<String> allow, List<String> deny, boolean defaultDeny) {
        return EgressPlan.of(AccessPolicySpec.builder()
                .domains(new Domains(allow, deny, defaultDeny))
                .build());
    }

    private static EgressPlan domains(List<String> allow, String... deny) {
        return domains(allow, List.of(deny), true);
    }

    private static List<String> names(EgressPlan plan) {
        return plan.names().stream()
                .map(name -> name.path() + " " + name.pattern().text())
                .toList();
    }

    private static List<String> gaps(EgressPlan plan) {
        assertThat(plan.gaps()).extracting(Gap::message).allMatch(message -> message.endsWith("."));
        return plan.gaps().stream().map(gap -> gap.path() + " " + gap.reason()).toList();
    }

    private static List<String> networks(EgressPlan plan) {
        return plan.networks().stream()
                .map(network -> network.path() + " " + network.block() + " " + network.ports() + "/"
                        + network.protocol() + " " + network.except())
                .toList();
    }

    @Test
    void anEmptySpecOpensNothing() {
        EgressPlan plan = EgressPlan.of(AccessPolicySpec.builder().build());

        assertThat(plan).isEqualTo(new EgressPlan(List.of(), List.of(), List.of(), List.of(), List.of()));
    }

    @Test
    void aRuleOpensItsNetworkWithoutHostBitsOnItsPorts() {
        EgressPlan plan = rules(
                rule("10.20.3.4/16", 8443, 443, 443),
                new EgressRule("192.0.2.7/32", List.of(), Protocol.UDP),
                rule("10.20.0.0/16", 443, 8443));

        assertThat(networks(plan))
                .containsExactly(
                        "spec.egressRules[0] 10.20.0.0/16 [443, 8443]/TCP []",
                        "spec.egressRules[1] 192.0.2.7/32 [443]/UDP []",
                        "spec.egressRules[2] 10.20.0.0/16 [443, 8443]/TCP []");
        assertThat(plan.gaps()).isEmpty();
    }

    @Test
    void metadataAddressesAreExcepted() {
        assertThat(networks(rules(rule("169.254.0.0/16", 80), rule("0.0.0.0/0", 443))))
                .containsExactly(
                        "spec.egressRules[0] 169.254.0.0/16 [80]/TCP [169.254.169.254/32, 169.254.170.2/32, 169.254.170.23/32]",
                        "spec.egressRules[1] 0.0.0.0/0 [443]/TCP [100.100.100.200/32, 168.63.129.16/32, 169.254.169.254/32,"
                                + " 169.254.170.2/32, 169.254.170.23/32, 192.0.0.192/32]");
    }

    @Test
    void aRuleForAMetadataAddressIsAGap() {
        for (Cidr address : MetadataAddresses.ALL) {
            EgressPlan plan = rules(rule(address.toString(), 80));

            assertThat(plan.networks()).isEmpty();
            assertThat(gaps(plan))
                    .containsExactly("spec.egressRules[0].cidr "
                            + (address.isV6() ? Reason.MALFORMED : Reason.METADATA_ADDRESS));
        }
        assertThat(gaps(rules(rule("169.254.169.254/31", 80)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "10.0.0.0",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/08",
                "010.0.0.0/8",
                "10.0.0/8",
                "fd00::/8",
                "::/0",
                "::ffff:10.0.0.0/104",
                "10.0.0.0/8 ",
                "10.0.0.0/8\n",
                "10.0.0.0/8/8",
                "github.com",
                "0x0a.0.0.0/8",
                "١٠.0.0.0/8",
                "10.0.0.0/٨",
                "/",
                "/8",
                "10.0.0.256/8",
                "10.0.0.0/99999999999",
            })
    void aRuleWhoseNetworkCannotBeReadIsAGap(String cidr) {
        EgressPlan plan = rules(rule(cidr, 443, 0), rule("10.0.0.0/8", 443));

        assertThat(networks(plan)).containsExactly("spec.egressRules[1] 10.0.0.0/8 [443]/TCP []");
        assertThat(gaps(plan))
                .containsExactly("spec.egressRules[0].cidr MALFORMED", "spec.egressRules[0].ports[1] MALFORMED");
    }

    @Test
    void badPortsAreGapsAndTheGoodOnesStay() {
        EgressPlan plan =
                rules(rule("10.0.0.0/8", 0, 443, 65536, -1, 65535, 1), rule("10.0.0.0/8", 0, Integer.MAX_VALUE));

        assertThat(networks(plan)).containsExactly("spec.egressRules[0] 10.0.0.0/8 [1, 443, 65535]/TCP []");
        assertThat(gaps(plan))
                .containsExactly(
                        "spec.egressRules[0].ports[0] MALFORMED",
                        "spec.egressRules[0].ports[2] MALFORMED",
                        "spec.egressRules[0].ports[3] MALFORMED",
                        "spec.egressRules[1].ports[0] MALFORMED",
                        "spec.egressRules[1].ports[1] MALFORMED");
    }

    @Test
    void namesAreAllowedOnceInLowerCaseWithoutTheRootsDot() {
        EgressPlan plan = domains(List.of(
                "API.GitHub.com.", "*.github.com", "api.github.com", "*", "a_b.x", "*.", "xn--bcher-kva.example"));

        assertThat(names(plan))
                .containsExactly(
                        "spec.domains.allow[0] api.github.com",
                        "spec.domains.allow[1] *.github.com",
                        "spec.domains.allow[3] *",
                        "spec.domains.allow[4] a_b.x",
                        "spec.domains.allow[6] xn--bcher-kva.example");
        assertThat(plan.gaps()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'', without scheme",
        "' ', without scheme",
        "' github.com', without scheme",
        "'github.com ', without scheme",
        "., without scheme",
        "https://github.com, without scheme",
        "github.com:443, without scheme",
        "github.com/path, without scheme",
        "a@b, without scheme",
        "a%b.com, without scheme",
        "a..b, empty label",
        ".github.com, empty label",
        "github.com.., empty label",
        "10.0.0.7, spec.egressRules",
        "10.0.0.7., spec.egressRules",
        "10.0.0.0/8, spec.egressRules",
        "::1, spec.egressRules",
        "bücher.example, punycode",
        "\u212aube.example, punycode", // its lower case is k
        "**.github.com, one * at a time",
        "**, one * at a time",
        "a**b.com, one * at a time",
    })
    void whatIsNoNameIsAGapThatSaysWhatToWrite(String text, String advice) {
        EgressPlan allowed = domains(List.of(text, "github.com"), "gitlab.com");
        assertThat(names(allowed)).containsExactly("spec.domains.allow[1] github.com");
        assertThat(gaps(allowed)).containsExactly("spec.domains.allow[0] MALFORMED");
        assertThat(allowed.gaps().get(0).message()).contains(advice);

        EgressPlan denied = domains(List.of("github.com", "gitlab.com"), "gitlab.com", text);
        assertThat(denied.names()).isEmpty();
        assertThat(gaps(denied)).containsExactly("spec.domains.deny[1] DENY_MALFORMED");
        assertThat(denied.gaps().get(0).message()).contains(advice);
        assertThat(denied.withheld())
                .extracting(EgressPlan.NameAllowance::path)
                .containsExactly("spec.domains.allow[0]");
    }

    @Test
    void namesAreNoLongerThanCiliumTakesThem() {
        String name = "a.".repeat(126) + "a";
        String pattern = "*." + name;

        assertThat(gaps(domains(List.of(name, name + ".", pattern)))).isEmpty();
        assertThat(gaps(domains(List.of("a" + name, "a" + pattern))))
                .containsExactly("spec.domains.allow[0] MALFORMED", "spec.domains.allow[1] MALFORMED");
    }

    @Test
    void aDenyTakesAwayWhatItCovers() {
        EgressPlan plan = domains(
                List.of("api.github.com", "evil.com", "www.evil.com", "*.evil.com", "a.b.evil.com", "evil.com."),
                "EVIL.com.",
                "*.evil.com",
                "nobody.example");

        assertThat(names(plan))
                .containsExactly("spec.domains.allow[0] api.github.com", "spec.domains.allow[4] a.b.evil.com");
        assertThat(plan.gaps()).isEmpty();
        assertThat(plan.withheld()).isEmpty();
        assertThat(plan.denied())
                .extracting(EgressPlan.NameDenial::path)
                .containsExactly("spec.domains.deny[0]", "spec.domains.deny[1]", "spec.domains.deny[2]");
    }

    @Test
    void anAllowThatADenyLiesWithinIsClosed() {
        EgressPlan plan =
                domains(List.of("*.github.com", "*", "api.github.com", "a*.example"), "gist.github.com", "*z.example");

        assertThat(names(plan)).containsExactly("spec.domains.allow[2] api.github.com");
        assertThat(gaps(plan))
                .containsExactly(
                        "spec.domains.allow[0] DENY_NOT_EXPRESSIBLE",
                        "spec.domains.allow[1] DENY_NOT_EXPRESSIBLE",
                        "spec.domains.allow[3] DENY_NOT_EXPRESSIBLE");
        assertThat(plan.gaps().get(0).message()).contains("spec.domains.deny[0]", "gist.github.com");
        assertThat(plan.gaps().get(2).message()).contains("spec.domains.deny[1]");
        assertThat(plan.withheld()).hasSize(3);
    }

    @Test
    void noDefaultDenyOpensTheInternetWithoutPrivateNetworks() {
        EgressPlan plan = domains(List.of("github.com"), List.of(), false);

        assertThat(networks(plan))
                .containsExactly("spec.domains.defaultDeny 0.0.0.0/0 [443]/TCP [10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8,"
                        + " 168.63.129.16/32, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.192/32, 192.168.0.0/16]");
        assertThat(names(plan)).containsExactly("spec.domains.allow[0] github.com");
        assertThat(plan.gaps()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.com", "http://evil.com"})
    void noDefaultDenyBesideADenyIsClosed(String deny) {
        EgressPlan plan = domains(List.of(), List.of(deny), false);

        assertThat(plan.networks()).isEmpty();
        assertThat(gaps(plan)).last().isEqualTo("spec.domains.defaultDeny DENY_NOT_EXPRESSIBLE");
    }

    @Test
    void whatIsAllowedIsNeverDeniedAndNothingIsExceptedThatDoesNotLieStrictlyWithin() {
        Random random = new Random(20_260_405);
        for (int i = 0; i < 2_000; i++) {
            List<String> allow = randomNames(random);
            List<String> deny = randomNames(random);
            EgressPlan plan = EgressPlan.of(AccessPolicySpec.builder()
                    .domains(new Domains(allow, deny, random.nextBoolean()))
                    .egressRules(List.of(rule(
                            "169.254." + (168 + random.nextInt(3)) + "." + random.nextInt(256) + "/"
                                    + random.nextInt(34),
                            443)))
                    .build());

            assertThat(plan.names())
                    .noneMatch(name ->
                            plan.denied().stream().anyMatch(no -> no.pattern().intersects(name.pattern())));
            assertThat(plan.names())
                    .extracting(EgressPlan.NameAllowance::pattern)
                    .doesNotHaveDuplicates();
            for (NetworkAllowance network : plan.networks()) {
                assertThat(network.except())
                        .isSorted()
                        .doesNotContain(network.block())
                        .allMatch(network.block()::contains);
                assertThat(MetadataAddresses.within(network.block()))
                        .allMatch(address -> network.except().stream().anyMatch(no -> no.contains(address)));
            }
        }
    }

    private static List<String> randomNames(Random random) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> List.of("*", "a.x", "*.x", "b*.x", "*a.x", "A.x.", "x", "a b", "b1.x", "*1*.x")
                        .get(random.nextInt(10)))
                .toList();
    }

    @Test
    @Timeout(120)
    void morePatternsThanCanBeComparedAreClosed() {
        Domains hostile = new Domains(
                IntStream.range(0, 20_000).mapToObj(i -> "a" + i + "*.c").toList(),
                IntStream.range(0, 20_000)
                        .mapToObj(i -> (i < 19_999 ? "b" + i : "a199") + "*.c")
                        .toList(),
                true);
        AtomicReference<EgressPlan> plan = new AtomicReference<>(EgressPlan.NONE);

        assertThat(CpuTime.of(() -> plan.set(EgressPlan.of(
                        AccessPolicySpec.builder().domains(hostile).build()))))
                .isLessThan(Duration.ofSeconds(10));

        assertThat(plan.get().names())
                .hasSizeGreaterThan(1_000)
                .noneMatch(name -> name.pattern().text().startsWith("a199"));
        assertThat(plan.get().names().size() + plan.get().withheld().size() + 111)
                .isGreaterThanOrEqualTo(20_000);
        assertThat(plan.get().withheld())
                .extracting(EgressPlan.NameAllowance::path)
                .containsExactlyElementsOf(
                        plan.get().gaps().stream().map(EgressPlan.Gap::path).toList());
    }

    @Test
    @Timeout(60)
    void fiveThousandRulesAndNamesAreFast() {
        AccessPolicySpec huge = AccessPolicySpec.builder()
                .domains(new Domains(
                        IntStream.range(0, 5_000)
                                .mapToObj(i -> (i % 2 == 0 ? "*.a" : "*a") + i + ".example.com")
                                .toList(),
                        IntStream.range(0, 1_000)
                                .mapToObj(i -> (i % 2 == 0 ? "*b." : "c*b") + i + ".example.com")
                                .toList(),
                        true))
                .egressRules(IntStream.range(0, 5_000)
                        .mapToObj(i -> rule("10." + i / 256 + "." + i % 256 + ".0/24", 443, 8443))
                        .toList())
                .build();
        EgressPlan plan = EgressPlan.of(huge);

        assertThat(CpuTime.of(() -> EgressPlan.of(huge))).isLessThan(Duration.ofSeconds(1));

        assertThat(plan.names()).hasSize(5_000);
        assertThat(plan.networks()).hasSize(5_000);
        assertThat(plan.gaps()).isEmpty();
    }
}
