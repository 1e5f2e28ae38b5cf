package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamListTest {
    private static final Map<String, String> OURS = Map.of("opencrane_instance", "i");

    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static String team(String id, String instance) {
        return "{\"team_id\":\"" + id + "\",\"metadata\":{\"opencrane_instance\":\"" + instance
                + "\",\"n\":1},\"max_budget\":12.5,\"budget_duration\":\"1mo\",\"spend\":3.25,\"blocked\":true,"
                + "\"budget_reset_at\":\"2026-02-01T00:00:00Z\"}";
    }

    private static String pageOf(int total, int pages, String... teams) {
        return "{\"teams\":[" + String.join(",", teams) + "],\"total\":" + total + ",\"page\":1,\"page_size\":100,"
                + "\"total_pages\":" + pages + "}";
    }

    private void page(int number, String body) {
        server.always("GET /v2/team/list?" + query(number), 200, body);
    }

    private static String query(int number) {
        // A map of two, in either order.
        String probe = Map.of("page", "", "page_size", "").keySet().iterator().next();
        return probe.equals("page") ? "page=" + number + "&page_size=100" : "page_size=100&page=" + number;
    }

    @Test
    void allPagesAreReadAndForeignTeamsLeftOut() {
        page(1, pageOf(3, 2, team("a", "i"), team("b", "j")));
        page(2, pageOf(3, 2, team("c", "i")));

        assertThat(server.gateway().teams(OURS)).extracting(TeamState::teamId).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void aTeamIsReadColumnByColumn() {
        page(1, pageOf(1, 1, team("a", "i")));

        assertThat(server.gateway().teams(OURS)).singleElement().satisfies(team -> {
            assertThat(team.monthlyBudgetUsd()).isEqualByComparingTo("12.5");
            assertThat(team.budgetPeriod()).isEqualTo("1mo");
            assertThat(team.spendUsd()).isEqualByComparingTo(new BigDecimal("3.25"));
            assertThat(team.blocked()).isTrue();
            assertThat(team.budgetResetAt()).isEqualTo("2026-02-01T00:00:00Z");
            assertThat(team.metadata()).containsOnly(Map.entry("opencrane_instance", "i"));
        });
    }

    @Test
    void noTeamsAreNoFailure() {
        page(1, pageOf(0, 0));

        assertThat(server.gateway().teams(OURS)).isEmpty();
    }

    @Test
    void aListThatShrinksWhileItIsReadIsRepeated() {
        String second = "GET /v2/team/list?" + query(2);
        page(1, pageOf(3, 2, team("a", "i"), team("b", "i")));
        server.once(second, 200, pageOf(2, 1));
        page(2, pageOf(3, 2, team("c", "i")));

        assertThat(server.gateway().teams(OURS)).hasSize(3);
        assertThat(server.routes()).hasSize(4);
    }

    @Test
    void aListThatLacksSomeIsAFailure() {
        page(1, pageOf(3, 1, team("a", "i"), team("b", "i")));

        Failing.mayPass(() -> server.gateway().teams(OURS), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aTeamOnTwoPagesIsOneTeam() {
        page(1, pageOf(2, 2, team("a", "i")));
        page(2, pageOf(2, 2, team("a", "i"), team("b", "i")));

        assertThat(server.gateway().teams(OURS)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"teams\":[]}",
                "{\"teams\":[],\"total\":1}",
                "{\"teams\":{},\"total\":0,\"total_pages\":0}",
                "{\"teams\":[{}],\"total\":1,\"total_pages\":1}",
                "{\"teams\":[],\"total\":0,\"total_pages\":20000}",
                "{\"teams\":[],\"total\":0,\"total_pages\":4294967296}"
            })
    void aListThatCannotBeWholeIsALastingFailure(String body) {
        page(1, body);

        Failing.lasts(() -> server.gateway().teams(OURS), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aFailureNamesNoTeamThatOnlyTheAnswerNames() {
        page(1, pageOf(1, 1, team("Bearer secret", "i").replace("2026-02-01T00:00:00Z", "soon")));

        assertThatThrownBy(() -> server.gateway().teams(OURS))
                .hasMessageContaining("budget_reset_at")
                .hasMessageNotContaining("secret");
    }

    @Test
    void anOlderReleaseIsAskedForAllAtOnce() {
        server.always("GET /team/list", 200, "[" + team("a", "i") + "," + team("b", "j") + "]");

        assertThat(server.gateway().teams(OURS)).extracting(TeamState::teamId).containsExactly("a");
        assertThat(server.routes()).containsExactly("GET /v2/team/list", "GET /team/list");
    }

    @Test
    void aReleaseWithNeitherListIsALastingFailure() {
        Failing.lasts(() -> server.gateway().teams(OURS), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void anOlderListThatIsNoneIsALastingFailure() {
        server.always("GET /team/list", 200, "{}");

        Failing.lasts(() -> server.gateway().teams(OURS), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aPassingFailureIsRepeatedAndAMissingDatabaseIsNoEmptyList() {
        server.once("GET /v2/team/list", 503, "");
        server.once("GET /v2/team/list", 500, "{\"detail\":{\"error\":\"No db connected. prisma client=None\"}}");
        page(1, pageOf(1, 1, team("a", "i")));
        assertThat(server.gateway().teams(OURS)).hasSize(1);

        server.always("GET /v2/team/list?" + query(1), 500, "Internal Server Error");
        Failing.mayPass(() -> server.gateway().teams(OURS), ErrorCode.UPSTREAM_ERROR);
    }
}
