package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The other key routes: list, delete, block, unblock, reset_spend (litellm.md §2, F2, F9, F13, F15, F16). */
final class KeyRoutes {
    private final ProxyState state;
    private final KeyWriting writing;

    KeyRoutes(ProxyState state) {
        this.state = state;
        this.writing = new KeyWriting(state);
    }

    Map<String, Route> routes() {
        return Map.of(
                "POST /key/generate", writing::generate,
                "POST /key/update", writing::update,
                "POST /key/regenerate", call -> regenerate(),
                "POST /key/{key}/regenerate", call -> regenerate(),
                "POST /key/delete", this::delete,
                "POST /key/block", call -> block(call, true),
                "POST /key/unblock", call -> block(call, false),
                "POST /key/{key}/reset_spend", this::resetSpend,
                "GET /key/list", this::list);
    }

    static Answer notFound() {
        return Answer.proxyError(404, "not_found_error", "key", "Key not found in database");
    }

    /** Not a 403: what is paid for looks like a crash. */
    private static Answer regenerate() {
        return Answer.proxyError(
                500,
                "internal_server_error",
                "None",
                "Regenerating Virtual Keys is an Enterprise feature, " + KeyWriting.NOT_PREMIUM);
    }

    /** Echoes the request, unknown keys and all, unless nothing at all was found. */
    private Answer delete(Call call) {
        List<String> sent = call.texts("keys");
        List<String> aliases = call.texts("key_aliases");
        if (sent.isEmpty() && aliases.isEmpty()) {
            throw Answer.invalid(
                            "body", "keys", "Value error, At least one of 'keys' or 'key_aliases' is required", null)
                    .refuse();
        }
        state.requireDatabase(Answer.wrappedError(500, "DB not connected"), ProxyState.internalError());
        boolean found = sent.isEmpty()
                ? state.keys.values().removeIf(row -> aliases.contains(Rows.text(row.path("key_alias"))))
                : state.keys
                        .keySet()
                        .removeAll(sent.stream().map(ProxyState::hashOf).toList());
        if (!found) {
            throw Answer.wrappedError(404, "No keys found").refuse();
        }
        ObjectNode answer = Rows.object();
        ArrayNode deleted = answer.putArray("deleted_keys");
        (sent.isEmpty() ? aliases : sent).forEach(deleted::add);
        return Answer.ok(answer);
    }

    private Answer block(Call call, boolean blocked) {
        String sent = call.requiredText("key");
        Answer crash = Answer.plain(500, "Internal Server Error");
        state.requireDatabase(crash, crash);
        if (!sent.startsWith("sk-") && !sent.matches("[0-9a-f]{64}")) {
            throw Answer.proxyError(400, "bad_request_error", "key", "Invalid key format.")
                    .refuse();
        }
        ObjectNode row = state.keys.get(ProxyState.hashOf(sent));
        if (row == null) {
            throw Answer.proxyError(401, "token_not_found_in_db", "key", "Authentication Error, Unable to find token")
                    .refuse();
        }
        row.put("blocked", blocked).put("updated_at", Rows.time(state.now()));
        return Answer.ok(row.deepCopy());
    }

    /** Its errors are E2, unlike those of its neighbours. */
    private Answer resetSpend(Call call) {
        JsonNode wanted = call.body().path("reset_to");
        if (!wanted.isNumber()) {
            throw Answer.invalid("body", "reset_to", "Field required", call.body())
                    .refuse();
        }
        state.requireDatabase(
                Answer.detailError(500, "DB not connected. prisma_client is None"),
                Answer.detailError(500, "Internal server error: Can't reach database server"));
        String hash = ProxyState.hashOf(call.requiredPathKey());
        ObjectNode row = state.keys.get(hash);
        if (row == null) {
            throw Answer.detailError(404, "Key not found. key=" + hash).refuse();
        }
        BigDecimal to = wanted.decimalValue();
        BigDecimal spend = Rows.spend(row);
        BigDecimal budget = Rows.decimal(row.path("max_budget"));
        if (to.signum() < 0) {
            throw Answer.detailError(400, "reset_to must be >= 0").refuse();
        }
        if (to.compareTo(spend) > 0) {
            throw Answer.detailError(400, "reset_to value (" + to + ") must be <= current spend (" + spend + ")")
                    .refuse();
        }
        if (budget != null && to.compareTo(budget) > 0) {
            throw Answer.detailError(400, "reset_to value (" + to + ") must be <= budget (" + budget + ")")
                    .refuse();
        }
        row.put("spend", to).put("updated_at", Rows.time(state.now()));
        ObjectNode answer = Rows.object().put("key_hash", hash).put("spend", to).put("previous_spend", spend);
        answer.set("max_budget", row.path("max_budget"));
        answer.set("budget_reset_at", row.path("budget_reset_at"));
        return Answer.ok(answer);
    }

    private Answer list(Call call) {
        int page = call.queryNumber("page", 1, 1, Integer.MAX_VALUE);
        int size = call.queryNumber("size", 10, 1, 100);
        state.requireDatabase(Answer.wrappedError(500, "Database not connected"), ProxyState.internalError());
        List<ObjectNode> rows = new ArrayList<>(
                state.keys.values().stream().filter(row -> matches(row, call)).toList());
        rows.sort(
                Comparator.comparing((ObjectNode row) -> row.path("created_at").asText())
                        .thenComparing(row -> row.path("token").asText())
                        .reversed());
        boolean whole = "true".equalsIgnoreCase(call.query().get("return_full_object"));
        ObjectNode answer = Rows.object();
        ArrayNode items = answer.putArray("keys");
        rows.stream().skip((page - 1L) * size).limit(size).forEach(row -> {
            if (whole) {
                items.add(row.deepCopy());
            } else {
                items.add(row.path("token").asText());
            }
        });
        return Answer.ok(answer.put("total_count", rows.size())
                .put("current_page", page)
                .put("total_pages", (rows.size() + size - 1) / size));
    }

    private boolean matches(ObjectNode row, Call call) {
        if (state.has(LiteLlmQuirk.LIST_IGNORES_FILTERS)) {
            return true;
        }
        Map<String, String> query = call.query();
        return equal(query.get("team_id"), row, "team_id")
                && equal(query.get("user_id"), row, "user_id")
                && equal(query.get("organization_id"), row, "organization_id")
                && equal(query.get("key_hash"), row, "token")
                && aliasMatches(query.get("key_alias"), row);
    }

    private static boolean equal(@Nullable String wanted, ObjectNode row, String column) {
        return wanted == null || wanted.equals(Rows.text(row.path(column)));
    }

    private boolean aliasMatches(@Nullable String wanted, ObjectNode row) {
        if (wanted == null || !state.has(LiteLlmQuirk.ALIAS_FILTER_CONTAINS)) {
            return equal(wanted, row, "key_alias");
        }
        String alias = Rows.text(row.path("key_alias"));
        return alias != null && alias.toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
    }
}
