package io.opencrane.testkit.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.resource.SecretText;
import io.opencrane.testkit.litellm.ProxyClient.Got;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls of models through the fake: budgets, resets, the delay of spend, rate limits (litellm.md §3, §4, §9; the numbers are its). */
class FakeLiteLlmModelCallsTest {
    private static final SecretText MASTER = SecretText.of("sk-master-0123456789");
    private static final String KEY = "sk-abcdefghijklmnopqrstuv";
    private static final String OTHER = "sk-zyxwvutsrqponmlkjihgfe";
    private static final String HASH = ProxyState.sha256(KEY);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-10T09:30:10Z"));
    private final FakeLiteLlm proxy = FakeLiteLlm.start(MASTER, now::get);
    private final ProxyClient client = new ProxyClient(proxy, MASTER);

    @BeforeEach
    void aModelWithAPriceAndOneWithout() {
        proxy.price("large", new BigDecimal("1"));
        proxy.price("free", BigDecimal.ZERO);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void aCompletionIsShapedLikeOpenAis() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "'}");
        for (String path : new String[] {"/v1/chat/completions", "/chat/completions"}) {
            JsonNode got =
                    client.postAs(KEY, path, "{'model':'large','messages':[]}").json();
            assertThat(got.path("object").textValue()).isEqualTo("chat.completion");
            assertThat(got.path("model").textValue()).isEqualTo("large");
            assertThat(got.path("choices").path(0).path("message").path("role").textValue())
                    .isEqualTo("assistant");
            assertThat(got.path("usage").path("total_tokens").asInt()).isEqualTo(15);
        }
        assertThat(client.postAs(KEY, "/v1/chat/completions", "{}").status()).isEqualTo(400);
        assertThat(client.postAs(KEY, "/v1/chat/completions", "{'model':'large','stream':true}")
                        .status())
                .isEqualTo(400);
        assertThat(client.postAs(OTHER, "/v1/chat/completions", "{'model':'large'}")
                        .status())
                .isEqualTo(401);
        assertThat(client.post("/v1/chat/completions", "{'model':'large'}").status())
                .isEqualTo(200);
    }

    @Test
    void f19ACallIsRefusedOnceTheBudgetIsSpent() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','max_budget':1.5}");
        assertThat(complete(KEY, "large").status()).isEqualTo(200);
        assertThat(complete(KEY, "large").status()).as("1 of 1.5").isEqualTo(200);
        Got refused = complete(KEY, "large");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error().path("type").textValue()).isEqualTo("budget_exceeded");
        assertThat(refused.error().path("param").isNull()).isTrue();
        assertThat(refused.error().path("message").textValue())
                .isEqualTo("Budget has been exceeded! Current cost: 2.0, Max budget: 1.5");
        assertThat(complete(KEY, "free").status()).isEqualTo(200);
        proxy.enable(LiteLlmQuirk.BUDGET_EXCEEDED_IS_429);
        Got newer = complete(KEY, "large");
        assertThat(newer.status()).isEqualTo(429);
        assertThat(newer.error().path("code").textValue()).isEqualTo("429");
        assertThat(newer.error().path("message").textValue())
                .startsWith("Budget has been exceeded! Key=" + HASH + " Current cost: ");
        assertThat(newer.header("retry-after")).isNull();
        client.post("/key/update", "{'key':'" + HASH + "','max_budget':null}");
        assertThat(complete(KEY, "large").status()).isEqualTo(200);
    }

    @Test
    void f19AZeroBudgetBlocksFromTheFirstPricedCall() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','max_budget':0}");
        assertThat(complete(KEY, "never-priced").status()).isEqualTo(400);
        assertThat(complete(KEY, "free").status()).isEqualTo(200);
    }

    @Test
    void f19KeysOfATeamShareItsCounterAndTheKeysOwnBudgetBindsFirst() throws Exception {
        proxy.enable(LiteLlmQuirk.BUDGET_EXCEEDED_IS_429);
        client.post("/team/new", "{'team_id':'t','max_budget':2}");
        client.post("/key/generate", "{'key':'" + KEY + "','team_id':'t','max_budget':1}");
        client.post("/key/generate", "{'key':'" + OTHER + "','team_id':'t'}");
        assertThat(complete(KEY, "large").status()).isEqualTo(200);
        assertThat(complete(KEY, "large").error().path("message").textValue()).contains("Key=" + HASH);
        assertThat(complete(OTHER, "large").status()).isEqualTo(200);
        assertThat(complete(OTHER, "large").error().path("message").textValue()).contains("Team=t");
        assertThat(complete(KEY, "large").error().path("message").textValue()).contains("Key=" + HASH);
        client.post("/key/delete", "{'keys':['" + HASH + "']}");
        client.post("/key/generate", "{'key':'sk-fresh-0123456789abcdef','team_id':'t'}");
        assertThat(complete("sk-fresh-0123456789abcdef", "large").status()).isEqualTo(429);
    }

    @Test
    void f20ARefusedKeyIsLetInAgainOnlyWhenTheJobHasRun() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','max_budget':1,'budget_duration':'1d'}");
        complete(KEY, "large");
        now.set(Instant.parse("2026-03-11T00:09:59Z"));
        assertThat(complete(KEY, "large").status()).isEqualTo(400);
        now.set(Instant.parse("2026-03-11T00:10:00Z"));
        assertThat(complete(KEY, "large").status()).isEqualTo(200);
    }

    @Test
    void f20SpendThatIsWrittenAfterTheResetLandsInTheNewWindow() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','budget_duration':'1d'}");
        now.set(Instant.parse("2026-03-11T00:09:49Z"));
        complete(KEY, "large");
        now.set(Instant.parse("2026-03-11T00:09:55Z"));
        complete(KEY, "large");
        now.set(Instant.parse("2026-03-11T12:00:00Z"));
        assertThat(proxy.keys().get(0).spendUsd()).isEqualByComparingTo("1");
    }

    @Test
    void f21SpendShowsWhenItIsWritten() throws Exception {
        client.post("/team/new", "{'team_id':'t'}");
        client.post("/key/generate", "{'key':'" + KEY + "','team_id':'t'}");
        complete(KEY, "large");
        now.set(now.get().plusMillis(9_999));
        assertThat(proxy.keys().get(0).spendUsd()).isZero();
        assertThat(client.get("/spend/logs").body()).isEqualTo("[]");
        now.set(now.get().plusMillis(1));
        assertThat(proxy.keys().get(0).spendUsd()).isEqualByComparingTo("1");
        assertThat(proxy.teams().get(0).spendUsd()).isEqualByComparingTo("1");
        assertThat(client.get("/spend/logs").json().path(0).path("startTime").textValue())
                .isEqualTo("2026-03-10T09:30:10Z");

        proxy.flushDelay(Duration.ofMinutes(1));
        complete(KEY, "large");
        now.set(now.get().plusSeconds(59));
        assertThat(proxy.keys().get(0).spendUsd()).isEqualByComparingTo("1");
        proxy.spend("t", BigDecimal.TEN);
        assertThat(proxy.teams().get(0).spendUsd()).as("at once").isEqualByComparingTo("11");
        proxy.database(LiteLlmDatabase.LOST);
        now.set(now.get().plusSeconds(60));
        assertThat(proxy.teams().get(0).spendUsd()).isEqualByComparingTo("11");
        proxy.database(LiteLlmDatabase.CONNECTED);
        assertThat(proxy.teams().get(0).spendUsd()).isEqualByComparingTo("12");
        assertThatThrownBy(() -> proxy.flushDelay(Duration.ofSeconds(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> proxy.price("large", BigDecimal.ONE.negate()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void f22ACallBeyondTheRateIsRefusedWithTheTimeToWait() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','rpm_limit':2}");
        complete(KEY, "large");
        now.set(now.get().plusSeconds(10));
        complete(KEY, "large");
        Got refused = complete(KEY, "large");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.error().path("message").textValue())
                .isEqualTo("Rate limit exceeded for api_key: " + HASH
                        + ". Limit type: requests. Current limit: 2, Remaining: 0."
                        + " Limit resets at: 2026-03-10 09:31:20 UTC");
        assertThat(refused.header("retry-after")).isEqualTo("60");
        assertThat(refused.header("rate_limit_type")).isEqualTo("requests");
        assertThat(refused.header("reset_at")).isEqualTo("2026-03-10 09:31:20 UTC");
        now.set(now.get().plusSeconds(50));
        assertThat(complete(KEY, "large").status()).isEqualTo(200);
    }

    @Test
    void f22TeamsAndTokensAreLimitedToo() throws Exception {
        client.post("/team/new", "{'team_id':'t','rpm_limit':3}");
        client.post("/key/generate", "{'key':'" + KEY + "','team_id':'t','tpm_limit':16}");
        client.post("/key/generate", "{'key':'" + OTHER + "','team_id':'t'}");
        assertThat(complete(KEY, "large").status()).isEqualTo(200);
        assertThat(complete(KEY, "large").status()).isEqualTo(200);
        assertThat(complete(KEY, "large").header("rate_limit_type")).isEqualTo("tokens");
        assertThat(complete(OTHER, "large").status()).isEqualTo(200);
        assertThat(complete(OTHER, "large").error().path("message").textValue()).contains("team: t");
    }

    @Test
    void f22ManagementRoutesCanBeLimitedByWhatStandsBeforeThem() throws Exception {
        proxy.failNext("POST /key/generate", LiteLlmFault.rateLimited(Duration.ofSeconds(7)));
        Got refused = client.post("/key/generate", "{}");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isEqualTo("7");
        assertThat(refused.header("reset_at")).isEqualTo("2026-03-10 09:30:17 UTC");
        assertThat(proxy.keys()).isEmpty();
    }

    private Got complete(String key, String model) throws Exception {
        return client.postAs(key, "/v1/chat/completions", "{'model':'" + model + "','messages':[]}");
    }
}
