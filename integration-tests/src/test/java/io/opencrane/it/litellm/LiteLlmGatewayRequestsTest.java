package io.opencrane.it.litellm;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ModelGateway.NewKey;
import io.opencrane.core.port.ModelGateway.Team;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an operation costs: a fleet asks once for every tenant. */
class LiteLlmGatewayRequestsTest {
    private static final SecretText MASTER = SecretText.of("sk-master-of-the-requests-0123456789");

    private final FakeLiteLlm proxy = FakeLiteLlm.start(MASTER);
    private final ModelGateway gateway =
            LiteLlmGateway.builder(proxy.endpoint(), MASTER).build();

    @AfterEach
    void stop() {
        proxy.close();
    }

    private List<String> requestsToEnsure(String budget) {
        int before = proxy.requestCount();
        gateway.ensureTeam(new Team("oc-t", "T", new BigDecimal(budget), Map.of("tenant", "t")));
        return proxy.requests().subList(before, proxy.requestCount());
    }

    @Test
    void aTeamIsReadOnceAndAgainOnlyAfterAWrite() {
        assertThat(requestsToEnsure("10")).containsExactly("GET /team/info", "POST /team/new", "GET /team/info");
        assertThat(requestsToEnsure("10")).containsExactly("GET /team/info");
        assertThat(requestsToEnsure("20")).containsExactly("GET /team/info", "POST /team/update", "GET /team/info");
    }

    private List<String> requests(Runnable call) {
        int before = proxy.requestCount();
        call.run();
        return proxy.requests().subList(before, proxy.requestCount());
    }

    @Test
    void aReadIsOneRequest() {
        gateway.ensureTeam(new Team("oc-t", "T", null, Map.of("tenant", "t")));
        NewKey key = new NewKey(SecretText.of("sk-abcdefghijklmnopqrstuvwxyz"), "oc-t/1", "oc-t", Map.of());
        gateway.registerKey(key);

        assertThat(requests(() -> gateway.teams(Map.of()))).containsExactly("GET /v2/team/list");
        assertThat(requests(() -> gateway.keys(Map.of()))).containsExactly("GET /key/list");
        assertThat(requests(() -> gateway.accepts(key.secret()))).containsExactly("GET /key/info");
        assertThat(requests(() -> gateway.usage("oc-t", LocalDate.EPOCH, LocalDate.EPOCH)))
                .containsExactly("GET /team/daily/activity");
    }

    @Test
    void aTeamIsBlockedInThreeAndDeletedInFive() {
        gateway.ensureTeam(new Team("oc-t", "T", null, Map.of()));

        assertThat(requests(() -> gateway.blockTeam("oc-t", true)))
                .containsExactly("GET /team/info", "POST /team/block", "GET /team/info");
        assertThat(requests(() -> gateway.blockTeam("oc-t", true))).containsExactly("GET /team/info");
        assertThat(requests(() -> gateway.deleteTeam("oc-t")))
                .containsExactly(
                        "POST /team/delete",
                        "GET /team/info",
                        "GET /health/readiness",
                        "GET /team/info",
                        "GET /key/list");
    }
}
