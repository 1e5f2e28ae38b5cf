package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.BlastRadius.Reach;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.tenant.McpPolicy;
import io.opencrane.core.support.CpuTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachDifferenceTest {
    private static final AccessPolicySpec NOTHING = AccessPolicySpec.builder().build();

    private static AccessPolicySpec spec(List<String> allow, EgressRule... rules) {
        return AccessPolicySpec.builder()
                .domains(new Domains(allow, List.of(), true))
                .egressRules(Arrays.asList(rules))
                .build();
    }

    private static EgressRule rule(String cidr, Integer... ports) {
        return new EgressRule(cidr, Arrays.asList(ports), Protocol.TCP);
    }

    private static List<String> text(List<Reach> reaches) {
        return reaches.stream().map(reach -> reach.sort() + " " + reach.value()).toList();
    }

    private static void assertDifference(
            AccessPolicySpec before, AccessPolicySpec after, List<String> gains, List<String> losses) {
        ReachDifference there = ReachDifference.between(before, after);
        assertThat(text(there.gains())).isEqualTo(gains);
        assertThat(text(there.losses())).isEqualTo(losses);
        assertThat(there.isEmpty()).isEqualTo(gains.isEmpty() && losses.isEmpty());
        ReachDifference back = ReachDifference.between(after, before);
        assertThat(back).isEqualTo(new ReachDifference(there.losses(), there.gains()));
    }

    @Test
    void whatIsNewIsGainedInOrderAndEachOnce() {
        assertDifference(
                NOTHING,
                spec(
                        List.of("b.com", "*.a.com", "B.com."),
                        rule("10.20.0.0/16", 443),
                        rule("10.0.0.0/8", 80),
                        rule("10.20.3.4/16", 80, 443, 8443),
                        new EgressRule("10.0.0.0/8", List.of(80), Protocol.UDP)),
                List.of(
                        "NETWORK 10.0.0.0/8 80/TCP",
                        "NETWORK 10.0.0.0/8 80/UDP",
                        "NETWORK 10.20.0.0/16 80,443,8443/TCP",
                        "DOMAIN *.a.com",
                        "DOMAIN b.com"),
                List.of());
    }

    @Test
    void whatTheOtherSideCoversIsNoDifference() {
        assertDifference(
                spec(List.of("api.a.com", "*.a.com"), rule("10.0.0.0/8", 80, 443), rule("10.20.0.0/16", 443)),
                spec(List.of("*.a.com"), rule("10.0.0.0/8", 443), rule("10.0.0.0/8", 80)),
                List.of(),
                List.of());
        assertDifference(
                spec(List.of("api.a.com"), rule("10.20.0.0/16", 443)),
                spec(List.of("*.a.com"), rule("10.0.0.0/8", 443)),
                List.of("NETWORK 10.0.0.0/8 443/TCP", "DOMAIN *.a.com"),
                List.of());
    }

    @Test
    void onlyThePortsThatDifferAreReported() {
        assertDifference(
                spec(List.of(), rule("10.0.0.0/8", 80, 443)),
                spec(List.of(), rule("10.0.0.0/8", 443, 8443)),
                List.of("NETWORK 10.0.0.0/8 8443/TCP"),
                List.of("NETWORK 10.0.0.0/8 80/TCP"));
    }

    @Test
    void whatIsNotInForceIsNotReached() {
        assertDifference(
                spec(List.of("a.com", "*.b.com", "c.com")),
                AccessPolicySpec.builder()
                        .domains(new Domains(List.of("a.com", "*.b.com", "c.com"), List.of("x.b.com", "c.com"), true))
                        .egressRules(List.of(rule("nowhere", 443), rule("169.254.169.254/32", 80)))
                        .build(),
                List.of(),
                List.of("DOMAIN *.b.com", "DOMAIN c.com"));
    }

    @Test
    void noDefaultDenyIsOneNetwork() {
        AccessPolicySpec open = AccessPolicySpec.builder()
                .domains(new Domains(List.of(), List.of(), false))
                .build();

        assertDifference(
                spec(List.of(), rule("140.82.0.0/16", 443), rule("10.0.0.0/8", 443)),
                open,
                List.of("NETWORK 0.0.0.0/0 443/TCP without private networks"),
                List.of("NETWORK 10.0.0.0/8 443/TCP"));
        assertDifference(
                open, spec(List.of(), rule("0.0.0.0/0", 443)), List.of("NETWORK 0.0.0.0/0 443/TCP"), List.of());
    }

    private static List<String> list(@Nullable String text) {
        return text == null ? List.of() : List.of(text.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        // before: allow, deny; after: allow, deny; gains, losses
        ", , , , ,",
        ", , a b, , , *",
        ", , a, b, , *",
        ", , , b a, , a b",
        ", x, , y, x, y",
        ", x, x y, , x, *",
        "a b, , b c, , c, a",
        "a b, , a b, b, , b",
        "a b, a, b, , ,",
        "a, , , a b, *, a",
        "a, a, , a, *,",
        "a, , , b, *,",
    })
    void serversAreComparedByName(
            @Nullable String allowBefore,
            @Nullable String denyBefore,
            @Nullable String allowAfter,
            @Nullable String denyAfter,
            @Nullable String gains,
            @Nullable String losses) {
        assertDifference(
                AccessPolicySpec.builder()
                        .mcpServers(new McpServers(list(allowBefore), list(denyBefore)))
                        .build(),
                AccessPolicySpec.builder()
                        .mcpServers(new McpServers(list(allowAfter), list(denyAfter)))
                        .build(),
                list(gains).stream().map("MCP_SERVER "::concat).toList(),
                list(losses).stream().map("MCP_SERVER "::concat).toList());
    }

    @Test
    void aTenantLosesNothingThatItMayNotUseItself() {
        McpPolicy tenant = new McpPolicy(List.of("a", "b"), List.of());
        ReachDifference difference = ReachDifference.between(
                EgressPlan.NONE,
                McpAccess.of(McpServers.NONE, tenant),
                EgressPlan.NONE,
                McpAccess.of(new McpServers(List.of("b", "c"), List.of()), tenant));

        assertThat(text(difference.losses())).containsExactly("MCP_SERVER a");
        assertThat(difference.gains()).isEmpty();
    }

    @Test
    @Timeout(60)
    void tensOfThousandsOfServersAreComparedAtOnce() {
        List<String> some =
                IntStream.range(0, 40_000).mapToObj(i -> "server-" + i).toList();
        List<String> others =
                IntStream.range(0, 40_000).mapToObj(i -> "another-" + i).toList();
        AccessPolicySpec before = AccessPolicySpec.builder()
                .mcpServers(new McpServers(some, others))
                .build();
        AccessPolicySpec after = AccessPolicySpec.builder()
                .mcpServers(new McpServers(others, some))
                .build();

        assertThat(CpuTime.of(
                        () -> assertThat(ReachDifference.between(before, after).losses())
                                .hasSize(40_000)))
                .isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void nothingReportedIsNothingChanged() {
        Random random = new Random(20_260_410);
        List<String> names = List.of("*", "a.x", "*.x", "b.x", "*b.x", "x");
        List<String> asked = List.of("a.x", "b.x", "bb.x", "c.x", "x", "a.b.x");
        int changes = 0;
        for (int i = 0; i < 5_000; i++) {
            AccessPolicySpec before = spec(random(random, names));
            AccessPolicySpec after = spec(random(random, names));
            ReachDifference difference = ReachDifference.between(before, after);
            for (String name : asked) {
                boolean then = isAllowed(before, name);
                boolean now = isAllowed(after, name);
                if (then && !now) {
                    assertThat(difference.losses()).anyMatch(loss -> new NamePattern(loss.value()).matches(name));
                    changes++;
                }
                if (now && !then) {
                    assertThat(difference.gains()).anyMatch(gain -> new NamePattern(gain.value()).matches(name));
                }
            }
        }
        assertThat(changes).isGreaterThan(1_000);
    }

    private static List<String> random(Random random, List<String> names) {
        return IntStream.range(0, random.nextInt(4))
                .mapToObj(i -> names.get(random.nextInt(names.size())))
                .toList();
    }

    private static boolean isAllowed(AccessPolicySpec spec, String name) {
        return spec.domains().allow().stream().anyMatch(text -> new NamePattern(text).matches(name));
    }
}
