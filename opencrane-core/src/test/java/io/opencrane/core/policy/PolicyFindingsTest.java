package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.api.policy.PolicyFinding;
import io.opencrane.core.support.CpuTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PolicyFindingsTest {
    private static EgressRule rule(String cidr, Integer... ports) {
        return new EgressRule(cidr, Arrays.asList(ports), Protocol.TCP);
    }

    private static AccessPolicySpec rules(EgressRule... rules) {
        return AccessPolicySpec.builder().egressRules(Arrays.asList(rules)).build();
    }

    private static AccessPolicySpec domains(List<String> allow, List<String> deny, boolean defaultDeny) {
        return AccessPolicySpec.builder()
                .domains(new Domains(allow, deny, defaultDeny))
                .build();
    }

    private static List<String> findings(AccessPolicySpec spec) {
        List<PolicyFinding> findings = PolicyFindings.of(spec);
        assertThat(findings).extracting(PolicyFinding::message).allMatch(message -> message.endsWith("."));
        return findings.stream()
                .map(finding -> finding.path() + " " + finding.kind() + by(finding))
                .toList();
    }

    private static String by(PolicyFinding finding) {
        return finding.message().startsWith("spec.")
                ? " by " + finding.message().substring(0, finding.message().indexOf(' '))
                : "";
    }

    @Test
    void thereIsNothingToSayOfAPolicyThatMeansWhatItSays() {
        assertThat(PolicyFindings.of(AccessPolicySpec.builder().build())).isEmpty();
        assertThat(PolicyFindings.of(AccessPolicySpec.builder()
                        .domains(new Domains(List.of("api.github.com", "*.pypi.org"), List.of("evil.com"), true))
                        .egressRules(List.of(
                                rule("10.0.0.0/8", 443),
                                rule("10.0.0.0/8", 8443),
                                rule("10.0.0.0/16", 443, 80),
                                new EgressRule("10.0.0.0/8", List.of(443), Protocol.UDP),
                                rule("11.0.0.0/8", 443)))
                        .build()))
                .isEmpty();
    }

    @Test
    void aRuleThatAnotherRuleCoversIsShadowed() {
        assertThat(findings(rules(
                        rule("10.20.0.0/16", 443),
                        rule("10.0.0.0/8", 443, 80),
                        rule("10.0.0.0/8", 80, 443),
                        rule("10.20.30.0/24", 443),
                        rule("10.20.30.0/24", 443, 81),
                        rule("169.254.170.0/24", 80),
                        rule("169.254.0.0/16", 80))))
                .containsExactly(
                        "spec.egressRules[0] SHADOWED by spec.egressRules[1]",
                        "spec.egressRules[2] SHADOWED by spec.egressRules[1]",
                        "spec.egressRules[3] SHADOWED by spec.egressRules[0]",
                        "spec.egressRules[5] SHADOWED by spec.egressRules[6]");
    }

    @Test
    void aNameThatAnotherCoversIsShadowed() {
        assertThat(findings(domains(
                        List.of("api.github.com", "*.github.com", "API.github.com.", "*.github.com", "a.b.github.com"),
                        List.of(),
                        true)))
                .containsExactly(
                        "spec.domains.allow[0] SHADOWED by spec.domains.allow[1]",
                        "spec.domains.allow[2] SHADOWED by spec.domains.allow[0]",
                        "spec.domains.allow[3] SHADOWED by spec.domains.allow[1]");
    }

    @Test
    void anAllowedNameThatADenyTakesAwayIsSaidToBeDenied() {
        assertThat(findings(domains(
                        List.of("github.com", "www.evil.com", "evil.com"), List.of("evil.com", "*.evil.com"), true)))
                .containsExactly(
                        "spec.domains.allow[1] DENIED by spec.domains.deny[1]",
                        "spec.domains.allow[2] DENIED by spec.domains.deny[0]");
    }

    @Test
    void whatAllowsEverythingIsSaid() {
        assertThat(findings(AccessPolicySpec.builder()
                        .domains(new Domains(List.of("github.com", "*"), List.of(), false))
                        .egressRules(List.of(
                                rule("140.82.0.0/16", 443),
                                rule("0.0.0.0/0", 80),
                                rule("10.0.0.0/8", 443),
                                rule("0.0.0.0/1", 80)))
                        .build()))
                .containsExactly(
                        "spec.domains.allow[0] SHADOWED by spec.domains.allow[1]",
                        "spec.domains.allow[1] ALLOWS_ALL",
                        "spec.domains.defaultDeny ALLOWS_ALL",
                        "spec.egressRules[0] SHADOWED by spec.domains.defaultDeny",
                        "spec.egressRules[1] ALLOWS_ALL",
                        "spec.egressRules[3] SHADOWED by spec.egressRules[1]");
        assertThat(findings(AccessPolicySpec.builder()
                        .domains(new Domains(List.of(), List.of(), false))
                        .egressRules(List.of(rule("0.0.0.0/0", 443)))
                        .build()))
                .containsExactly(
                        "spec.domains.defaultDeny ALLOWS_ALL",
                        "spec.domains.defaultDeny SHADOWED by spec.egressRules[0]",
                        "spec.egressRules[0] ALLOWS_ALL");
    }

    @Test
    void whatIsNotInForceIsSaidInTheOrderOfTheSpec() {
        assertThat(findings(AccessPolicySpec.builder()
                        .domains(new Domains(List.of("*", "a b", "evil.com"), List.of("evil.com", "http://x"), false))
                        .egressRules(IntStream.range(0, 12)
                                .mapToObj(i ->
                                        i == 2 || i == 10 ? rule("nowhere", 443, 0) : rule("10." + i + ".0.0/16", 443))
                                .toList())
                        .build()))
                .containsExactly(
                        "spec.domains.allow[0] NOT_IN_FORCE",
                        "spec.domains.allow[1] NOT_IN_FORCE",
                        "spec.domains.allow[2] DENIED by spec.domains.deny[0]",
                        "spec.domains.deny[1] NOT_IN_FORCE",
                        "spec.domains.defaultDeny NOT_IN_FORCE",
                        "spec.egressRules[2].cidr NOT_IN_FORCE",
                        "spec.egressRules[2].ports[1] NOT_IN_FORCE",
                        "spec.egressRules[10].cidr NOT_IN_FORCE",
                        "spec.egressRules[10].ports[1] NOT_IN_FORCE");
    }

    private static void assertFast(IntFunction<String> name, IntFunction<EgressRule> rule, int expected) {
        AccessPolicySpec spec = AccessPolicySpec.builder()
                .domains(new Domains(IntStream.range(0, 5_000).mapToObj(name).toList(), List.of(), true))
                .egressRules(IntStream.range(0, 5_000).mapToObj(rule).toList())
                .build();
        assertThat(CpuTime.of(() -> assertThat(PolicyFindings.of(spec)).hasSize(expected)))
                .isLessThan(Duration.ofSeconds(2));
    }

    @Test
    @Timeout(120)
    void whatCannotAllBeComparedIsStillAnswered() {
        Random random = new Random(7);
        AccessPolicySpec hostile = AccessPolicySpec.builder()
                .domains(new Domains(
                        IntStream.range(0, 20_000)
                                .mapToObj(i -> "a" + i + "*.c")
                                .toList(),
                        List.of(),
                        true))
                .egressRules(IntStream.range(0, 14_000)
                        .mapToObj(i -> rule(
                                "10.0.0.0/8",
                                random.ints(1, 25).distinct().limit(12).boxed().toArray(Integer[]::new)))
                        .toList())
                .build();

        assertThat(CpuTime.of(() -> PolicyFindings.of(hostile))).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    @Timeout(60)
    void fiveThousandRulesAndNamesAreFast() {
        assertFast(i -> "a" + i + ".example.com", i -> rule("10." + i / 256 + "." + i % 256 + ".0/24", 443), 0);
        assertFast(i -> "a.example.com", i -> rule("10.0.0.0/8", 443), 2 * 4_999);
        assertFast(i -> "*a" + i + ".example.com", i -> rule("10.0.0.0/8", 443, 1_000 + i), 0);
        assertFast(i -> "a" + i + "x*.example.com", i -> rule("10." + i % 256 + ".0.0/" + (16 + i % 3), 1 + i), 0);
    }
}
