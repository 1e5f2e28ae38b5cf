package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.Problem.Code;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.NewAccessPolicy;
import io.opencrane.core.InstanceScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessPolicyValidationTest {
    private static final InstanceScope SCOPE = InstanceScope.namespaces("opencrane", "second");

    private static NewAccessPolicy.Builder sound() {
        return NewAccessPolicy.builder("engineering")
                .description("What engineers need.\nAsk Ada.")
                .matchTeam("engineering")
                .matchLabel("example.com/tier", "gold")
                .matchLabel("empty", "")
                .allowDomains("github.com", "*.GitHub.com", "registry.npmjs.org.")
                .denyDomains("example.com")
                .egress("10.20.0.0/16", 5432, 6379)
                .egress(EgressRule.udp("10.20.0.7/32", 123))
                .egress("0.0.0.0/0")
                .allowMcpServers("jira", "acme/wiki")
                .denyMcpServers("payroll");
    }

    private static List<Problem> problems(NewAccessPolicy policy) {
        return AccessPolicyValidation.problems(policy, SCOPE);
    }

    private static Arguments bad(String path, Code code, UnaryOperator<NewAccessPolicy.Builder> change) {
        return arguments(path, code, change.apply(sound()).build());
    }

    private static Arguments name(String name, Code code) {
        return arguments("name", code, NewAccessPolicy.builder(name).build());
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                name("", Code.REQUIRED),
                name("Upper", Code.MALFORMED),
                name("a.b", Code.MALFORMED),
                name("-a", Code.MALFORMED),
                name("a".repeat(64), Code.TOO_LONG),
                bad("namespace", Code.UNKNOWN, p -> p.namespace("elsewhere")),
                bad("createRequest", Code.REQUIRED, p -> p.createRequest(" ")),
                bad("spec.description", Code.TOO_LONG, p -> p.description("x".repeat(1001))),
                bad("spec.description", Code.MALFORMED, p -> p.description("bell \u0007")),
                bad("spec.tenantSelector.matchTeam", Code.MALFORMED, p -> p.matchTeam("a team")),
                bad("spec.tenantSelector.matchTeam", Code.REQUIRED, p -> p.matchTeam("")),
                bad("spec.tenantSelector.matchLabels", Code.MALFORMED, p -> p.matchLabel("a key", "x")),
                bad("spec.tenantSelector.matchLabels", Code.MALFORMED, p -> p.matchLabel("", "x")),
                bad("spec.tenantSelector.matchLabels", Code.MALFORMED, p -> p.matchLabel("/a", "x")),
                bad("spec.tenantSelector.matchLabels", Code.MALFORMED, p -> p.matchLabel("a/", "x")),
                bad("spec.tenantSelector.matchLabels", Code.MALFORMED, p -> p.matchLabel("Up/a", "x")),
                bad("spec.tenantSelector.matchLabels", Code.MALFORMED, p -> p.matchLabel("a".repeat(64), "x")),
                bad("spec.tenantSelector.matchLabels[tier]", Code.MALFORMED, p -> p.matchLabel("tier", "a value")),
                bad("spec.tenantSelector.matchLabels[tier]", Code.TOO_LONG, p -> p.matchLabel("tier", "v".repeat(64))),
                bad(
                        "spec.tenantSelector.matchLabels[opencrane.io/team]",
                        Code.CONTRADICTION,
                        p -> p.matchLabel("opencrane.io/team", "sales")),
                bad("spec.domains.allow[3]", Code.MALFORMED, p -> p.allowDomains("https://github.com")),
                bad("spec.domains.allow[3]", Code.MALFORMED, p -> p.allowDomains("")),
                bad("spec.domains.allow[3]", Code.MALFORMED, p -> p.allowDomains("10.0.0.1")),
                bad("spec.domains.allow[3]", Code.CONTRADICTION, p -> p.allowDomains("Example.com.")),
                bad("spec.domains.deny[1]", Code.MALFORMED, p -> p.denyDomains("a b")),
                bad("spec.egressRules[3].cidr", Code.MALFORMED, p -> p.egress("10.0.0.0")),
                bad("spec.egressRules[3].cidr", Code.MALFORMED, p -> p.egress("")),
                bad("spec.egressRules[3].cidr", Code.MALFORMED, p -> p.egress("10.0.0.1/8")),
                bad("spec.egressRules[3].cidr", Code.MALFORMED, p -> p.egress("10.0.0.0/33")),
                bad("spec.egressRules[3].cidr", Code.MALFORMED, p -> p.egress("fd00::/8")),
                bad("spec.egressRules[3].cidr", Code.OUT_OF_RANGE, p -> p.egress("169.254.169.254/32")),
                bad("spec.egressRules[3].ports[0]", Code.OUT_OF_RANGE, p -> p.egress("10.0.0.0/8", 0)),
                bad("spec.egressRules[3].ports[1]", Code.OUT_OF_RANGE, p -> p.egress("10.0.0.0/8", 1, 65536)),
                bad("spec.egressRules[3].ports", Code.CONTRADICTION, p -> p.egress("10.0.0.0/8", 443, 443)),
                bad("spec.mcpServers.allow[2]", Code.REQUIRED, p -> p.allowMcpServers("")),
                bad("spec.mcpServers.allow[2]", Code.MALFORMED, p -> p.allowMcpServers("a b")),
                bad("spec.mcpServers.deny[1]", Code.REQUIRED, p -> p.denyMcpServers(" ")),
                bad("spec.mcpServers.allow[2]", Code.CONTRADICTION, p -> p.allowMcpServers("payroll")),
                bad("spec", Code.TOO_LONG, p -> p.egress("11.0.0.0/8", allPorts())));
    }

    private static int[] allPorts() {
        return IntStream.rangeClosed(1, 65_535).toArray();
    }

    @ParameterizedTest
    @MethodSource
    void refused(String path, Code code, NewAccessPolicy policy) {
        assertThat(problems(policy))
                .extracting(Problem::path, Problem::code)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(path, code));
    }

    @Test
    void aSoundPolicyAndAnEmptyOneAreTaken() {
        assertThat(problems(sound().build())).isEmpty();
        assertThat(problems(NewAccessPolicy.builder("a".repeat(63))
                        .namespace("second")
                        .build()))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gist.github.com", "*.github.com", "github.com"})
    void aDenyBesideABroaderAllowIsTakenAndReportedElsewhere(String denied) {
        AccessPolicySpec spec = NewAccessPolicy.builder("p")
                .allowDomains("*")
                .denyDomains(denied)
                .allowUnlistedDomains()
                .build()
                .spec();

        assertThat(AccessPolicyValidation.problems(spec)).isEmpty();
        assertThat(EgressPlan.of(spec).gaps())
                .extracting(EgressPlan.Gap::reason)
                .containsOnly(EgressPlan.Reason.DENY_NOT_EXPRESSIBLE);
    }

    @Test
    void everythingWrongIsFoundAtOnceInTheOrderOfTheFields() {
        NewAccessPolicy policy = NewAccessPolicy.builder("Bad")
                .namespace("elsewhere")
                .matchTeam("?")
                .allowDomains("?")
                .egress("?", 0)
                .denyMcpServers("?")
                .build();

        assertThat(problems(policy))
                .extracting(Problem::path)
                .containsExactly(
                        "name",
                        "namespace",
                        "spec.tenantSelector.matchTeam",
                        "spec.domains.allow[0]",
                        "spec.egressRules[0].cidr",
                        "spec.egressRules[0].ports[0]",
                        "spec.mcpServers.deny[0]");
    }

    @Test
    void fiveThousandRulesAreTakenAndSoManyThatNoObjectHoldsThemAreNot() {
        assertThat(AccessPolicyValidation.problems(rules(5_000))).isEmpty();
        assertThat(AccessPolicyValidation.problems(rules(20_000)))
                .extracting(Problem::path)
                .containsExactly("spec");
    }

    private static AccessPolicySpec rules(int count) {
        List<EgressRule> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rules.add(EgressRule.tcp("100." + (128 + i / 65536) + "." + i / 256 % 256 + "." + i % 256 + "/32", 65_535));
        }
        return AccessPolicySpec.builder().egressRules(rules).build();
    }

    /** What the service writes can be put into force, but for denies that cannot be expressed. */
    @Test
    void whatIsTakenIsInForceAndWhatIsRefusedIsNot() {
        Random random = new Random(7);
        int taken = 0;
        for (int round = 0; round < 5_000; round++) {
            AccessPolicySpec spec = random(random);
            boolean isOpen = EgressPlan.of(spec).gaps().stream()
                    .allMatch(gap -> gap.reason() == EgressPlan.Reason.DENY_NOT_EXPRESSIBLE);
            boolean isTaken = AccessPolicyValidation.problems(spec).isEmpty();
            taken += isTaken ? 1 : 0;
            assertThat(isTaken && !isOpen).as(spec.toString()).isFalse();
        }
        assertThat(taken).isBetween(500, 4_500);
    }

    private static AccessPolicySpec random(Random random) {
        NewAccessPolicy.Builder policy = NewAccessPolicy.builder("p");
        for (int i = random.nextInt(3); i > 0; i--) {
            policy.allowDomains(pick(random, "a.com", "*.a.com", "*", "A.com.", "a..com", "-.com", "1.2.3.4"));
        }
        for (int i = random.nextInt(2); i > 0; i--) {
            policy.denyDomains(pick(random, "a.com", "b.a.com", "*.b.com", "", "b_.com."));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            policy.egress(
                    pick(random, "10.0.0.0/8", "0.0.0.0/0", "169.254.169.254/32", "10.1.0.0/8", "::/0", "x"),
                    1 + random.nextInt(70_000));
        }
        return policy.build().spec();
    }

    private static String pick(Random random, String... values) {
        return values[random.nextInt(values.length)];
    }
}
