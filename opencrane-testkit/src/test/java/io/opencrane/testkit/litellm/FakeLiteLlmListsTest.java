package io.opencrane.testkit.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.resource.SecretText;
import io.opencrane.testkit.litellm.ProxyClient.Got;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client needs to take over an existing install: lists of teams, a key's own info, what others made, and cuts at the k-th request. */
class FakeLiteLlmListsTest {
    private static final SecretText MASTER = SecretText.of("sk-master-0123456789");
    private static final String KEY = "sk-abcdefghijklmnopqrstuv";
    private static final String HASH = ProxyState.sha256(KEY);

    private final FakeLiteLlm proxy = FakeLiteLlm.start(MASTER, () -> Instant.parse("2026-03-10T09:30:00Z"));
    private final ProxyClient client = new ProxyClient(proxy, MASTER);

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void teamsAreListedInPages() throws Exception {
        for (int i = 0; i < 12; i++) {
            client.post("/team/new", "{'team_id':'t" + i + "','team_alias':'Alias " + i + "','max_budget':5}");
        }
        JsonNode first = client.get("/v2/team/list").json();
        assertThat(first.path("teams").size()).isEqualTo(10);
        assertThat(first.path("total").asInt()).isEqualTo(12);
        assertThat(first.path("page").asInt()).isEqualTo(1);
        assertThat(first.path("page_size").asInt()).isEqualTo(10);
        assertThat(first.path("total_pages").asInt()).isEqualTo(2);
        JsonNode last = client.get("/v2/team/list?page=3&page_size=5").json();
        assertThat(last.path("teams").findValuesAsText("team_id"))
                .as("the newest comes first")
                .containsExactly("t1", "t0");
        assertThat(client.get("/v2/team/list?team_alias=ALIAS%201")
                        .json()
                        .path("total")
                        .asInt())
                .isEqualTo(3);
        assertThat(client.get("/v2/team/list?page_size=101").status()).isEqualTo(422);
    }

    @Test
    void whatHasNoNameIsNotCalledNull() throws Exception {
        client.post("/key/generate", "{}");
        client.post("/team/new", "{'team_id':'t'}");
        client.post("/team/new", "{'team_id':'null'}");
        proxy.enable(LiteLlmQuirk.ALIAS_FILTER_CONTAINS);

        assertThat(client.get("/key/list?key_alias=nul").json().path("keys").size())
                .isZero();
        assertThat(client.get("/v2/team/list?team_alias=nul")
                        .json()
                        .path("teams")
                        .size())
                .isZero();
        assertThat(client.post("/key/delete", "{'key_aliases':['null']}").status())
                .isEqualTo(404);
        assertThat(client.post("/team/delete", "{'team_ids':['null']}").status())
                .isEqualTo(200);
        assertThat(proxy.keys()).hasSize(1);
    }

    @Test
    void rowsOfTeamsAndKeysCarryTheirBudgetAndTheirDates() throws Exception {
        client.post("/team/new", "{'team_id':'t','max_budget':5,'budget_duration':'1mo','metadata':{'a':'1'}}");
        client.post(
                "/key/generate",
                "{'key':'" + KEY + "','team_id':'t','duration':'2h','max_budget':1,'budget_duration':'1d'}");
        JsonNode team = client.get("/v2/team/list").json().path("teams").path(0);
        JsonNode key = client.get("/key/list?return_full_object=true")
                .json()
                .path("keys")
                .path(0);
        for (JsonNode row : List.of(team, key)) {
            for (String column : List.of(
                    "max_budget", "budget_duration", "budget_reset_at", "spend", "blocked", "metadata", "created_at")) {
                assertThat(row.hasNonNull(column)).as(column).isTrue();
            }
        }
        assertThat(key.path("expires").textValue()).isEqualTo("2026-03-10T11:30:00Z");
    }

