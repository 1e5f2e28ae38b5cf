package io.opencrane.testkit.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.resource.SecretText;
import io.opencrane.testkit.litellm.ProxyClient.Got;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Teams, health, outages and faults of the fake, held to litellm.md §5, §6 and §9; the numbers in the names are its. */
class FakeLiteLlmProxyTest {
    private static final SecretText MASTER = SecretText.of("sk-master-0123456789");
    private static final String KEY = "sk-abcdefghijklmnopqrstuv";

    private final FakeLiteLlm proxy = FakeLiteLlm.start(MASTER, () -> Instant.parse("2026-12-31T23:59:59Z"));
    private final ProxyClient client = new ProxyClient(proxy, MASTER);

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void f18BudgetsResetByTheCalendar() {
        Instant tuesday = Instant.parse("2026-03-10T09:30:10Z");
        assertThat(BudgetCalendar.resetAt("1d", tuesday)).isEqualTo("2026-03-11T00:00:00Z");
        assertThat(BudgetCalendar.resetAt("7d", tuesday)).isEqualTo("2026-03-16T00:00:00Z");
        assertThat(BudgetCalendar.resetAt("30d", tuesday)).isEqualTo("2026-04-01T00:00:00Z");
        assertThat(BudgetCalendar.resetAt("1mo", tuesday)).isEqualTo("2026-04-01T00:00:00Z");
        assertThat(BudgetCalendar.resetAt("3d", tuesday)).isEqualTo("2026-03-13T00:00:00Z");
        assertThat(BudgetCalendar.resetAt("24h", tuesday)).isEqualTo("2026-03-11T00:00:00Z");
        assertThat(BudgetCalendar.resetAt("2h", tuesday)).isEqualTo("2026-03-10T10:00:00Z");
        assertThat(BudgetCalendar.resetAt("20m", tuesday)).isEqualTo("2026-03-10T09:40:00Z");
        assertThat(BudgetCalendar.resetAt("abc", tuesday)).isEqualTo("2026-03-11T00:00:00Z");
        assertThatThrownBy(() -> BudgetCalendar.resetAt("2mo", tuesday)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void f26HealthyIsNotConnected() throws Exception {
        assertThat(client.get("/health/liveliness").body()).isEqualTo("\"I'm alive!\"");
        assertThat(client.get("/health/readiness").json().path("db").textValue())
                .isEqualTo("connected");
        proxy.database(LiteLlmDatabase.NEVER_CONNECTED);
        JsonNode never = client.get("/health/readiness").json();
        assertThat(never.path("status").textValue()).isEqualTo("healthy");
        assertThat(never.path("db").textValue()).isEqualTo("Not connected");
        proxy.database(LiteLlmDatabase.LOST);
        assertThat(client.get("/health/readiness").status()).isEqualTo(503);
    }

    @Test
    void f27ATeamIsMadeOnceUpdatedInPartAndDeletedWithItsKeys() throws Exception {
        Got made =
                client.post("/team/new", "{'team_id':'t','max_budget':0,'budget_duration':'1mo','metadata':{'a':'1'}}");
        assertThat(made.json().path("budget_reset_at").textValue()).isEqualTo("2027-01-01T00:00:00Z");
        assertThat(client.post("/team/new", "{'team_id':'t'}")
                        .error()
                        .path("message")
                        .textValue())
                .contains("Team id = t already exists");
        proxy.enable(LiteLlmQuirk.TEAM_EXISTS_AS_DETAIL);
        assertThat(client.post("/team/new", "{'team_id':'t'}")
                        .json()
                        .path("detail")
                        .path("error")
                        .textValue())
                .contains("already exists");
        client.post("/team/update", "{'team_id':'t','max_budget':null}");
        proxy.failNext("GET /team/info", LiteLlmFault.lookupFailsAsNotFound());
        assertThat(client.get("/team/info?team_id=t").status()).as("a lie").isEqualTo(404);
        JsonNode info = client.get("/team/info?team_id=t").json().path("team_info");
        assertThat(info.path("max_budget").isNull()).isTrue();
        assertThat(info.path("metadata").path("a").textValue()).isEqualTo("1");
        client.post("/key/generate", "{'key':'" + KEY + "','team_id':'t'}");
        client.post("/team/delete", "{'team_ids':['t']}");
        assertThat(proxy.keys()).isEmpty();
        assertThat(client.get("/team/info?team_id=t").status()).isEqualTo(404);
        assertThat(client.post("/team/update", "{'team_id':'t'}").status()).isEqualTo(404);
    }

    @Test
    void aBlockedTeamsKeysAreNotLetInAndItsSpendShows() throws Exception {
        client.post("/team/new", "{'team_id':'t'}");
        client.post("/key/generate", "{'key':'" + KEY + "','team_id':'t'}");
        proxy.spend("t", new BigDecimal("1.5"));
        proxy.spend("t", new BigDecimal("0.25"));
        assertThat(proxy.teams().get(0).spendUsd()).isEqualByComparingTo("1.75");
        client.post("/team/block", "{'team_id':'t'}");
        assertThat(proxy.isLive(SecretText.of(KEY))).isFalse();
        assertThatThrownBy(() -> proxy.spend("x", BigDecimal.ONE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void f28WithoutADatabaseEveryRouteFailsItsOwnWay() throws Exception {
        proxy.database(LiteLlmDatabase.NEVER_CONNECTED);
        assertThat(client.post("/key/generate", "{}").status()).isEqualTo(500);
        assertThat(client.post("/key/update", "{'key':'k'}").status()).isEqualTo(400);
        assertThat(client.get("/key/list").status()).isEqualTo(500);
        assertThat(client.get("/key/info?key=x").status()).isEqualTo(500);
        assertThat(client.post("/key/block", "{'key':'k'}").body()).isEqualTo("Internal Server Error");
        assertThat(client.getAs(KEY, "/v1/models").error().path("type").textValue())
                .isEqualTo("no_db_connection");
        proxy.enable(LiteLlmQuirk.OUTAGE_IS_UNAUTHORIZED);
        assertThat(client.getAs(KEY, "/v1/models").status()).isEqualTo(401);
        proxy.database(LiteLlmDatabase.LOST);
        assertThat(client.get("/team/info?team_id=t").status()).isEqualTo(404);
    }

    @Test
    void f29FaultsAreTakenInOrderAndOnce() throws Exception {
        proxy.failNext("POST /key/generate", LiteLlmFault.status(503));
        proxy.failNext("*", LiteLlmFault.status(429));
        assertThat(client.post("/key/generate", "{}").status()).isEqualTo(503);
        assertThat(client.post("/key/generate", "{}").status()).isEqualTo(429);
        assertThat(client.post("/key/generate", "{}").status()).isEqualTo(200);
        proxy.failNext("POST /key/generate", LiteLlmFault.loseAnswer());
        assertThatThrownBy(() -> client.post("/key/generate", "{}")).isInstanceOf(IOException.class);
        assertThat(proxy.keys()).hasSize(2);
        proxy.failNext("POST /key/generate", LiteLlmFault.commitLater(1));
        assertThatThrownBy(() -> client.post("/key/generate", "{}")).isInstanceOf(IOException.class);
        assertThat(proxy.keys()).hasSize(2);
        client.get("/key/list");
        assertThat(proxy.keys()).hasSize(2);
        client.get("/key/list");
        assertThat(proxy.keys()).hasSize(3);
        assertThat(proxy.requests()).startsWith("POST /key/generate").endsWith("GET /key/list");
        assertThat(proxy.requestCount()).isEqualTo(7);
    }

    @Test
    void aFaultThatNeverHappensIsNoFault() {
        for (int times : new int[] {0, -1}) {
            assertThatThrownBy(() -> proxy.failNext("*", times, LiteLlmFault.status(503)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> LiteLlmFault.commitLater(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LiteLlmFault.status(42)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void itCanStopAndStartOnTheSamePortAndKeepsWhatItKnows() throws Exception {
        client.post("/team/new", "{'team_id':'t'}");
        proxy.stop();
        assertThatThrownBy(() -> client.get("/team/info?team_id=t")).isInstanceOf(ConnectException.class);
        proxy.start();
        assertThat(client.get("/team/info?team_id=t").status()).isEqualTo(200);
    }

    @Test
    void anUnknownRouteAndABrokenBodyAreAnsweredAsByFastApi() throws Exception {
        assertThat(client.get("/spend/tenant/t").body()).isEqualTo("{\"detail\":\"Not Found\"}");
        assertThat(client.post("/key/generate", "{").status()).isEqualTo(422);
        assertThat(client.post("/key/generate", "{'key_alias':5}").status()).isEqualTo(422);
    }
}
