package io.opencrane.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.core.port.ModelGateway.ModelUsage;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Adds days up by model. Not thread-safe. */
final class UsageSum {
    private final Map<String, ModelUsage> models = new TreeMap<>();
    private final String subject;

    UsageSum(String subject) {
        this.subject = subject;
    }

    List<ModelUsage> usage() {
        return List.copyOf(models.values());
    }

    /** The sums by model are the team's when the day holds no other; otherwise those of the keys that only this team used. */
    void addTeam(JsonNode day, String teamId) {
        JsonNode breakdown = breakdown(day);
        Set<String> teams = names(breakdown.path("entities"));
        if (teams.equals(Set.of(teamId))) {
            breakdown.path("models").properties().forEach(model -> add(model.getKey(), model.getValue()));
            return;
        }
        if (teams.isEmpty() && !breakdown.path("models").isEmpty()) {
            throw unclear();
        }
        Set<String> own = keysOf(breakdown, teamId);
        for (String other : teams) {
            if (!other.equals(teamId) && keysOf(breakdown, other).stream().anyMatch(own::contains)) {
                throw unclear();
            }
        }
        own.forEach(hash -> addShares(breakdown, hash));
    }

    /** The sums by model are the key's when the day holds no other; otherwise its share of them. */
    void addKey(JsonNode day, String hash) {
        JsonNode breakdown = breakdown(day);
        Set<String> keys = names(breakdown.path("api_keys"));
        if (keys.equals(Set.of(hash))) {
            breakdown.path("models").properties().forEach(model -> add(model.getKey(), model.getValue()));
            return;
        }
        if (keys.isEmpty() && !breakdown.path("models").isEmpty()) {
            throw unclear();
        }
        if (keys.contains(hash)) {
            addShares(breakdown, hash);
        }
    }

    private JsonNode breakdown(JsonNode day) {
        JsonNode breakdown = day.path("breakdown");
        if (!breakdown.path("models").isObject()) {
            throw LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM tells of a day without its models.");
        }
        return breakdown;
    }

    private Set<String> keysOf(JsonNode breakdown, String teamId) {
        JsonNode team = breakdown.path("entities").path(teamId);
        Set<String> keys = names(team.path("api_key_breakdown"));
        if (keys.isEmpty() && !team.isMissingNode()) {
            throw unclear();
        }
        return keys;
    }

    private void addShares(JsonNode breakdown, String hash) {
        for (Map.Entry<String, JsonNode> model : breakdown.path("models").properties()) {
            JsonNode shares = model.getValue().path("api_key_breakdown");
            if (!shares.isObject()) {
                throw unclear();
            }
            if (shares.has(hash)) {
                add(model.getKey(), shares.path(hash));
            }
        }
    }

    private void add(String model, JsonNode part) {
        JsonNode metrics = part.path("metrics");
        BigDecimal cost = Json.decimal(metrics, "spend");
        if (cost == null || !metrics.path("api_requests").isIntegralNumber()) {
            throw LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM tells of a model without what it cost.");
        }
        long requests = metrics.path("api_requests").longValue();
        models.merge(
                model,
                new ModelUsage(model, cost, requests),
                (one, other) ->
                        new ModelUsage(model, one.costUsd().add(other.costUsd()), one.requests() + other.requests()));
    }

    private LiteLlmException unclear() {
        return LiteLlmException.lasting(
                ErrorCode.UPSTREAM_ERROR,
                subject,
                "LiteLLM's answer mixes the spend of several, and it cannot be told whose is whose.");
    }

    private static Set<String> names(JsonNode object) {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
