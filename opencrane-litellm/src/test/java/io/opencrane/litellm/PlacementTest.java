package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.opencrane.api.error.ErrorCode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final String HASH = "ab".repeat(32);
    private static final String FOREIGN =
            "\"key_alias\":\"old\",\"team_id\":null,\"max_budget\":10,\"budget_duration\":\"30d\","
                    + "\"expires\":\"2027-01-01T00:00:00Z\",\"metadata\":{\"tenant\":\"acme\",\"tags\":[\"x\"]}";
    private static final String PLACED =
            "\"key_alias\":\"old\",\"team_id\":\"t\",\"max_budget\":null,\"budget_duration\":\"30d\","
                    + "\"expires\":null,\"metadata\":{\"tenant\":\"acme\",\"tags\":[\"x\"],\"opencrane_instance\":\"i\"}";
    private static final String GONE =
            "{\"error\":{\"message\":\"Key not found in database\",\"type\":\"not_found_error\",\"param\":\"key\",\"code\":\"404\"}}";

    private final ScriptedServer server = new ScriptedServer();

    @BeforeEach
    void makeTheTeam() {
        server.always("GET /team/info", 200, "{\"team_id\":\"t\",\"team_info\":{\"team_id\":\"t\"}}");
        server.always("POST /key/update", 200, "{\"key\":\"" + HASH + "\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static String info(String columns) {
        return "{\"key\":\"" + HASH + "\",\"info\":{" + columns + "}}";
    }

    private void place() {
        server.gateway().placeKey(HASH, "t", Map.of("opencrane_instance", "i"));
    }

    @Test
    void whatDiffersIsSentAndNothingElse() throws IOException {
        server.once("GET /key/info", 200, info(FOREIGN));
        server.always("GET /key/info", 200, info(PLACED));

        place();

        assertThat(JsonMapper.builder()
                        .build()
                        .readTree(server.last("POST /key/update").body()))
                .isEqualTo(JsonMapper.builder()
                        .build()
                        .readTree("{\"key\":\"" + HASH
                                + "\",\"team_id\":\"t\",\"max_budget\":null,\"duration\":null,"
                                + "\"metadata\":{\"tenant\":\"acme\",\"tags\":[\"x\"],\"opencrane_instance\":\"i\"}}"));
    }

    @Test
    void aKeyInItsPlaceIsLeftAlone() {
        server.always("GET /key/info", 200, info(PLACED));

        place();

        assertThat(server.routes()).containsExactly("GET /key/info", "GET /team/info");
    }

    @Test
    void anExpiryIsOnlySentWhenThereIsOne() {
        server.once("GET /key/info", 200, info("\"team_id\":\"\",\"max_budget\":1,\"metadata\":null"));
        server.always("GET /key/info", 200, info(PLACED));

        place();

        assertThat(server.last("POST /key/update").body())
                .contains("\"max_budget\":null")
                .doesNotContain("duration");
    }

    @Test
    void aBudgetThatTheKeySharesIsTakenAwayToo() {
        String shared = PLACED + ",\"budget_id\":\"tier\",\"litellm_budget_table\":";
        server.once("GET /key/info", 200, info(shared + "{\"max_budget\":5.0}"));
        server.always("GET /key/info", 200, info(PLACED + ",\"budget_id\":null,\"litellm_budget_table\":null"));
        place();
        assertThat(server.last("POST /key/update").body())
                .contains("\"budget_id\":null")
                .doesNotContain("max_budget");

        server.always("GET /key/info", 200, info(shared + "{\"max_budget\":null,\"soft_budget\":5.0}"));
        place();
        assertThat(server.routes()).filteredOn("POST /key/update"::equals).hasSize(1);
    }

    @Test
    void aBudgetThatTheKeySharesIsToldAsItsOwn() {
        server.always("GET /key/info", 200, info("\"max_budget\":null,\"litellm_budget_table\":{\"max_budget\":5.0}"));
        assertThat(server.gateway().findKey(HASH).orElseThrow().ownBudgetUsd()).isEqualByComparingTo("5");

        server.always("GET /key/info", 200, info("\"max_budget\":7,\"litellm_budget_table\":{\"max_budget\":5.0}"));
        assertThat(server.gateway().findKey(HASH).orElseThrow().ownBudgetUsd()).isEqualByComparingTo("7");
    }

    @Test
    void aKeyOfAnotherTeamIsAConflictAndNothingIsSent() {
        server.always("GET /key/info", 200, info("\"team_id\":\"other\""));

        Failing.lasts(this::place, ErrorCode.CONFLICT);

        assertThat(server.routes()).doesNotContain("POST /key/update");
    }

    @Test
    void anUnknownKeyIsNotFound() {
        server.always("GET /key/info", 404, GONE);

        Failing.lasts(this::place, ErrorCode.NOT_FOUND);
    }

    @Test
    void anUnknownKeyIsNotBelievedDuringAnOutage() {
        server.always("GET /key/info", 404, GONE);
        server.databaseIs("Not connected");

        Failing.mayPass(this::place, ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void anUnknownTeamIsNotFoundAndNothingIsSent() {
        server.always("GET /key/info", 200, info(FOREIGN));
        server.always("GET /team/info", 404, "{\"error\":{\"message\":\"Team not found, passed team id: t.\"}}");

        Failing.lasts(this::place, ErrorCode.NOT_FOUND);

        assertThat(server.routes()).doesNotContain("POST /key/update");
    }

    @Test
    void aKeyDeletedMeanwhileIsNotFoundInBothDialects() {
        String older =
                "{\"error\":{\"message\":\"Authentication Error: invalid user key - user key does not exist in db. User Key=x\",\"type\":\"auth_error\"}}";
        String newer = "{\"error\":{\"message\":\"Team not found, passed team_id=None\",\"type\":\"auth_error\"}}";
        for (Map.Entry<Integer, String> dialect : Map.of(401, older, 404, newer).entrySet()) {
            server.once("GET /key/info", 200, info(FOREIGN));
            server.always("GET /key/info", 404, GONE);
            server.always("POST /key/update", dialect.getKey(), dialect.getValue());

            Failing.lasts(this::place, ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void anUnexpectedFailureIsTriedOnceMore() {
        String unexpected = "{\"error\":{\"message\":\"Authentication Error, prisma\",\"type\":\"auth_error\"}}";
        server.once("POST /key/update", 400, unexpected);
        server.once("GET /key/info", 200, info(FOREIGN));
        server.once("GET /key/info", 200, info(FOREIGN));
        server.always("GET /key/info", 200, info(PLACED));
        place();

        server.always("GET /key/info", 200, info(FOREIGN));
        server.always("POST /key/update", 400, unexpected);
        int before = server.routes().size();
        Failing.lasts(this::place, ErrorCode.UPSTREAM_ERROR);
        assertThat(server.routes().subList(before, server.routes().size()))
                .filteredOn("POST /key/update"::equals)
                .hasSize(2);
    }

    @Test
    void aChangeThatIsNotKeptIsAFailure() {
        server.always("GET /key/info", 200, info(FOREIGN));

        Failing.mayPass(this::place, ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aLostAnswerIsSettledByReading() {
        server.once("GET /key/info", 200, info(FOREIGN));
        server.always("GET /key/info", 200, info(PLACED));
        server.once("POST /key/update", 0, "");

        place();

        assertThat(server.routes()).filteredOn("POST /key/update"::equals).hasSize(1);
    }
}
