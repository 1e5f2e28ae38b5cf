package io.opencrane.testkit.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.resource.SecretText;
import io.opencrane.testkit.litellm.ProxyClient.Got;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the fake tells of spend, held to litellm.md §4 and §9; the numbers in the names are its. */
class FakeLiteLlmSpendTest {
    private static final SecretText MASTER = SecretText.of("sk-master-0123456789");
    private static final SecretText KEY = SecretText.of("sk-abcdefghijklmnopqrstuv");
    private static final SecretText OTHER = SecretText.of("sk-zyxwvutsrqponmlkjihgfe");
    private static final String HASH = ProxyState.sha256(KEY.reveal());
    private static final String OTHER_HASH = ProxyState.sha256(OTHER.reveal());

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-10T23:59:00Z"));
    private final FakeLiteLlm proxy = FakeLiteLlm.start(MASTER, now::get);
    private final ProxyClient client = new ProxyClient(proxy, MASTER);

    @BeforeEach
    void twoTeamsWithAKeyEach() throws Exception {
        client.post("/team/new", "{'team_id':'a','team_alias':'Team A'}");
        client.post("/team/new", "{'team_id':'b'}");
        client.post("/key/generate", "{'key':'" + KEY.reveal() + "','team_id':'a','key_alias':'a/1'}");
        client.post("/key/generate", "{'key':'" + OTHER.reveal() + "','team_id':'b'}");
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void aCallIsBookedOnItsKeyAndItsTeamAndStaysThereWhenTheKeyIsDeleted() throws Exception {
        proxy.call(KEY, "small", new BigDecimal("1.5"));
        proxy.call(HASH, "large", new BigDecimal("2"));
        assertThat(proxy.keys().get(0).spendUsd()).isEqualByComparingTo("3.5");
        client.post("/key/delete", "{'keys':['" + HASH + "']}");
        assertThat(proxy.teams().get(0).spendUsd()).isEqualByComparingTo("3.5");
        assertThat(activity("/team/daily/activity?team_ids=a")
                        .path("metadata")
                        .path("total_spend")
                        .decimalValue())
                .isEqualByComparingTo("3.5");
        assertThatThrownBy(() -> proxy.call(KEY, "small", BigDecimal.ONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(KEY.reveal());
        assertThatThrownBy(() -> proxy.call(OTHER, "small", new BigDecimal("-1")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void f23TheLogOfDaysLeavesOutTheLastAndFillsUpToIt() throws Exception {
        proxy.call(KEY, "small", new BigDecimal("1"));
        proxy.call(OTHER, "large", new BigDecimal("2"));
        now.set(Instant.parse("2026-03-12T08:00:00Z"));
        proxy.call(KEY, "small", new BigDecimal("4"));
        JsonNode days = client.get("/spend/logs?start_date=2026-03-09&end_date=2026-03-12")
                .json();
        assertThat(days.findValuesAsText("startTime")).containsExactly("2026-03-10", "2026-03-11", "2026-03-12");
        assertThat(days.path(0).path("spend").asInt()).isEqualTo(3);
        assertThat(days.path(0).path(HASH).asInt()).isEqualTo(1);
        assertThat(days.path(0).path("models").path("large").asInt()).isEqualTo(2);
        assertThat(days.path(1).path("spend").asInt()).isZero();
        assertThat(days.path(2).path("spend").asInt()).as("the day of end_date").isZero();

        String range = "&start_date=2026-03-01&end_date=2026-03-13";
        assertThat(client.get("/spend/logs?api_key=" + KEY.reveal() + range).body())
                .as("taken as it is")
                .isEqualTo("[]");
        assertThat(client.get("/spend/logs?api_key=" + HASH + range)
                        .json()
                        .path(0)
                        .path("spend")
                        .asInt())
                .isEqualTo(1);
        JsonNode rows = client.get("/spend/logs?summarize=false" + range).json();
        assertThat(rows.findValuesAsText("api_key")).containsExactly(HASH, OTHER_HASH, HASH);
        Got garbled = client.get("/spend/logs?start_date=March&end_date=2026-03-13");
        assertThat(garbled.status()).isEqualTo(500);
        assertThat(garbled.error().path("type").textValue()).isEqualTo("internal_error");
    }

    @Test
    void f23WithoutDatesTheLogIsOfAllTimeAndTakesRawKeys() throws Exception {
        proxy.call(KEY, "small", new BigDecimal("1"));
        proxy.call(OTHER, "large", new BigDecimal("2"));
        assertThat(client.get("/spend/logs").json().size()).isEqualTo(2);
        JsonNode own = client.get("/spend/logs?api_key=" + KEY.reveal()).json();
        assertThat(own.size()).isEqualTo(1);
        assertThat(own.path(0).path("team_id").textValue()).isEqualTo("a");
        assertThat(own.path(0).path("total_tokens").asInt()).isEqualTo(15);
        proxy.clear();
        assertThat(client.get("/spend/logs").body()).isEqualTo("[]");
    }

    @Test
    void f24DailyActivityTellsEachModelsKeys() throws Exception {
        proxy.call(KEY, "small", new BigDecimal("1.5"));
        proxy.call(KEY, "small", new BigDecimal("0.5"));
        proxy.call(OTHER, "small", new BigDecimal("4"));
        now.set(Instant.parse("2026-03-11T00:00:00Z"));
        proxy.call(KEY, "large", new BigDecimal("8"));
        JsonNode all = activity("/user/daily/activity?page=1");
        assertThat(all.path("results").findValuesAsText("date")).containsExactly("2026-03-11", "2026-03-10");
        JsonNode day = all.path("results").path(1);
        assertThat(day.path("metrics").path("spend").asDouble()).isEqualTo(6);
        assertThat(day.path("metrics").path("api_requests").asInt()).isEqualTo(3);
        assertThat(day.path("metrics").path("total_tokens").asInt()).isEqualTo(45);
        JsonNode small = day.path("breakdown").path("models").path("small");
        assertThat(small.path("metrics").path("spend").asDouble()).isEqualTo(6);
        JsonNode ofKey = small.path("api_key_breakdown").path(HASH);
        assertThat(ofKey.path("metrics").path("spend").asDouble()).isEqualTo(2);
        assertThat(ofKey.path("metadata").path("key_alias").textValue()).isEqualTo("a/1");
        assertThat(day.path("breakdown")
                        .path("api_keys")
                        .path(OTHER_HASH)
                        .path("metadata")
                        .path("team_id")
                        .textValue())
                .isEqualTo("b");
        assertThat(all.path("metadata").path("total_spend").asDouble()).isEqualTo(14);
        assertThat(all.path("metadata").path("total_api_requests").asInt()).isEqualTo(4);

        assertThat(total("/user/daily/activity?api_key=" + HASH)).isEqualByComparingTo("10");
        assertThat(total("/user/daily/activity?api_key=" + KEY.reveal())).isZero();
        assertThat(total("/user/daily/activity?model=large")).isEqualByComparingTo("8");
        Got undated = client.get("/user/daily/activity");
        assertThat(undated.status()).isEqualTo(400);
        assertThat(undated.json().path("detail").path("error").textValue())
                .isEqualTo("Please provide start_date and end_date");
        assertThat(client.get("/user/daily/activity?start_date=2026-03-10&end_date=2026-03-10")
                        .json()
                        .path("results")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void f24PagesAreCutAmidADayAndTheirTotalsAreTheirOwn() throws Exception {
        for (int i = 0; i < 5; i++) {
            proxy.call(KEY, "model-" + i, BigDecimal.ONE);
        }
        Map<String, Double> sums = new HashMap<>();
        for (int page = 1; page <= 3; page++) {
            JsonNode got = activity("/user/daily/activity?page_size=2&page=" + page);
            JsonNode metadata = got.path("metadata");
            assertThat(metadata.path("page").asInt()).isEqualTo(page);
            assertThat(metadata.path("total_pages").asInt()).isEqualTo(3);
            assertThat(metadata.path("has_more").booleanValue()).isEqualTo(page < 3);
            assertThat(metadata.path("total_spend").asInt()).isEqualTo(page < 3 ? 2 : 1);
            got.path("results")
                    .path(0)
                    .path("breakdown")
                    .path("models")
                    .properties()
                    .forEach(model -> sums.merge(
                            model.getKey(),
                            model.getValue().path("metrics").path("spend").asDouble(),
                            Double::sum));
        }
        assertThat(sums)
                .hasSize(5)
                .allSatisfy((model, spend) -> assertThat(spend).isEqualTo(1));
        JsonNode whole = activity("/user/daily/activity?page_size=5").path("metadata");
        assertThat(whole.path("has_more").booleanValue()).isFalse();
        assertThat(whole.path("total_pages").asInt()).isEqualTo(1);
        assertThat(client.get("/user/daily/activity?page_size=1001").status()).isEqualTo(422);
    }

    @Test
    void f24TheTeamsTwinCountsDeletedKeysToo() throws Exception {
        proxy.call(KEY, "small", new BigDecimal("1"));
        proxy.call(OTHER, "small", new BigDecimal("2"));
        client.post("/key/delete", "{'keys':['" + HASH + "']}");
        JsonNode entities = activity("/team/daily/activity?team_ids=a,b")
                .path("results")
                .path(0)
                .path("breakdown")
                .path("entities");
        assertThat(entities.path("a").path("metrics").path("spend").asDouble()).isEqualTo(1);
        assertThat(entities.path("a").path("metadata").path("team_alias").textValue())
                .isEqualTo("Team A");
        assertThat(entities.path("a")
                        .path("api_key_breakdown")
                        .path(HASH)
                        .path("metadata")
                        .path("key_alias")
                        .isNull())
                .isTrue();
        assertThat(entities.path("b").path("metrics").path("spend").asDouble()).isEqualTo(2);
        assertThat(total("/team/daily/activity?team_ids=b")).isEqualByComparingTo("2");
        assertThat(total("/team/daily/activity?team_ids=unknown")).isZero();
        proxy.enable(LiteLlmQuirk.NO_TEAM_DAILY_ACTIVITY);
        Got missing = client.get("/team/daily/activity?team_ids=a");
        assertThat(missing.status()).isEqualTo(404);
        assertThat(missing.body()).isEqualTo("{\"detail\":\"Not Found\"}");
    }

    private JsonNode activity(String path) throws Exception {
        return client.get(path + (path.contains("?") ? "&" : "?") + "start_date=2026-03-01&end_date=2026-03-31")
                .json();
    }

    private BigDecimal total(String path) throws Exception {
        return activity(path).path("metadata").path("total_spend").decimalValue();
    }
}
