package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.testkit.litellm.SpendBook.Entry;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a key is for: the routes of models (litellm.md §3, F3, F8, F16, F19, F21, F22). */
final class ModelRoutes {
    private static final String MASTER = "litellm_proxy_master_key";

    private final ProxyState state;
    private final Access access;

    ModelRoutes(ProxyState state, Access access) {
        this.state = state;
        this.access = access;
    }

    Map<String, Route> routes() {
        return Map.of(
                "GET /v1/models", this::models,
                "GET /models", this::models,
                "POST /v1/chat/completions", this::complete,
                "POST /chat/completions", this::complete);
    }

    private Answer models(Call call) {
        access.requireLiveKey(call);
        ObjectNode body = Rows.object().put("object", "list");
        body.putArray("data").addObject().put("id", "fake-model").put("object", "model");
        return Answer.ok(body);
    }

    /** The call counts against budgets at once, and shows when it is written. */
    private Answer complete(Call call) {
        ObjectNode key = access.requireLiveKey(call);
        String model = call.text("model");
        if (model == null || call.body().path("stream").asBoolean()) {
            throw Answer.proxyError(
                            400,
                            "invalid_request_error",
                            model == null ? "model" : "stream",
                            model == null ? "A call needs a model." : "The fake LiteLLM does not stream.")
                    .refuse();
        }
        BigDecimal price = state.book.price(model);
        String teamId = key == null ? null : Rows.text(key.path("team_id"));
        ObjectNode team = teamId == null ? null : state.teams.get(teamId);
        if (key != null) {
            if (price.signum() > 0) {
                requireBudgets(key, team);
            }
            state.rateLimits.count(key, team, state.now());
        }
        Instant now = state.now();
        String hash = key == null ? MASTER : key.path("token").asText();
        state.book.await(new Entry(now, now.plus(state.book.flushDelay()), hash, teamId, model, price));
        return Answer.ok(completion(model, now));
    }

    /** The key's own budget first; what is not written yet counts as well. */
    private void requireBudgets(ObjectNode key, @Nullable ObjectNode team) {
        String hash = key.path("token").asText();
        // A cached row keeps its budget, not its spend.
        ObjectNode spender = Objects.requireNonNullElse(state.keys.get(hash), key);
        BigDecimal ofKey = Rows.spend(spender).add(state.book.unwritten(entry -> hash.equals(entry.keyHash())));
        requireBudget("Key=" + hash, key, ofKey);
        if (team != null) {
            String teamId = team.path("team_id").asText();
            BigDecimal ofTeam = Rows.spend(team).add(state.book.unwritten(entry -> teamId.equals(entry.teamId())));
            requireBudget("Team=" + teamId, team, ofTeam);
        }
    }

    private void requireBudget(String whose, ObjectNode row, BigDecimal spend) {
        BigDecimal budget = Rows.decimal(row.path("max_budget"));
        if (budget == null || spend.compareTo(budget) < 0) {
            return;
        }
        boolean newer = state.has(LiteLlmQuirk.BUDGET_EXCEEDED_IS_429);
        throw Answer.proxyError(
                        newer ? 429 : 400,
                        "budget_exceeded",
                        null,
                        "Budget has been exceeded! " + (newer ? whose + " " : "") + "Current cost: "
                                + spend.toPlainString() + ", Max budget: " + budget.toPlainString())
                .refuse();
    }

    private static ObjectNode completion(String model, Instant now) {
        ObjectNode answer = Rows.object()
                .put("id", "chatcmpl-" + UUID.randomUUID())
                .put("object", "chat.completion")
                .put("created", now.getEpochSecond())
                .put("model", model);
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", "This is the fake LiteLLM.");
        choice.put("finish_reason", "stop");
        answer.putObject("usage")
                .put("prompt_tokens", Entry.PROMPT_TOKENS)
                .put("completion_tokens", Entry.COMPLETION_TOKENS)
                .put("total_tokens", Entry.PROMPT_TOKENS + Entry.COMPLETION_TOKENS);
        return answer;
    }
}