    @Test
    void anOlderReleaseListsAllTeamsAtOnce() throws Exception {
        proxy.addTeam("t", "Team", new BigDecimal("5"), "30d", new BigDecimal("2"));
        client.post("/key/generate", "{'key':'" + KEY + "','team_id':'t'}");
        proxy.enable(LiteLlmQuirk.NO_TEAM_LIST_V2);
        Got missing = client.get("/v2/team/list");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.body()).isEqualTo("{\"detail\":\"Not Found\"}");
        JsonNode all = client.get("/team/list").json();
        assertThat(all.isArray()).isTrue();
        assertThat(all.path(0).path("spend").asInt()).isEqualTo(2);
        assertThat(all.path(0).path("keys").path(0).path("token").textValue()).isEqualTo(HASH);
        proxy.database(LiteLlmDatabase.LOST);
        assertThat(client.get("/team/list").status()).isEqualTo(500);
    }

    @Test
    void aKeyMayAskAboutItselfOnly() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','key_alias':'own'}");
        String other = proxy.addKey("other", null, null, BigDecimal.ZERO).reveal();
        Got own = client.getAs(KEY, "/key/info");
        assertThat(own.json().path("key").textValue()).isEqualTo(HASH);
        assertThat(own.json().path("info").path("key_alias").textValue()).isEqualTo("own");
        assertThat(client.getAs(KEY, "/key/info?key=" + ProxyState.sha256(other))
                        .status())
                .isEqualTo(403);
        assertThat(client.getAs("sk-unknown-0123456789", "/key/info").status()).isEqualTo(401);
        client.post("/key/block", "{'key':'" + HASH + "'}");
        assertThat(client.getAs(KEY, "/key/info").status()).isEqualTo(401);
        Got administrator = client.get("/key/info");
        assertThat(administrator.status()).isEqualTo(404);
        assertThat(administrator.body()).doesNotContain(MASTER.reveal());
    }

    @Test
    void aKeyOfAnotherPlatformHasABudgetOfItsOwnAndNoTeam() throws Exception {
        SecretText key = proxy.addKey("theirs", new BigDecimal("20"), "30d", new BigDecimal("7.5"));
        assertThat(proxy.keys()).singleElement().satisfies(row -> {
            assertThat(row.hash()).isEqualTo(ProxyState.sha256(key.reveal()));
            assertThat(row.teamId()).isNull();
            assertThat(row.maxBudgetUsd()).isEqualByComparingTo("20");
            assertThat(row.budgetDuration()).isEqualTo("30d");
            assertThat(row.budgetResetAt()).isEqualTo("2026-04-01T00:00:00Z");
            assertThat(row.spendUsd()).isEqualByComparingTo("7.5");
            assertThat(row.expires()).isNull();
        });
        assertThat(client.getAs(key.reveal(), "/key/info").status()).isEqualTo(200);
        assertThatThrownBy(() -> proxy.addKey("theirs", null, null, BigDecimal.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("already exists");
        assertThat(proxy.addKey(null, null, null, BigDecimal.ZERO)).isNotNull();
        assertThat(proxy.keys().get(1).budgetDuration()).isNull();
    }

    @Test
    void aFaultCanWaitForTheKthRequest() throws Exception {
        proxy.failAfter(2, LiteLlmFault.dropRequest());
        proxy.failAfter(2, LiteLlmFault.status(503));
        proxy.failNext("GET /key/list", LiteLlmFault.status(502));
        assertThat(client.get("/key/list").status()).isEqualTo(502);
        assertThat(client.get("/health/liveliness").status()).isEqualTo(200);
        assertThatThrownBy(() -> client.post("/key/generate", "{}")).isInstanceOf(IOException.class);
        assertThat(client.get("/key/list").status()).isEqualTo(503);
        assertThat(client.get("/key/list").status()).isEqualTo(200);
        proxy.failAfter(0, LiteLlmFault.status(503));
        proxy.clearFaults();
        assertThat(client.get("/key/list").status()).isEqualTo(200);
        assertThatThrownBy(() -> proxy.failAfter(-1, LiteLlmFault.status(503)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyInAPathIsNotKeptAmongTheRequests() throws Exception {
        client.post("/key/" + KEY + "/reset_spend", "{'reset_to':0}");
        client.get("/nowhere/" + KEY);
        assertThat(proxy.requests()).containsExactly("POST /key/{key}/reset_spend", "GET /nowhere/{key}");
    }
}
