package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Both lists of teams: all in the order in which they came, pages newest first, as pages of keys are. */
final class TeamListRoutes {
    private final ProxyState state;

    TeamListRoutes(ProxyState state) {
        this.state = state;
    }

    Map<String, Route> routes() {
        return Map.of("GET /team/list", this::all, "GET /v2/team/list", this::paged);
    }

    private Answer all(Call call) {
        requireDatabase();
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        for (ObjectNode team : matching(call)) {
            ObjectNode row = team.deepCopy();
            row.set("keys", state.keysOf(team.path("team_id").asText()));
            row.putArray("team_memberships");
            rows.add(row);
        }
        return Answer.ok(rows);
    }

    private Answer paged(Call call) {
        if (state.has(LiteLlmQuirk.NO_TEAM_LIST_V2)) {
            throw Answer.routeMissing().refuse();
        }
        int page = call.queryNumber("page", 1, 1, Integer.MAX_VALUE);
        int size = call.queryNumber("page_size", 10, 1, 100);
        requireDatabase();
        List<ObjectNode> found = new ArrayList<>(matching(call));
        Collections.reverse(found);
        ObjectNode answer = Rows.object();
        ArrayNode rows = answer.putArray("teams");
        found.stream()
                .skip((page - 1L) * size)
                .limit(size)
                .forEach(team -> rows.add(team.deepCopy()
                        .put("members_count", team.path("members_with_roles").size())));
        return Answer.ok(answer.put("total", found.size())
                .put("page", page)
                .put("page_size", size)
                .put("total_pages", (found.size() + size - 1) / size));
    }

    private List<ObjectNode> matching(Call call) {
        String teamId = call.query().get("team_id");
        String alias = call.query().get("team_alias");
        String organizationId = call.query().get("organization_id");
        return state.teams.values().stream()
                .filter(team -> teamId == null || teamId.equals(Rows.text(team.path("team_id"))))
                .filter(team ->
                        organizationId == null || organizationId.equals(Rows.text(team.path("organization_id"))))
                .filter(team -> aliasContains(team, alias))
                .toList();
    }

    private static boolean aliasContains(ObjectNode team, @Nullable String part) {
        String alias = Rows.text(team.path("team_alias"));
        return part == null
                || (alias != null && alias.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT)));
    }

    private void requireDatabase() {
        state.requireDatabase(Answer.detailError(500, "No db connected"), Answer.plain(500, "Internal Server Error"));
    }
}
