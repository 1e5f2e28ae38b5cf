package io.opencrane.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.core.port.ModelGateway.ModelUsage;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where spend is read: with LiteLLM's teams and days, or at a path that the host names (contract opencrane.md §6). */
final class Spending {
    private final Transport transport;
    private final Failures failures;
    private final Teams teams;
    private final Usage usage;
    private final @Nullable SpendPath path;

    /** @param transport for the path */
    Spending(Transport transport, Failures failures, Teams teams, Usage usage, @Nullable SpendPath path) {
        this.transport = transport;
        this.failures = failures;
        this.teams = teams;
        this.usage = usage;
        this.path = path;
    }

    /** For people, after the endpoint. */
    String source() {
        return path == null ? "/team/info" : path.template();
    }

    /** The team, with what it spent. */
    TeamState of(TeamState team) {
        if (path == null) {
            return team;
        }
        return new TeamState(
                team.teamId(),
                team.monthlyBudgetUsd(),
                team.budgetPeriod(),
                total(ask(path, team), subject(team.teamId())),
                team.blocked(),
                team.budgetResetAt(),
                team.metadata());
    }

    /** A path of the host's knows no days: it tells of the budget's period, whatever is asked. */
    List<ModelUsage> usage(String teamId, LocalDate from, LocalDate to) {
        if (path == null) {
            return usage.ofTeam(teamId, from, to);
        }
        Optional<TeamState> team = teams.find(teamId);
        return team.isEmpty() ? List.of() : models(ask(path, team.get()), subject(teamId));
    }

    private JsonNode ask(SpendPath where, TeamState team) {
        String subject = subject(team.teamId());
        return failures.require(transport.get(where.of(team, subject), Map.of(), subject), subject)
                .json();
    }

    private static BigDecimal total(JsonNode answer, String subject) {
        BigDecimal total = Json.decimal(answer, "totalCostUsd");
        if (total == null) {
            throw unreadable(subject, "totalCostUsd is not a number");
        }
        return total;
    }

    private static List<ModelUsage> models(JsonNode answer, String subject) {
        total(answer, subject);
        JsonNode models = answer.path("topModels");
        if (models.isMissingNode() || models.isNull()) {
            return List.of();
        }
        if (!models.isArray()) {
            throw unreadable(subject, "topModels is not a list");
        }
        List<ModelUsage> found = new ArrayList<>();
        for (JsonNode row : models) {
            String model = Json.text(row, "model");
            BigDecimal cost = Json.decimal(row, "costUsd");
            if (model == null || cost == null || !row.path("requests").isIntegralNumber()) {
                throw unreadable(subject, "an entry of topModels is not model, costUsd and requests");
            }
            found.add(new ModelUsage(model, cost, row.path("requests").longValue()));
        }
        return List.copyOf(found);
    }

    private static LiteLlmException unreadable(String subject, String what) {
        return LiteLlmException.lasting(
                ErrorCode.UPSTREAM_ERROR, subject, "The answer of the spend path cannot be read: " + what + ".");
    }

    private static String subject(String teamId) {
        return "Spend of LiteLLM team " + teamId;
    }
}
