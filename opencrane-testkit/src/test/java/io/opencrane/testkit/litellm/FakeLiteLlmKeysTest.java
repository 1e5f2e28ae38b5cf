package io.opencrane.testkit.litellm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.resource.SecretText;
import io.opencrane.testkit.litellm.ProxyClient.Got;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The key routes of the fake, held to litellm.md §1, §2 and §9; the numbers in the names are its. */
class FakeLiteLlmKeysTest {
    private static final SecretText MASTER = SecretText.of("sk-master-0123456789");
    private static final String KEY = "sk-abcdefghijklmnopqrstuv";
    private static final String HASH = ProxyState.sha256(KEY);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-10T09:30:00Z"));
    private final FakeLiteLlm proxy = FakeLiteLlm.start(MASTER, now::get);
    private final ProxyClient client = new ProxyClient(proxy, MASTER);

    @AfterEach
    void stop() {
        proxy.close();
    }

    @Test
    void f1ErrorsCarryTheStatusAsTextAndPythonsQuotes() throws Exception {
        Got got = client.post("/key/generate", "{'max_budget':-1}");
        assertThat(got.status()).isEqualTo(400);
        assertThat(got.error().path("code").textValue()).isEqualTo("400");
        assertThat(got.error().path("param").textValue()).isEqualTo("None");
        assertThat(got.error().path("message").textValue())
                .isEqualTo("{'error': 'max_budget cannot be negative. Received: -1.0'}");
    }

    @Test
    void f3WrongCredentialsDifferInType() throws Exception {
        assertThat(client.getAs("nonsense-0123", "/key/list")
                        .error()
                        .path("type")
                        .textValue())
                .isEqualTo("auth_error");
        Got unknown = client.getAs(KEY, "/key/list");
        assertThat(unknown.status()).isEqualTo(401);
        assertThat(unknown.error().path("type").textValue()).isEqualTo("token_not_found_in_db");
        assertThat(unknown.error().path("message").textValue()).contains(HASH);
    }

    @Test
    void f4AKeyIsMadeShownOnceAndNamedByItsHash() throws Exception {
        JsonNode made = client.post("/key/generate", "{}").json();
        String key = made.path("key").textValue();
        assertThat(key).matches("sk-[A-Za-z0-9_-]{22}");
        assertThat(made.path("token").textValue()).isEqualTo(ProxyState.sha256(key));
        assertThat(made.path("token_id")).isEqualTo(made.path("token"));
        assertThat(made.path("key_name").textValue()).isEqualTo("sk-..." + key.substring(key.length() - 4));
        assertThat(client.get("/key/list?return_full_object=true").body()).doesNotContain(key);
    }

