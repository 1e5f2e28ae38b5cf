package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.core.port.ModelGateway.ModelUsage;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    private static final LocalDate FROM = LocalDate.parse("2026-01-01");
    private static final LocalDate TO = LocalDate.parse("2026-01-31");
    private static final String TEAM = "GET /team/daily/activity";
    private static final String USER = "GET /user/daily/activity";
    private static final String K1 = "a".repeat(64);
    private static final String K2 = "b".repeat(64);

    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static String metrics(String spend, int requests) {
        return "{\"metrics\":{\"spend\":" + spend + ",\"api_requests\":" + requests + "}}";
    }

    /** A model that two keys called. */
    private static String model(String name, String spend, int requests, String shares) {
        return "\"" + name + "\":{\"metrics\":{\"spend\":" + spend + ",\"api_requests\":" + requests
                + "},\"api_key_breakdown\":{" + shares + "}}";
    }

    private static String share(String key, String spend, int requests) {
        return "\"" + key + "\":" + metrics(spend, requests);
    }

    private static String entity(String team, String... keys) {
        return "\"" + team + "\":{\"metrics\":{},\"api_key_breakdown\":{"
                + String.join(
                        ",",
                        List.of(keys).stream().map(key -> share(key, "1", 1)).toList()) + "}}";
    }

    private static String day(String models, String entities, String keys) {
        return "{\"date\":\"2026-01-05\",\"metrics\":{},\"breakdown\":{\"models\":{" + models + "},\"entities\":{"
                + entities + "},\"api_keys\":{" + keys + "}}}";
    }

    private static String page(int pages, String... days) {
        return "{\"results\":[" + String.join(",", days) + "],\"metadata\":{\"page\":1,\"total_pages\":" + pages
                + ",\"has_more\":false}}";
    }

    private List<ModelUsage> usage() {
        return server.gateway().usage("t", FROM, TO);
    }

    @Test
    void allPagesAreSummedByModel() {
        server.once(TEAM, 200, page(2, day(model("m", "0.1", 2, ""), entity("t", K1), "")));
        server.once(
                TEAM, 200, page(2, day(model("m", "2e-1", 3, "") + "," + model("n", "4", 1, ""), entity("t", K1), "")));

        assertThat(usage())
                .containsExactlyInAnyOrder(
                        new ModelUsage("m", new BigDecimal("0.3"), 5), new ModelUsage("n", new BigDecimal("4"), 1));
        assertThat(server.last(TEAM).query())
                .contains("team_ids=t", "start_date=2026-01-01", "end_date=2026-01-31", "page=2", "page_size=1000");
    }

    @Test
    void nothingSpentIsNothing() {
        server.always(TEAM, 200, page(0));

        assertThat(usage()).isEmpty();
    }

    @Test
    void whereFiltersAreIgnoredOnlyTheTeamsKeysCount() {
        String models = model("m", "10", 10, share(K1, "3", 2) + "," + share(K2, "7", 8)) + ","
                + model("n", "1", 1, share(K2, "1", 1));
        server.always(TEAM, 200, page(1, day(models, entity("t", K1) + "," + entity("other", K2), "")));

        assertThat(usage()).containsExactly(new ModelUsage("m", new BigDecimal("3"), 2));
    }

    @Test
    void aDayOfOthersOnlyIsNotTheTeams() {
        server.always(TEAM, 200, page(1, day(model("m", "10", 10, share(K2, "10", 10)), entity("other", K2), "")));

        assertThat(usage()).isEmpty();
    }

    @Test
    void aKeyInTwoTeamsCannotBeSplit() {
        String models = model("m", "10", 10, share(K1, "10", 10));
        server.always(TEAM, 200, page(1, day(models, entity("t", K1) + "," + entity("other", K1), "")));

        Failing.lasts(this::usage, ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aDayThatDoesNotSayWhoseItIsIsAFailure() {
        server.always(TEAM, 200, page(1, day(model("m", "10", 10, ""), "", "")));

        Failing.lasts(this::usage, ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void anOlderReleaseIsAskedKeyByKey() {
        keysOfTheTeam();
        server.once(USER, 200, page(1, day(model("m", "3", 2, share(K1, "3", 2)), "", share(K1, "3", 2))));
        server.once(
                USER,
                200,
                page(
                        1,
                        day(
                                model("m", "9", 9, share(K1, "3", 2) + "," + share(K2, "6", 7)),
                                "",
                                share(K1, "3", 2) + "," + share(K2, "6", 7))));

        assertThat(usage()).containsExactly(new ModelUsage("m", new BigDecimal("9"), 9));
        assertThat(server.last(USER).query()).contains("api_key=" + K2, "start_date=2026-01-01");
    }

    @Test
    void aTeamIdThatLiteLlmWouldTakeForTwoIsAskedKeyByKey() {
        server.always("GET /key/list", 200, "{\"keys\":[],\"total_count\":0,\"total_pages\":0}");

        assertThat(server.gateway().usage("a,b", FROM, TO)).isEmpty();
        assertThat(server.routes()).containsExactly("GET /key/list");
    }

    @Test
    void aReleaseThatTellsNothingByDayIsAFailure() {
        keysOfTheTeam();

        Failing.lasts(this::usage, ErrorCode.UPSTREAM_ERROR);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"results\":[]}",
                "{\"results\":[],\"metadata\":{\"total_pages\":\"1\"}}",
                "{\"results\":[],\"metadata\":{\"total_pages\":99999999999}}"
            })
    void anAnswerThatMayLackPagesIsAFailure(String answer) {
        server.always(TEAM, 200, answer);

        Failing.lasts(this::usage, ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aDayWithoutItsModelsIsAFailure() {
        server.always(TEAM, 200, page(1, "{\"date\":\"2026-01-05\",\"metrics\":{\"spend\":3}}"));

        Failing.lasts(this::usage, ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aModelWithoutACostIsAFailure() {
        server.always(TEAM, 200, page(1, day("\"m\":{\"metrics\":{\"api_requests\":1}}", entity("t", K1), "")));

        Failing.lasts(this::usage, ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aPassingFailureInTheMiddleCountsNothingTwice() {
        server.once(TEAM, 200, page(2, day(model("m", "1", 1, ""), entity("t", K1), "")));
        server.once(TEAM, 500, "{\"detail\":{\"error\":\"Failed to fetch analytics\"}}");
        server.always(TEAM, 200, page(1, day(model("m", "1", 1, ""), entity("t", K1), "")));

        assertThat(usage()).containsExactly(new ModelUsage("m", BigDecimal.ONE, 1));
    }

    @Test
    void daysThatRunBackwardsAreRefused() {
        Failing.lasts(() -> server.gateway().usage("t", TO, FROM), ErrorCode.VALIDATION_ERROR);
        assertThat(server.asked()).isEmpty();
    }

    private void keysOfTheTeam() {
        String keys = String.join(
                ",",
                Map.of("1", K1, "2", K2).entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(key -> "{\"token\":\"" + key.getValue() + "\",\"team_id\":\"t\"}")
                        .toList());
        server.always("GET /key/list", 200, "{\"keys\":[" + keys + "],\"total_count\":2,\"total_pages\":1}");
    }
}
