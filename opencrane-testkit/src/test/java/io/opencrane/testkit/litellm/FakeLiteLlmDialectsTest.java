package io.opencrane.testkit.litellm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.resource.SecretText;
import io.opencrane.testkit.litellm.ProxyClient.Got;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where the fake is odd because LiteLLM is, beyond the plain cases: litellm.md §1, §2 and §9; the numbers in the names are its. */
class FakeLiteLlmDialectsTest {
    private static final SecretText MASTER = SecretText.of("sk-master-0123456789");
    private static final String KEY = "sk-abcdefghijklmnopqrstuv";
    private static final String HASH = ProxyState.sha256(KEY);
    private static final String DATES = "start_date=2026-03-01&end_date=2026-03-31";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-10T09:30:10Z"));
    private final FakeLiteLlm proxy = FakeLiteLlm.start(MASTER, now::get);
    private final ProxyClient client = new ProxyClient(proxy, MASTER);

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void f2SomeRoutesTellTheirErrorsAsDetails() throws Exception {
        String reset = "/key/" + HASH + "/reset_spend";
        Got unknown = client.post(reset, "{'reset_to':0}");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.json().path("detail").path("error").isTextual()).isTrue();
        client.post("/key/generate", "{'key':'" + KEY + "','spend':3,'max_budget':2}");
        for (String refused : new String[] {"-1", "3.5", "2.5"}) {
            Got got = client.post(reset, "{'reset_to':" + refused + "}");
            assertThat(got.status()).as(refused).isEqualTo(400);
            assertThat(got.json().path("detail").path("error").isTextual())
                    .as(refused)
                    .isTrue();
        }
        Got missing = client.post(reset, "{}");
        assertThat(missing.status()).isEqualTo(422);
        assertThat(missing.json().path("detail").path(0).path("loc").path(1).textValue())
                .isEqualTo("reset_to");
        for (String wrong :
                List.of("'spend':'3'", "'metadata':[]", "'models':'m'", "'blocked':1", "'rpm_limit':1.5", "'key':5")) {
            for (String path : List.of("/key/generate", "/key/update", "/team/new", "/team/update")) {
                Got got = client.post(path, "{" + wrong + "}");
                assertThat(got.status()).as(path + wrong).isEqualTo(422);
                assertThat(got.json().path("detail").path(0).path("loc").path(0).textValue())
                        .isEqualTo("body");
            }
        }
        proxy.database(LiteLlmDatabase.LOST);
        assertThat(client.post("/key/generate", "{'spend':'3'}").status())
                .as("before anything else")
                .isEqualTo(422);
        assertThat(client.get("/spend/keys").status()).isEqualTo(400);
        assertThat(client.get("/spend/keys").json().path("detail").path("error").isTextual())
                .isTrue();
        assertThat(client.get("/health/readiness").json().path("detail").isTextual())
                .isTrue();
    }

    @Test
    void aKeysSpendCanBeLowered() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','spend':3,'budget_duration':'1d'}");
        assertThat(client.post("/key/" + KEY + "/reset_spend", "{'reset_to':4}").status())
                .as("raised")
                .isEqualTo(400);
        JsonNode got =
                client.post("/key/" + KEY + "/reset_spend", "{'reset_to':1}").json();
        assertThat(got.path("key_hash").textValue()).isEqualTo(HASH);
        assertThat(got.path("previous_spend").asInt()).isEqualTo(3);
        assertThat(got.path("spend").asInt()).isEqualTo(1);
        assertThat(got.path("budget_reset_at").textValue()).isEqualTo("2026-03-11T00:00:00Z");
        JsonNode rows = client.get("/spend/keys").json();
        assertThat(rows.path(0).path("spend").asInt()).isEqualTo(1);
    }

    @Test
    void f7TwoRequestsInFlightBothGetTheAlias() throws Exception {
        String body = "{'key_alias':'a'}";
        proxy.enable(LiteLlmQuirk.ALIAS_CHECK_RACES);
        proxy.failNext("POST /key/generate", LiteLlmFault.withholdAnswer());
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> status(body));
        while (proxy.keys().isEmpty() && !first.isDone()) {
            Thread.onSpinWait();
        }
        assertThat(client.post("/key/generate", body).status()).isEqualTo(200);
        proxy.releaseAnswers();
        assertThat(first.join()).isEqualTo(200);
        assertThat(proxy.keys()).extracting(FakeLiteLlm.KeySnapshot::alias).containsExactly("a", "a");
        assertThat(client.post("/key/generate", body).status()).isEqualTo(400);
    }

    @Test
    void f7WithoutTheRaceARequestInFlightCountsAsWell() throws Exception {
        proxy.failNext("POST /key/generate", LiteLlmFault.withholdAnswer());
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(() -> status("{'key_alias':'a'}"));
        while (proxy.keys().isEmpty() && !first.isDone()) {
            Thread.onSpinWait();
        }
        assertThat(client.post("/key/generate", "{'key_alias':'a'}").status()).isEqualTo(400);
        proxy.releaseAnswers();
        assertThat(first.join()).isEqualTo(200);
    }

    private int status(String body) {
        try {
            return client.post("/key/generate", body).status();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void f9ARawKeyIsAnsweredOnce() throws Exception {
        client.post("/team/new", "{'team_id':'t'}");
        String key = client.post("/key/generate", "{'key_alias':'a','team_id':'t'}")
                .json()
                .path("key")
                .textValue();
        String hash = ProxyState.sha256(key);
        proxy.call(hash, "small", BigDecimal.ONE);
        for (String path : List.of(
                "/key/info?key=" + hash,
                "/key/list",
                "/key/list?return_full_object=true",
                "/team/info?team_id=t",
                "/team/list",
                "/v2/team/list",
                "/spend/keys",
                "/spend/logs",
                "/user/daily/activity?" + DATES)) {
            assertThat(client.get(path).body()).as(path).doesNotContain(key).isNotEmpty();
        }
        assertThat(client.getAs(key, "/key/info").body()).doesNotContain(key);
        assertThat(client.post("/key/update", "{'key':'" + hash + "','max_budget':1}")
                        .body())
                .doesNotContain(key);
        assertThat(client.post("/key/block", "{'key':'" + key + "'}").body()).doesNotContain(key);
    }

    @Test
    void f10AnUpdateTellsAbsentFromNullInEveryColumn() throws Exception {
        client.post(
                "/key/generate",
                "{'key':'" + KEY + "','key_alias':'a','duration':'2h','budget_duration':'7d','models':['m']}");
        now.set(Instant.parse("2026-03-17T00:00:00Z"));
        client.post("/key/update", "{'key':'" + HASH + "','max_budget':0}");
        assertThat(info().path("max_budget").decimalValue()).isZero();
        assertThat(info().path("expires").textValue()).isEqualTo("2026-03-10T11:30:10Z");
        assertThat(info().path("budget_reset_at").textValue())
                .as("of the job, not of the update")
                .isEqualTo("2026-03-23T00:00:00Z");
        client.post(
                "/key/update",
                "{'key':'" + HASH + "','budget_duration':'1d','models':[],'duration':null,'key_alias':'b'}");
        assertThat(info().path("budget_reset_at").textValue()).isEqualTo("2026-03-18T00:00:00Z");
        assertThat(info().path("models").isEmpty()).isTrue();
        assertThat(info().path("expires").isNull()).isTrue();
        assertThat(info().path("key_alias").textValue()).isEqualTo("b");
        client.post("/key/update", "{'key':'" + HASH + "','duration':'1h'}");
        client.post("/key/update", "{'key':'" + HASH + "','duration':'-1','budget_duration':''}");
        assertThat(info().path("expires").isNull()).isTrue();
        assertThat(info().path("budget_duration").textValue()).isEqualTo("1d");
    }

    @Test
    void anUpdateNeedsTheKeyUntilAReleaseTakesTheAliasToo() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','key_alias':'a'}");
        String byAlias = "{'key_alias':'a','max_budget':4}";
        assertThat(client.post("/key/update", byAlias).status()).isEqualTo(422);
        proxy.enable(LiteLlmQuirk.UPDATE_BY_ALIAS);
        assertThat(client.post("/key/update", byAlias).status()).isEqualTo(200);
        assertThat(info().path("max_budget").asInt()).isEqualTo(4);
        assertThat(client.post("/key/update", "{'key_alias':'z'}").status()).isEqualTo(404);
        proxy.disable(LiteLlmQuirk.UPDATE_BY_ALIAS);
        assertThat(client.post("/key/update", byAlias).status()).isEqualTo(422);
    }

    @Test
    void f12WhateverFailsInAnUpdateIsAnAuthenticationError() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','key_alias':'a'}");
        client.post("/key/generate", "{'key_alias':'b'}");
        for (String part : List.of("'budget_duration':'2mo'", "'duration':'abc'", "'model_max_budget':{'m':1}")) {
            Got got = client.post("/key/update", "{'key':'" + HASH + "'," + part + "}");
            assertThat(got.status()).as(part).isEqualTo(400);
            assertThat(got.error().path("message").textValue()).as(part).startsWith("Authentication Error, ");
        }
        Got negative = client.post("/key/update", "{'key':'" + HASH + "','max_budget':-1}");
        assertThat(negative.status()).isEqualTo(400);
        assertThat(negative.error().path("type").textValue()).isEqualTo("auth_error");
        assertThat(negative.error().path("message").textValue()).startsWith("{'error': 'max_budget cannot be negative");
        Got taken = client.post("/key/update", "{'key':'" + HASH + "','key_alias':'b'}");
        assertThat(taken.error().path("type").textValue()).isEqualTo("bad_request_error");
        proxy.failNext("POST /key/update", LiteLlmFault.status(500));
        Got crashed = client.post("/key/update", "{'key':'" + HASH + "'}");
        assertThat(crashed.status()).isEqualTo(400);
        assertThat(crashed.error().path("message").textValue()).startsWith("Authentication Error, ");
        assertThat(client.post("/key/update", "{'key':'" + HASH + "','temp_budget_increase':1}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void f16AnotherPodLetsAKeyInForAMinuteMore() throws Exception {
        proxy.enable(LiteLlmQuirk.KEYS_ARE_CACHED);
        client.post("/key/generate", "{'key':'" + KEY + "'}");
        assertThat(client.getAs(KEY, "/v1/models").status()).isEqualTo(200);
        now.set(now.get().plusSeconds(30));
        client.post("/key/block", "{'key':'" + HASH + "'}");
        client.post("/key/delete", "{'keys':['" + HASH + "']}");
        now.set(now.get().plusMillis(29_999));
        assertThat(client.getAs(KEY, "/v1/models").status()).isEqualTo(200);
        assertThat(proxy.isLive(SecretText.of(KEY))).isTrue();
        now.set(now.get().plusMillis(1));
        assertThat(proxy.isLive(SecretText.of(KEY))).isFalse();
        assertThat(client.getAs(KEY, "/v1/models").status()).isEqualTo(401);
    }

    @Test
    void f16AKeyThatWasNotUsedIsNotCachedByLookingAtIt() throws Exception {
        proxy.enable(LiteLlmQuirk.KEYS_ARE_CACHED);
        client.post("/key/generate", "{'key':'" + KEY + "'}");
        assertThat(proxy.isLive(SecretText.of(KEY))).isTrue();
        client.post("/key/block", "{'key':'" + HASH + "'}");
        assertThat(client.getAs(KEY, "/v1/models").status()).isEqualTo(401);
    }

    @Test
    void f17WhatIsPaidForIsRefusedInFourWays() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "'}");
        for (String path : List.of("/key/regenerate", "/key/" + HASH + "/regenerate", "/key/" + KEY + "/regenerate")) {
            Got got = client.post(path, "{'key':'" + HASH + "'}");
            assertThat(got.status()).as(path).isEqualTo(500);
            assertThat(got.error().path("type").textValue()).isEqualTo("internal_server_error");
            assertThat(got.error().path("message").textValue())
                    .startsWith("Regenerating Virtual Keys is an Enterprise feature, ");
        }
        Got tags = client.post("/key/generate", "{'tags':['a']}");
        assertThat(tags.status()).isEqualTo(403);
        assertThat(tags.error().path("message").textValue())
                .startsWith("{'error': 'This feature is only available for LiteLLM Enterprise users: tags.");
        Got onUpdate = client.post("/key/update", "{'key':'" + HASH + "','tags':['a']}");
        assertThat(onUpdate.status()).isEqualTo(403);
        assertThat(onUpdate.error().path("type").textValue()).isEqualTo("auth_error");
        assertThat(client.post("/team/new", "{'team_id':'t','tags':['a']}").status())
                .isEqualTo(403);
        assertThat(client.post("/key/generate", "{'model_max_budget':{'m':1}}").status())
                .isEqualTo(500);
        Got report = client.get("/global/spend/report?api_key=" + HASH + "&" + DATES);
        assertThat(report.status()).isEqualTo(400);
        assertThat(report.json().path("detail").path("error").textValue()).contains("Enterprise");
        assertThat(proxy.keys()).hasSize(1);
        assertThat(proxy.teams()).isEmpty();
    }

    @Test
    void f18TheCalendarShowsInTheRows() throws Exception {
        assertThat(resetOf("abc")).isEqualTo("2026-03-11T00:00:00Z");
        assertThat(resetOf("1hr")).isEqualTo("2026-03-11T00:00:00Z");
        assertThat(resetOf("7d")).isEqualTo("2026-03-16T00:00:00Z");
        assertThat(resetOf("1w")).isEqualTo("2026-03-16T00:00:00Z");
        assertThat(resetOf("30d")).isEqualTo("2026-04-01T00:00:00Z");
        assertThat(resetOf("30s")).isEqualTo("2026-03-10T09:30:30Z");
        Got months = client.post("/key/generate", "{'budget_duration':'2mo'}");
        assertThat(months.status()).isEqualTo(500);
        assertThat(months.error().path("message").textValue())
                .isEqualTo("Monthly resets currently only support 1 month intervals");
        assertThat(client.post("/team/new", "{'budget_duration':'2mo'}").status())
                .isEqualTo(500);
    }

    private String resetOf(String period) throws Exception {
        String hash = client.post("/key/generate", "{'budget_duration':'" + period + "'}")
                .json()
                .path("token")
                .textValue();
        JsonNode info = client.get("/key/info?key=" + hash).json().path("info");
        assertThat(info.path("budget_duration").textValue()).isEqualTo(period);
        return info.path("budget_reset_at").textValue();
    }

    @Test
    void f25ThereIsNoSpendOfTenants() throws Exception {
        Got got = client.get("/spend/tenant/acme");
        assertThat(got.status()).isEqualTo(404);
        assertThat(got.body()).isEqualTo("{\"detail\":\"Not Found\"}");
    }

    @Test
    void f29AnAnswerCanBeLate() throws Exception {
        proxy.failNext("POST /key/generate", LiteLlmFault.answerLate(Duration.ofMillis(1)));
        assertThat(client.post("/key/generate", "{}").status()).isEqualTo(200);
        proxy.failNext("POST /key/generate", LiteLlmFault.answerLate(Duration.ofDays(1)));
        CompletableFuture<Integer> late = CompletableFuture.supplyAsync(() -> status("{}"));
        while (proxy.keys().size() < 2 && !late.isDone()) {
            Thread.onSpinWait();
        }
        proxy.releaseAnswers();
        assertThat(late.join()).isEqualTo(200);
        proxy.failNext("POST /key/generate", LiteLlmFault.status(500));
        assertThat(client.post("/key/generate", "{}").error().path("message").textValue())
                .isEqualTo("{'error': 'Internal Server Error.'}");
    }

    private JsonNode info() throws Exception {
        return client.get("/key/info?key=" + HASH).json().path("info");
    }
}
