package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.McpServers;
import io.opencrane.api.tenant.McpPolicy;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class McpAccessTest {
    private static List<String> list(@Nullable String text) {
        return text == null ? List.of() : List.of(text.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        // the policy's, the tenant's, the effective ones
        ", , no restriction",
        "b a b, , a b",
        ", b a, a b",
        "a b c, c d b, b c",
        "a, b, none",
    })
    void aServerMustBeAllowedByBoth(@Nullable String policy, @Nullable String tenant, String expected) {
        McpAccess access =
                McpAccess.of(new McpServers(list(policy), List.of()), new McpPolicy(list(tenant), List.of()));

        @Nullable List<String> allow = access.allow();
        assertThat(allow == null ? "no restriction" : allow.isEmpty() ? "none" : String.join(" ", allow))
                .isEqualTo(expected);
        assertThat(access.deny()).isEmpty();
    }

    @Test
    void aServerMustBeDeniedByNeither() {
        McpAccess access = McpAccess.of(
                new McpServers(List.of("a", "b", "c"), List.of("c", "a")), new McpPolicy(List.of(), List.of("d", "c")));

        assertThat(access).isEqualTo(new McpAccess(List.of("a", "b", "c"), List.of("a", "c", "d")));
        assertThat(access.permits("b")).isTrue();
        assertThat(access.permits("a")).isFalse();
        assertThat(access.permits("d")).isFalse();
        assertThat(access.permits("x")).isFalse();
    }

    @Test
    void aServerIsPermittedIfBothListsPermitIt() {
        Random random = new Random(20_260_414);
        for (int i = 0; i < 5_000; i++) {
            McpServers policy = new McpServers(servers(random), servers(random));
            McpPolicy tenant = new McpPolicy(servers(random), servers(random));
            McpAccess access = McpAccess.of(policy, tenant);
            for (String server : List.of("a", "b", "c", "d")) {
                boolean byPolicy = !policy.deny().contains(server)
                        && (policy.allow().isEmpty() || policy.allow().contains(server));
                boolean byTenant = !tenant.deny().contains(server)
                        && (tenant.allow().isEmpty() || tenant.allow().contains(server));

                assertThat(access.permits(server)).isEqualTo(byPolicy && byTenant);
            }
        }
    }

    private static List<String> servers(Random random) {
        return IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> List.of("a", "b", "c").get(random.nextInt(3)))
                .toList();
    }
}
