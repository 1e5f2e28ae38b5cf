package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.error.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamChangesTest {
    private static final String GONE =
            "{\"error\":{\"message\":\"Team not found, passed team id: t.\",\"code\":\"404\"}}";
    private static final String NO_KEYS = "{\"keys\":[],\"total_count\":0,\"total_pages\":0}";

    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private static String team(boolean blocked) {
        return "{\"team_id\":\"t\",\"team_info\":{\"team_id\":\"t\",\"blocked\":" + blocked + "}}";
    }

    @Test
    void aTeamIsBlockedAndLookedAt() {
        server.once("GET /team/info", 200, team(false));
        server.always("GET /team/info", 200, team(true));
        server.always("POST /team/block", 200, "null");

        server.gateway().blockTeam("t", true);

        assertThat(server.routes()).containsExactly("GET /team/info", "POST /team/block", "GET /team/info");
        assertThat(server.last("POST /team/block").body()).isEqualTo("{\"team_id\":\"t\"}");
    }

    @Test
    void aTeamIsUnblocked() {
        server.once("GET /team/info", 200, team(true));
        server.always("GET /team/info", 200, team(false));
        server.always("POST /team/unblock", 200, "{}");

        server.gateway().blockTeam("t", false);

        assertThat(server.routes()).contains("POST /team/unblock");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTeamThatIsAsWantedIsLeftAlone(boolean blocked) {
        server.always("GET /team/info", 200, team(blocked));

        server.gateway().blockTeam("t", blocked);

        assertThat(server.routes()).containsExactly("GET /team/info");
    }

    @Test
    void aBlockThatIsNotKeptIsAFailure() {
        server.always("GET /team/info", 200, team(false));
        server.always("POST /team/block", 200, "{}");

        Failing.mayPass(() -> server.gateway().blockTeam("t", true), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void blockingWithALostAnswerIsSettledByReading() {
        server.once("GET /team/info", 200, team(false));
        server.always("GET /team/info", 200, team(true));
        server.once("POST /team/block", 0, "");

        server.gateway().blockTeam("t", true);

        assertThat(server.routes()).filteredOn("POST /team/block"::equals).hasSize(1);
    }

    @Test
    void aTeamThatIsNotThereCannotBeBlocked() {
        server.always("GET /team/info", 404, GONE);
        Failing.lasts(() -> server.gateway().blockTeam("t", true), ErrorCode.NOT_FOUND);

        server.databaseIs("Not connected");
        Failing.mayPass(() -> server.gateway().blockTeam("t", true), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aTeamDeletedWhileItIsBlockedIsNotFound() {
        server.once("GET /team/info", 200, team(false));
        server.always("GET /team/info", 404, GONE);
        server.always("POST /team/block", 404, "{\"detail\":{\"error\":\"Team not found, passed team_id=t\"}}");

        Failing.lasts(() -> server.gateway().blockTeam("t", true), ErrorCode.NOT_FOUND);
    }

    @Test
    void aDeletedTeamIsLookedForAndItsKeysToo() {
        server.always("POST /team/delete", 200, "{}");
        server.always("GET /team/info", 404, GONE);
        server.always("GET /key/list", 200, NO_KEYS);

        server.gateway().deleteTeam("t");

        assertThat(server.last("POST /team/delete").body()).isEqualTo("{\"team_ids\":[\"t\"]}");
        assertThat(server.routes()).endsWith("GET /team/info", "GET /team/info", "GET /key/list");
    }

    @Test
    void aTeamThatIsNotThereIsDeleted() {
        server.always("POST /team/delete", 404, "{\"detail\":{\"error\":\"Team not found, passed team_id=t\"}}");
        server.always("GET /team/info", 404, GONE);
        server.always("GET /key/list", 200, NO_KEYS);

        server.gateway().deleteTeam("t");

        assertThat(server.routes()).filteredOn("POST /team/delete"::equals).hasSize(1);
    }

    @Test
    void aTeamThatStaysIsNotDeleted() {
        server.always("POST /team/delete", 404, "{\"detail\":{\"error\":\"Team not found, passed team_id=t\"}}");
        server.always("GET /team/info", 200, team(false));

        Failing.mayPass(() -> server.gateway().deleteTeam("t"), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aDeletionIsNotBelievedDuringAnOutage() {
        server.always("POST /team/delete", 200, "{}");
        server.always("GET /team/info", 404, GONE);
        server.databaseIs("Not connected");

        Failing.mayPass(() -> server.gateway().deleteTeam("t"), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void keysThatOutliveTheirTeamAreDeleted() {
        String hash = "ab".repeat(32);
        server.always("POST /team/delete", 200, "{}");
        server.always("GET /team/info", 404, GONE);
        server.always(
                "GET /key/list",
                200,
                "{\"keys\":[{\"token\":\"" + hash + "\",\"team_id\":\"t\"},{\"token\":\"" + "cd".repeat(32)
                        + "\",\"team_id\":\"other\"}],\"total_count\":2,\"total_pages\":1}");
        server.always("POST /key/delete", 200, "{\"deleted_keys\":[]}");
        server.always("GET /key/info", 404, "{\"error\":{\"message\":\"Key not found in database\"}}");

        server.gateway().deleteTeam("t");

        assertThat(server.routes()).filteredOn("POST /key/delete"::equals).hasSize(1);
        assertThat(server.last("POST /key/delete").body()).isEqualTo("{\"keys\":[\"" + hash + "\"]}");
    }
}
