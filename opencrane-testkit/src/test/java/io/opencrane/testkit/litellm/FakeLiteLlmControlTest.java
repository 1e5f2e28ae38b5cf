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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The fake's own routes below {@code /_fake}, over HTTP as another language would use them. */
class FakeLiteLlmControlTest {
    private static final SecretText MASTER = SecretText.of("sk-master-0123456789");
    private static final String KEY = "sk-abcdefghijklmnopqrstuv";

    private final FakeLiteLlm proxy = FakeLiteLlm.start(MASTER, () -> Instant.parse("2026-03-31T23:59:50Z"));
    private final ProxyClient client = new ProxyClient(proxy, MASTER);

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void onlyTheMasterKeyControlsTheFake() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "'}");
        assertThat(client.getAs(KEY, "/_fake").status()).isEqualTo(401);
        assertThat(client.postAs("sk-wrong-0123456789", "/_fake/reset", "{}").status())
                .isEqualTo(401);
        assertThat(proxy.keys()).hasSize(1);
    }

    @Test
    void aFaultIsPlannedForARouteOrForTheKthRequest() throws Exception {
        control("/_fake/faults", "{'route':'POST /key/generate','times':2,'fault':'status','number':503}");
        assertThat(client.get("/key/list").status()).isEqualTo(200);
        assertThat(client.post("/key/generate", "{}").status()).isEqualTo(503);
        assertThat(client.post("/key/generate", "{}").status()).isEqualTo(503);
        assertThat(client.post("/key/generate", "{}").status()).isEqualTo(200);
        control("/_fake/faults", "{'after':1,'fault':'loseAnswer'}");
        client.get("/_fake");
        assertThat(client.get("/key/list").status()).isEqualTo(200);
        assertThatThrownBy(() -> client.post("/key/generate", "{}")).isInstanceOf(IOException.class);
        assertThat(proxy.keys()).hasSize(2);
        control("/_fake/faults", "{'fault':'lookupFailsAsNotFound'}");
        assertThat(client.delete("/_fake/faults").status()).isEqualTo(200);
        assertThat(client.get("/key/list").status()).isEqualTo(200);
    }

    @Test
    void anAnswerThatIsHeldBackIsReleased() throws Exception {
        control("/_fake/faults", "{'route':'POST /key/generate','fault':'withholdAnswer'}");
        CompletableFuture<Integer> held = CompletableFuture.supplyAsync(() -> {
            try {
                return client.post("/key/generate", "{}").status();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        while (proxy.keys().isEmpty() && !held.isDone()) {
            Thread.onSpinWait();
        }
        assertThat(held.isDone()).isFalse();
        control("/_fake/release", "{}");
        assertThat(held.join()).isEqualTo(200);
    }

    @Test
    void everyFaultThatAnswersHasItsName() throws Exception {
        Map<String, Integer> statuses = Map.of(
                "'status','number':502", 502,
                "'rateLimited','number':9", 429,
                "'lookupFailsAsNotFound'", 404,
                "'answerLate','number':0", 200);
        for (Map.Entry<String, Integer> fault : statuses.entrySet()) {
            control("/_fake/faults", "{'fault':" + fault.getKey() + "}");
            assertThat(client.get("/key/list").status()).as(fault.getKey()).isEqualTo(fault.getValue());
            assertThat(client.get("/key/list").status()).as(fault.getKey()).isEqualTo(200);
        }
    }

    @Test
    void everyFaultThatHangsUpHasItsName() throws Exception {
        // Not a GET: Java's client would send it again by itself.
        for (String fault : List.of("'dropRequest'", "'loseAnswer'", "'commitLater','number':1")) {
            control("/_fake/faults", "{'fault':" + fault + "}");
            assertThatThrownBy(() -> client.post("/key/generate", "{}"))
                    .as(fault)
                    .isInstanceOf(IOException.class);
            assertThat(client.get("/key/list").status()).as(fault).isEqualTo(200);
        }
    }

    @Test
    void quirksAndTheDatabaseAreSwitched() throws Exception {
        control("/_fake/quirks", "{'NO_TEAM_LIST_V2':true,'KEYS_ARE_CACHED':true}");
        assertThat(client.get("/v2/team/list").status()).isEqualTo(404);
        control("/_fake/quirks", "{'NO_TEAM_LIST_V2':false}");
        assertThat(client.get("/v2/team/list").status()).isEqualTo(200);
        control("/_fake/database", "{'state':'NEVER_CONNECTED'}");
        assertThat(client.get("/key/list").status()).isEqualTo(500);
        JsonNode shown = client.get("/_fake").json();
        assertThat(shown.path("database").textValue()).isEqualTo("NEVER_CONNECTED");
        assertThat(shown.path("quirks").toString()).isEqualTo("[\"KEYS_ARE_CACHED\"]");
    }

    @Test
    void theClockMovesForResetsAndForSpendThatWaits() throws Exception {
        control("/_fake/prices", "{'large':2,'free':0}");
        client.post("/key/generate", "{'key':'" + KEY + "','budget_duration':'1mo','max_budget':2}");
        assertThat(complete("large").status()).isEqualTo(200);
        assertThat(complete("large").status()).isEqualTo(400);
        assertThat(complete("free").status()).isEqualTo(200);
        assertThat(proxy.keys().get(0).spendUsd()).isZero();
        assertThat(control("/_fake/clock", "{'advance_seconds':10}")
                        .path("time")
                        .textValue())
                .isEqualTo("2026-04-01T00:00:00Z");
        assertThat(proxy.keys().get(0).spendUsd()).isEqualByComparingTo("2");
        control("/_fake/clock", "{'advance_seconds':600}");
        assertThat(proxy.keys().get(0).spendUsd()).isZero();
        control("/_fake/flush-delay", "{'seconds':0.5}");
        complete("large");
        control("/_fake/clock", "{'advance_seconds':0.5}");
        assertThat(proxy.keys().get(0).spendUsd()).isEqualByComparingTo("2");
    }

    @Test
    void spendIsBookedForAKeyOrATeam() throws Exception {
        client.post("/team/new", "{'team_id':'t'}");
        client.post("/key/generate", "{'key':'" + KEY + "','team_id':'t'}");
        control("/_fake/spend", "{'key':'" + KEY + "','model':'large','usd':1.5}");
        control("/_fake/spend", "{'key':'" + ProxyState.sha256(KEY) + "','model':'large','usd':0.5}");
        control("/_fake/spend", "{'team_id':'t','usd':4}");
        assertThat(proxy.keys().get(0).spendUsd()).isEqualByComparingTo("2");
        assertThat(proxy.teams().get(0).spendUsd()).isEqualByComparingTo("6");
        assertThat(client.get("/spend/logs").json().size()).isEqualTo(2);
    }

    @Test
    void itsRequestsAreNotCountedAndItIsAsNewAfterAReset() throws Exception {
        proxy.addTeam("t", null, null, null, BigDecimal.ONE);
        client.post("/key/generate", "{}");
        control("/_fake/quirks", "{'NO_TEAM_LIST_V2':true}");
        control("/_fake/clock", "{'advance_seconds':600}");
        control("/_fake/faults", "{'fault':'dropRequest'}");
        assertThat(client.get("/_fake").json().path("requests").toString()).isEqualTo("[\"POST /key/generate\"]");
        control("/_fake/reset", "{}");
        JsonNode shown = client.get("/_fake").json();
        assertThat(shown.path("requests").isEmpty()).isTrue();
        assertThat(shown.path("quirks").isEmpty()).isTrue();
        assertThat(shown.path("time").textValue()).isEqualTo("2026-03-31T23:59:50Z");
        assertThat(client.get("/v2/team/list").json().path("total").asInt()).isZero();
        assertThat(proxy.keys()).isEmpty();
    }

    @Test
    void aWrongBodyIsToldAndChangesNothing() throws Exception {
        List<String> wrong = List.of(
                "/_fake/faults {'fault':'explode'}",
                "/_fake/faults {'fault':'status','number':'503'}",
                "/_fake/faults {'fault':'dropRequest','times':0}",
                "/_fake/faults {'fault':'dropRequest','time':2}",
                "/_fake/faults {'fault':'dropRequest','after':2,'times':2}",
                "/_fake/faults {'fault':'status'}",
                "/_fake/faults {'fault':'status','number':42}",
                "/_fake/quirks {'NO_TEAM_LIST_V2':true,'NO_SUCH_QUIRK':true}",
                "/_fake/quirks {'NO_TEAM_LIST_V2':1}",
                "/_fake/database {'state':'AWAY'}",
                "/_fake/clock {'advance_seconds':-1}",
                "/_fake/clock {'advance_seconds':'1'}",
                "/_fake/spend {'key':'sk-unknown-0123456789','model':'m','usd':1}",
                "/_fake/spend {'team_id':'unknown','usd':1}",
                "/_fake/prices {'good':1,'bad':-1}",
                "/_fake/flush-delay {'seconds':-1}");
        for (String request : wrong) {
            int space = request.indexOf(' ');
            Got got = client.post(request.substring(0, space), request.substring(space + 1));
            assertThat(got.status()).as(request).isEqualTo(400);
            assertThat(got.json().path("detail").textValue())
                    .as(request)
                    .isNotBlank()
                    .doesNotContain("sk-unknown");
            assertThat(client.get("/_fake").json().path("quirks").isEmpty())
                    .as(request)
                    .isTrue();
            assertThat(client.get("/v2/team/list").status()).as(request).isEqualTo(200);
            assertThat(client.get("/_fake").json().path("time").textValue())
                    .as(request)
                    .isEqualTo("2026-03-31T23:59:50Z");
        }
        client.post("/key/generate", "{'key':'" + KEY + "','max_budget':0}");
        assertThat(complete("good").status())
                .as("a price of 1 was not taken over")
                .isEqualTo(400);
    }

    private JsonNode control(String path, String body) throws Exception {
        Got got = client.post(path, body);
        assertThat(got.status()).as(got.body()).isEqualTo(200);
        return got.json();
    }

    private Got complete(String model) throws Exception {
        return client.postAs(KEY, "/v1/chat/completions", "{'model':'" + model + "'}");
    }
}