    @Test
    void f5AnAliasIsRefusedASecondTimeEvenWithTheSameKey() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','key_alias':'a'}");
        Got again = client.post("/key/generate", "{'key':'" + KEY + "','key_alias':'a'}");
        assertThat(again.status()).isEqualTo(400);
        assertThat(again.error().path("param").textValue()).isEqualTo("key_alias");
    }

    @Test
    void f6TheSameKeyUnderAnotherAliasIsEchoedAndIgnored() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','key_alias':'a'}");
        Got again = client.post("/key/generate", "{'key':'" + KEY + "','key_alias':'b'}");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json().path("key_alias").textValue()).isEqualTo("b");
        assertThat(proxy.keys()).extracting(FakeLiteLlm.KeySnapshot::alias).containsExactly("a");
        proxy.enable(LiteLlmQuirk.KNOWN_KEY_REFUSED);
        assertThat(client.post("/key/generate", "{'key':'" + KEY + "','key_alias':'c'}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void f8AnUnknownTeamIsTakenAndTheKeyFailsWhenUsed() throws Exception {
        assertThat(client.post("/key/generate", "{'key':'" + KEY + "','team_id':'t'}")
                        .status())
                .isEqualTo(200);
        assertThat(client.getAs(KEY, "/v1/models").status()).isEqualTo(404);
        assertThat(proxy.isLive(SecretText.of(KEY))).isFalse();
        client.post("/team/new", "{'team_id':'t'}");
        assertThat(client.getAs(KEY, "/v1/models").status()).isEqualTo(200);
        assertThat(proxy.isLive(SecretText.of(KEY))).isTrue();
    }

    @Test
    void f10AnUpdateKeepsWhatIsAbsentAndClearsWhatIsNull() throws Exception {
        client.post(
                "/key/generate",
                "{'key':'" + KEY + "','max_budget':5,'budget_duration':'1d','metadata':{'a':'1','b':'2'}}");
        client.post("/key/update", "{'key':'" + HASH + "','metadata':{'c':'3'}}");
        assertThat(info().path("max_budget").asInt()).isEqualTo(5);
        assertThat(info().path("metadata").size()).isEqualTo(1);
        client.post("/key/update", "{'key':'" + HASH + "','max_budget':null,'budget_duration':null}");
        assertThat(info().path("max_budget").isNull()).isTrue();
        assertThat(info().path("budget_duration").textValue()).isEqualTo("1d");
        assertThat(info().path("budget_reset_at").textValue()).isEqualTo("2026-03-11T00:00:00Z");
        client.post("/key/update", "{'key':'" + HASH + "','budget_duration':'1mo'}");
        assertThat(info().path("budget_reset_at").textValue()).isEqualTo("2026-04-01T00:00:00Z");
    }

    @Test
    void f11AnUnknownKeyIs401OnUpdateOr404() throws Exception {
        Got older = client.post("/key/update", "{'key':'" + HASH + "'}");
        assertThat(older.status()).isEqualTo(401);
        assertThat(older.error().path("message").textValue())
                .isEqualTo("Authentication Error: invalid user key - user key does not exist in db. User Key=" + HASH);
        proxy.enable(LiteLlmQuirk.UPDATE_UNKNOWN_KEY_IS_404);
        assertThat(client.post("/key/update", "{'key':'" + HASH + "'}").status())
                .isEqualTo(404);
    }

    @Test
    void f12AFailedUpdateIsToldAsAnAuthenticationErrorAndChangesNothing() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','max_budget':5}");
        Got got = client.post("/key/update", "{'key':'" + HASH + "','max_budget':6,'budget_duration':'2mo'}");
        assertThat(got.status()).isEqualTo(400);
        assertThat(got.error().path("message").textValue()).startsWith("Authentication Error, ");
        assertThat(info().path("max_budget").asInt()).isEqualTo(5);
    }

    @Test
    void f13ADeletionEchoesWhatWasAsked() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','key_alias':'a'}");
        Got mixed = client.post("/key/delete", "{'keys':['sk-unknown','" + HASH + "'],'key_aliases':['zzz']}");
        assertThat(mixed.json().path("deleted_keys").size()).isEqualTo(2);
        assertThat(proxy.keys()).isEmpty();
        Got none = client.post("/key/delete", "{'keys':['" + HASH + "']}");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.error().path("message").textValue()).isEqualTo("{'error': 'No keys found'}");
        assertThat(client.post("/key/delete", "{}").status()).isEqualTo(422);
    }

    @Test
    void f14InfoTakesKeyAndHashAndHidesTheHash() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "'}");
        for (String sent : new String[] {KEY, HASH}) {
            JsonNode got = client.get("/key/info?key=" + sent).json();
            assertThat(got.path("key").textValue()).isEqualTo(sent);
            assertThat(got.path("info").has("token")).isFalse();
        }
        Got unknown = client.get("/key/info?key=" + "0".repeat(64));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.error().path("type").textValue()).isEqualTo("not_found_error");
    }

    @Test
    void f15TheListIsPagedNewestFirstAndHashesOnly() throws Exception {
        for (int i = 0; i < 12; i++) {
            now.set(now.get().plusSeconds(1));
            client.post("/key/generate", "{'key_alias':'Alias-" + i + "'}");
        }
        JsonNode first = client.get("/key/list").json();
        assertThat(first.path("keys").size()).isEqualTo(10);
        assertThat(first.path("total_count").asInt()).isEqualTo(12);
        assertThat(first.path("total_pages").asInt()).isEqualTo(2);
        assertThat(first.path("keys").path(0).textValue()).hasSize(64);
        JsonNode last = client.get("/key/list?page=2&return_full_object=true").json();
        assertThat(last.path("keys").path(1).path("key_alias").textValue()).isEqualTo("Alias-0");
        assertThat(client.get("/key/list?size=101").status()).isEqualTo(422);
        assertThat(client.get("/key/list?page=0").status()).isEqualTo(422);
        assertThat(count("key_alias=Alias-1")).isEqualTo(1);
        proxy.enable(LiteLlmQuirk.ALIAS_FILTER_CONTAINS);
        assertThat(count("key_alias=alias-1")).isEqualTo(3);
    }

    @Test
    void f16ABlockedKeyIsNotLetIn() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "'}");
        assertThat(client.post("/key/block", "{'key':'" + HASH + "'}")
                        .json()
                        .path("blocked")
                        .asBoolean())
                .isTrue();
        assertThat(client.getAs(KEY, "/v1/models").status()).isEqualTo(401);
        client.post("/key/unblock", "{'key':'" + HASH + "'}");
        assertThat(client.getAs(KEY, "/v1/models").status()).isEqualTo(200);
        assertThat(client.post("/key/block", "{'key':'junk'}").status()).isEqualTo(400);
    }

    @Test
    void f17BudgetsOfModelsNeedALicenceWhichIsAskedForLast() throws Exception {
        client.post("/key/generate", "{'key_alias':'taken'}");
        String paid = "'model_max_budget':{'gpt':1}}";
        assertThat(client.post("/key/generate", "{'key_alias':'taken'," + paid).status())
                .isEqualTo(400);
        assertThat(client.post("/key/generate", "{'key':'junk'," + paid).status())
                .isEqualTo(400);
        for (String earlier : new String[] {"'duration':'abc',", "'budget_duration':'2mo',"}) {
            assertThat(client.post("/key/generate", "{" + earlier + paid)
                            .error()
                            .path("message")
                            .textValue())
                    .doesNotContain("model_max_budget");
        }
        Got refused = client.post("/key/generate", "{" + paid);
        assertThat(refused.status()).isEqualTo(500);
        assertThat(refused.error().path("message").textValue()).startsWith("Invalid model_max_budget: ");
        assertThat(proxy.keys()).hasSize(1);
    }

    @Test
    void anExpiredKeyIsNotLetIn() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "','duration':'2h'}");
        assertThat(proxy.isLive(SecretText.of(KEY))).isTrue();
        now.set(now.get().plusSeconds(7200));
        assertThat(client.getAs(KEY, "/v1/models").error().path("type").textValue())
                .isEqualTo("expired_key");
    }

    @Test
    void f20SpendIsZeroedTenMinutesAfterABudgetIsDue() throws Exception {
        client.post("/team/new", "{'team_id':'t','budget_duration':'1mo'}");
        client.post("/team/new", "{'team_id':'never'}");
        client.post("/key/generate", "{'key':'" + KEY + "','spend':2,'budget_duration':'1mo'}");
        proxy.spend("t", new BigDecimal("3"));
        proxy.spend("never", new BigDecimal("3"));

        now.set(Instant.parse("2026-04-01T00:09:59Z"));
        assertThat(proxy.teams()).allSatisfy(team -> assertThat(team.spendUsd()).isEqualByComparingTo("3"));
        assertThat(info().path("budget_reset_at").textValue()).isEqualTo("2026-04-01T00:00:00Z");

        now.set(Instant.parse("2026-04-01T00:10:00Z"));
        proxy.database(LiteLlmDatabase.LOST);
        assertThat(proxy.teams()).allSatisfy(team -> assertThat(team.spendUsd()).isEqualByComparingTo("3"));
        proxy.database(LiteLlmDatabase.CONNECTED);
        assertThat(info().path("spend").decimalValue()).isZero();
        assertThat(info().path("budget_reset_at").textValue()).isEqualTo("2026-05-01T00:00:00Z");
        assertThat(client.get("/team/info?team_id=t")
                        .json()
                        .path("team_info")
                        .path("spend")
                        .decimalValue())
                .isZero();
        assertThat(client.get("/team/info?team_id=never")
                        .json()
                        .path("team_info")
                        .path("spend")
                        .intValue())
                .isEqualTo(3);
    }

    @Test
    void aHashIsNoCredentialAndAKeyNoAdministrator() throws Exception {
        client.post("/key/generate", "{'key':'" + KEY + "'}");
        assertThat(client.getAs(HASH, "/v1/models").status()).isEqualTo(401);
        assertThat(client.getAs(KEY, "/key/list").status()).isEqualTo(401);
    }

    private JsonNode info() throws Exception {
        return client.get("/key/info?key=" + HASH).json().path("info");
    }

    private int count(String filter) throws Exception {
        return client.get("/key/list?" + filter).json().path("total_count").asInt();
    }
}
