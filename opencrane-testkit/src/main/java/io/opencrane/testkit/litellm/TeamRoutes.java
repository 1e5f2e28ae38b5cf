package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Teams (litellm.md §6, F27). */
final class TeamRoutes {
    private static final List<String> COLUMNS = List.of(
            "team_alias", "organization_id", "metadata", "max_budget", "models", "blocked", "tpm_limit", "rpm_limit");

    private final ProxyState state;

    TeamRoutes(ProxyState state) {
        this.state = state;
    }

    Map<String, Route> routes() {
        return Map.of(
                "POST /team/new", this::create,
                "POST /team/update", this::update,
                "POST /team/delete", this::delete,
                "POST /team/block", call -> block(call, true),
                "POST /team/unblock", call -> block(call, false),
                "GET /team/info", this::info);
    }

    static Answer infoNotFound(String teamId) {
        return Answer.proxyError(404, "auth_error", "None", "Team not found, passed team id: " + teamId + ".");
    }

    private Answer create(Call call) {
        BodyTypes.require(call);
        requireDatabase();
        String given = call.text("team_id");
        String teamId = given == null ? UUID.randomUUID().toString() : given;
        Rows.requireBudget(call);
        KeyWriting.requireLicence(call);
        if (state.teams.containsKey(teamId)) {
            String message = "Team id = " + teamId + " already exists. Please use a different team id.";
            throw (state.has(LiteLlmQuirk.TEAM_EXISTS_AS_DETAIL)
                            ? Answer.detailError(400, message)
                            : Answer.wrappedError(400, message))
                    .refuse();
        }
        ObjectNode row = Rows.object().put("team_id", teamId);
        COLUMNS.forEach(row::putNull);
        row.put("spend", 0.0).put("blocked", false);
        row.putArray("models");
        row.putObject("metadata");
        row.putArray("members_with_roles")
                .addObject()
                .put("user_id", "default_user_id")
                .put("role", "admin");
        row.putNull("budget_duration").putNull("budget_reset_at");
        Rows.copy(call.body(), row, COLUMNS);
        applyPeriod(call, row);
        row.put("created_at", Rows.time(state.now())).put("updated_at", Rows.time(state.now()));
        state.teams.put(teamId, row);
        return Answer.ok(row.deepCopy());
    }

    private Answer update(Call call) {
        BodyTypes.require(call);
        String teamId = call.requiredText("team_id");
        requireDatabase();
        Rows.requireBudget(call);
        KeyWriting.requireLicence(call);
        ObjectNode row = requireTeam(teamId).deepCopy();
        Rows.copy(call.body(), row, COLUMNS);
        applyPeriod(call, row);
        state.teams.put(teamId, row.put("updated_at", Rows.time(state.now())));
        ObjectNode answer = Rows.object().put("team_id", teamId);
        answer.set("data", row.deepCopy());
        return Answer.ok(answer);
    }

    /** All or nothing, and the teams' keys go with them. */
    private Answer delete(Call call) {
        List<String> ids = call.texts("team_ids");
        if (ids.isEmpty()) {
            throw Answer.invalid("body", "team_ids", "Field required", call.body())
                    .refuse();
        }
        requireDatabase();
        ids.forEach(this::requireTeam);
        state.keys.values().removeIf(row -> ids.contains(Rows.text(row.path("team_id"))));
        state.teams.keySet().removeAll(ids);
        return Answer.ok(Rows.object().put("deleted_teams", ids.size()));
    }

    private Answer block(Call call, boolean blocked) {
        String teamId = call.requiredText("team_id");
        requireDatabase();
        return Answer.ok(requireTeam(teamId).put("blocked", blocked).deepCopy());
    }

    /** Whatever keeps it from finding the team is told as a 404, a lost database included. */
    private Answer info(Call call) {
        String teamId = call.query().getOrDefault("team_id", "");
        state.requireDatabase(Answer.wrappedError(500, "Database not connected"), infoNotFound(teamId));
        ObjectNode row = state.teams.get(teamId);
        if (row == null) {
            throw infoNotFound(teamId).refuse();
        }
        ObjectNode answer = Rows.object().put("team_id", teamId);
        answer.set("team_info", row.deepCopy());
        answer.set("keys", state.keysOf(teamId));
        answer.putArray("team_memberships");
        return Answer.ok(answer);
    }

    private ObjectNode requireTeam(String teamId) {
        ObjectNode row = state.teams.get(teamId);
        if (row == null) {
            throw Answer.wrappedError(404, "Team not found, passed team_id=" + teamId)
                    .refuse();
        }
        return row;
    }

    private void requireDatabase() {
        state.requireDatabase(Answer.wrappedError(500, "No db connected"), ProxyState.internalError());
    }

    private void applyPeriod(Call call, ObjectNode row) {
        try {
            Rows.applyPeriod(call.text("budget_duration"), row, state.now());
        } catch (IllegalArgumentException e) {
            throw Answer.proxyError(500, "internal_server_error", "None", String.valueOf(e.getMessage()))
                    .refuse();
        }
    }
}
