package io.opencrane.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.core.port.ModelGateway.Team;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Teams, one attempt each: every method may be repeated as a whole (litellm.md §6, §8). */
final class Teams {
    private static final Logger LOG = LoggerFactory.getLogger(Teams.class);
    private static final String PERIOD = "1mo";

    private final Transport transport;
    private final Failures failures;

    Teams(Transport transport, Failures failures) {
        this.transport = transport;
        this.failures = failures;
    }

    /** A doubtful "not there" needs no proof here: creating under an id of our own is refused when the team is there after all. */
    void ensure(Team wanted) {
        String subject = subject(wanted.teamId());
        Reply there = info(wanted.teamId());
        if (ErrorReply.of(there).isUnknownObject()) {
            create(wanted, subject);
            there = info(wanted.teamId());
        }
        converge(wanted, row(there, subject), subject);
    }

    Optional<TeamState> find(String teamId) {
        Optional<JsonNode> row = read(teamId);
        return row.map(team -> state(teamId, team, subject(teamId)));
    }

    boolean exists(String teamId) {
        return read(teamId).isPresent();
    }

    /** Success is what a read says afterwards. */
    void block(String teamId, boolean blocked) {
        String subject = subject(teamId);
        if (isBlocked(teamId, subject) == blocked) {
            return;
        }
        String path = blocked ? "/team/block" : "/team/unblock";
        Reply reply = transport.post(path, Json.object().put("team_id", teamId), subject);
        if (!reply.isSuccess() && !ErrorReply.of(reply).isUnknownObject()) {
            throw failures.of(reply, subject);
        }
        if (isBlocked(teamId, subject) != blocked) {
            throw LiteLlmException.passing(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM took the change but did not keep it.", null);
        }
        log(teamId, blocked ? "Blocked a LiteLLM team" : "Unblocked a LiteLLM team");
    }

    private boolean isBlocked(String teamId, String subject) {
        return read(teamId)
                .map(row -> Json.isTrue(row, "blocked"))
                .orElseThrow(() -> LiteLlmException.lasting(ErrorCode.NOT_FOUND, subject, "LiteLLM has no such team."));
    }

    /** Success is what a read says afterwards: releases differ in what they answer when there is nothing to delete. */
    void delete(String teamId) {
        String subject = subject(teamId);
        ObjectNode body = Json.object();
        body.putArray("team_ids").add(teamId);
        Reply reply = transport.post("/team/delete", body, subject);
        if (!reply.isSuccess() && !ErrorReply.of(reply).isUnknownObject()) {
            throw failures.of(reply, subject);
        }
        if (exists(teamId)) {
            throw LiteLlmException.passing(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM was told to delete the team, but still has it.", null);
        }
        if (reply.isSuccess()) {
            log(teamId, "Deleted a LiteLLM team");
        }
    }

    /** Releases exist that answer 404 when the lookup merely failed: a second 404 after a good health answer is believed. */
    private Optional<JsonNode> read(String teamId) {
        String subject = subject(teamId);
        Reply reply = info(teamId);
        if (failures.provesAbsence(reply, subject)) {
            reply = info(teamId);
            if (ErrorReply.of(reply).isUnknownObject()) {
                return Optional.empty();
            }
        }
        return Optional.of(row(reply, subject));
    }

    private Reply info(String teamId) {
        return transport.get("/team/info", Map.of("team_id", teamId), subject(teamId));
    }

    private JsonNode row(Reply reply, String subject) {
        if (ErrorReply.of(reply).isUnknownObject()) {
            throw LiteLlmException.passing(
                    ErrorCode.UPSTREAM_ERROR,
                    subject,
                    "LiteLLM says by turns that the team is and is not there.",
                    null);
        }
        JsonNode row = failures.require(reply, subject).json().path("team_info");
        if (!row.isObject()) {
            throw LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM's answer about the team holds no team.");
        }
        return row;
    }

    private void create(Team wanted, String subject) {
        ObjectNode body = Json.object()
                .put("team_id", wanted.teamId())
                .put("team_alias", wanted.alias())
                .put("max_budget", wanted.monthlyBudgetUsd())
                .put("budget_duration", PERIOD);
        body.set("metadata", Json.objectOf(wanted.metadata()));
        Reply reply = transport.post("/team/new", body, subject);
        if (ErrorReply.of(reply).isTeamTaken()) {
            return;
        }
        failures.require(reply, subject);
        log(wanted.teamId(), "Created a LiteLLM team");
    }

    private void converge(Team wanted, JsonNode live, String subject) {
        requireSameOwner(wanted, live, subject);
        ObjectNode changes = differences(wanted, live);
        if (changes.isEmpty()) {
            return;
        }
        failures.require(
                transport.post("/team/update", changes.deepCopy().put("team_id", wanted.teamId()), subject), subject);
        ObjectNode left = differences(wanted, row(info(wanted.teamId()), subject));
        if (!left.isEmpty()) {
            throw LiteLlmException.passing(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM took the change but did not keep it.", null);
        }
        log(wanted.teamId(), "Updated a LiteLLM team");
    }

    /** Ids are joined from names with dashes in them, so two tenants may come to one id; the metadata tells them apart. */
    private static void requireSameOwner(Team wanted, JsonNode live, String subject) {
        Map<String, String> found = Json.metadata(live);
        wanted.metadata().forEach((name, value) -> {
            if (!value.equals(found.getOrDefault(name, value))) {
                throw LiteLlmException.lasting(
                        ErrorCode.NAME_TAKEN,
                        subject,
                        "The team belongs to somebody else: its " + name + " is " + found.get(name) + ", not " + value
                                + "; rename one of the two.");
            }
        });
    }

    /**
     * Only what differs is sent. An unlimited team needs an explicit null; and a period sent again would move a reset that is due but not
     * yet done, so that last month's spend would count against this month.
     */
    private static ObjectNode differences(Team wanted, JsonNode live) {
        ObjectNode changes = Json.object();
        if (!wanted.alias().equals(Json.text(live, "team_alias"))) {
            changes.put("team_alias", wanted.alias());
        }
        if (!sameMoney(wanted.monthlyBudgetUsd(), Json.decimal(live, "max_budget"))) {
            changes.put("max_budget", wanted.monthlyBudgetUsd());
        }
        if (!PERIOD.equals(Json.text(live, "budget_duration"))) {
            changes.put("budget_duration", PERIOD);
        }
        if (!Json.metadata(live).entrySet().containsAll(wanted.metadata().entrySet())) {
            changes.set("metadata", Json.mergedMetadata(live, wanted.metadata()));
        }
        return changes;
    }

    /** LiteLLM keeps money as a binary floating-point number; null (unlimited) and zero (blocked) are worlds apart. */
    private static boolean sameMoney(@Nullable BigDecimal wanted, @Nullable BigDecimal live) {
        return wanted == null || live == null
                ? wanted == live
                : Double.compare(wanted.doubleValue(), live.doubleValue()) == 0;
    }

    /** @param subject for failures */
    static TeamState state(String teamId, JsonNode row, String subject) {
        return new TeamState(
                teamId,
                Json.decimal(row, "max_budget"),
                Json.text(row, "budget_duration"),
                Objects.requireNonNullElse(Json.decimal(row, "spend"), BigDecimal.ZERO),
                Json.isTrue(row, "blocked"),
                Json.instant(row, "budget_reset_at", subject),
                Json.metadata(row));
    }

    private static String subject(String teamId) {
        return "LiteLLM team " + teamId;
    }

    private static void log(String teamId, String event) {
        LOG.atInfo()
                .addKeyValue("component", "litellm")
                .addKeyValue("team", teamId)
                .log(event);
    }
}
