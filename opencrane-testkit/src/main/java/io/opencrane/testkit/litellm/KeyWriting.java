package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.testkit.litellm.Flights.Flight;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code /key/generate} and {@code /key/update} (litellm.md §1, §2, F4–F12, F17). */
final class KeyWriting {
    private static final List<String> COLUMNS = List.of(
            "key_alias",
            "spend",
            "models",
            "aliases",
            "config",
            "user_id",
            "team_id",
            "organization_id",
            "project_id",
            "max_parallel_requests",
            "metadata",
            "tpm_limit",
            "rpm_limit",
            "max_budget",
            "allowed_cache_controls",
            "permissions",
            "model_max_budget",
            "blocked",
            "budget_id");
    private static final List<String> ECHOED = List.of(
            "key_alias",
            "models",
            "user_id",
            "team_id",
            "max_budget",
            "budget_duration",
            "metadata",
            "tpm_limit",
            "rpm_limit",
            "blocked");

    private static final String MODEL_BUDGETS_ARE_PAID =
            "Invalid model_max_budget: You must have an enterprise license to set model_max_budget.";
    static final String NOT_PREMIUM = "You must be a LiteLLM Enterprise user to use this feature.";

    private final ProxyState state;
    private final SecureRandom random = new SecureRandom();

    KeyWriting(ProxyState state) {
        this.state = state;
    }

    /** An unknown team is taken without a word (F8), and the checks stand in LiteLLM's order. */
    Answer generate(Call call) {
        BodyTypes.require(call);
        state.requireDatabase(
                Answer.wrappedError(500, "DB not connected. See https://docs.litellm.ai/docs/proxy/virtual_keys"),
                ProxyState.internalError());
        Rows.requireBudget(call);
        requireLicence(call);
        String alias = call.text("key_alias");
        requireFreeAlias(alias, null, call);
        String given = call.text("key");
        if (given != null && !given.startsWith("sk-")) {
            throw Answer.wrappedError(
                            400, "Invalid key format. LiteLLM Virtual Key must start with 'sk-'. Received: ****")
                    .refuse();
        }
        String key = given == null ? newKey() : given;
        String hash = ProxyState.sha256(key);
        ObjectNode row = newRow(call, key, hash);
        requireLicenceForModelBudgets(call);
        if (state.keys.containsKey(hash) && state.has(LiteLlmQuirk.KNOWN_KEY_REFUSED)) {
            throw Answer.proxyError(400, "bad_request_error", "key", "Key already exists.")
                    .refuse();
        }
        if (state.keys.putIfAbsent(hash, row) == null && call.flight() != null) {
            state.makers.put(hash, call.flight());
        }
        return Answer.ok(echo(call, key, hash, row));
    }

    /** Partial: what is absent stays, an explicit null clears, but for the budget's period. */
    Answer update(Call call) {
        BodyTypes.require(call);
        String sent = keyToUpdate(call);
        Answer lost = wrapped("Can't reach database server");
        state.requireDatabase(wrapped("Not connected to DB!"), lost);
        ObjectNode row = state.keys.get(ProxyState.hashOf(sent));
        if (row == null) {
            throw unknownKey(sent).refuse();
        }
        requireAllowedUpdate(call);
        if (call.body().hasNonNull("key_alias")) {
            requireFreeAlias(call.text("key_alias"), row, call);
        }
        ObjectNode changed = row.deepCopy();
        try {
            Rows.copy(call.body(), changed, COLUMNS);
            Rows.applyPeriod(call.text("budget_duration"), changed, state.now());
            applyDuration(call, changed);
        } catch (IllegalArgumentException e) {
            throw wrapped(String.valueOf(e.getMessage())).refuse();
        }
        state.keys.put(ProxyState.hashOf(sent), changed.put("updated_at", Rows.time(state.now())));
        ObjectNode answer = changed.deepCopy();
        answer.remove("token");
        return Answer.ok(answer.put("key", sent));
    }

    /** What other routes tell as a server error, this one tells as an authentication error (F12); E3 stays E3. */
    private static void requireAllowedUpdate(Call call) {
        boolean increase = call.body().hasNonNull("temp_budget_increase");
        if (increase != call.body().hasNonNull("temp_budget_expiry")) {
            throw Answer.invalid(
                            "body",
                            "temp_budget_increase",
                            "Value error, temp_budget_increase and temp_budget_expiry must be set together",
                            call.body())
                    .refuse();
        }
        try {
            Rows.requireBudget(call);
            requireLicence(call);
            if (increase) {
                throw paid("temp_budget_increase").refuse();
            }
        } catch (Answer.Refusal refusal) {
            throw refusal.answer().ofType("auth_error").refuse();
        }
        if (!call.body().path("model_max_budget").isEmpty()) {
            throw wrapped(MODEL_BUDGETS_ARE_PAID).refuse();
        }
    }

    private String keyToUpdate(Call call) {
        String alias = call.text("key_alias");
        if (call.body().has("key") || alias == null || !state.has(LiteLlmQuirk.UPDATE_BY_ALIAS)) {
            return call.requiredText("key");
        }
        return state.keys.values().stream()
                .filter(row -> alias.equals(Rows.text(row.path("key_alias"))))
                .map(row -> row.path("token").asText())
                .findFirst()
                .orElseThrow(() -> KeyRoutes.notFound().refuse());
    }

    /** The alias is compared with every row, that of the very same key included (F5); in a race, not with rows of requests in flight (F7). */
    private void requireFreeAlias(@Nullable String alias, @Nullable ObjectNode own, Call call) {
        if (alias == null) {
            return;
        }
        boolean taken = state.keys.values().stream()
                .filter(row -> row != own && alias.equals(Rows.text(row.path("key_alias"))))
                .anyMatch(row -> !isInFlight(row, call));
        if (taken) {
            throw Answer.proxyError(
                            400,
                            "bad_request_error",
                            "key_alias",
                            "Key with alias '" + alias
                                    + "' already exists. Unique key aliases across all keys are required.")
                    .refuse();
        }
    }

    private boolean isInFlight(ObjectNode row, Call call) {
        Flight maker = state.makers.get(row.path("token").asText());
        return state.has(LiteLlmQuirk.ALIAS_CHECK_RACES)
                && maker != null
                && call.flight() != null
                && call.flight().overlaps(maker);
    }

    static void requireLicence(Call call) {
        for (String feature : List.of("tags", "guardrails")) {
            if (!call.body().path(feature).isEmpty()) {
                throw paid(feature).refuse();
            }
        }
    }

    private static Answer paid(String feature) {
        return Answer.wrappedError(
                403, "This feature is only available for LiteLLM Enterprise users: " + feature + ". " + NOT_PREMIUM);
    }

    private static void requireLicenceForModelBudgets(Call call) {
        if (!call.body().path("model_max_budget").isEmpty()) {
            throw Answer.proxyError(500, "internal_server_error", "None", MODEL_BUDGETS_ARE_PAID)
                    .refuse();
        }
    }

    private ObjectNode newRow(Call call, String key, String hash) {
        ObjectNode row = Rows.object().put("token", hash).put("key_name", Access.short4(key));
        COLUMNS.forEach(row::putNull);
        row.put("spend", 0.0).put("blocked", false).putNull("expires");
        row.putArray("models");
        row.putObject("metadata");
        Rows.copy(call.body(), row, COLUMNS);
        row.putNull("budget_duration").putNull("budget_reset_at");
        try {
            Rows.applyPeriod(call.text("budget_duration"), row, state.now());
            applyDuration(call, row);
        } catch (IllegalArgumentException e) {
            throw Answer.proxyError(500, "internal_server_error", "None", String.valueOf(e.getMessage()))
                    .refuse();
        }
        String now = Rows.time(state.now());
        return row.put("created_at", now)
                .put("updated_at", now)
                .put("created_by", "default_user_id")
                .put("updated_by", "default_user_id")
                .putNull("litellm_budget_table");
    }

    private void applyDuration(Call call, ObjectNode row) {
        if (call.body().has("duration")) {
            String duration = call.text("duration");
            row.put("expires", duration == null ? null : Rows.time(BudgetCalendar.expiry(duration, state.now())));
        }
    }

    /** What was asked for, even where the row that was there already says otherwise (F6). The raw key is shown this once (F9). */
    private static ObjectNode echo(Call call, String key, String hash, ObjectNode row) {
        ObjectNode answer = Rows.object()
                .put("key", key)
                .put("key_name", Access.short4(key))
                .put("token", hash)
                .put("token_id", hash);
        ECHOED.forEach(column -> answer.set(column, row.path(column).deepCopy()));
        Rows.copy(call.body(), answer, ECHOED);
        answer.set("expires", row.path("expires"));
        answer.set("created_at", row.path("created_at"));
        answer.set("updated_at", row.path("updated_at"));
        return answer;
    }

    private String newKey() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return "sk-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private Answer unknownKey(String sent) {
        return state.has(LiteLlmQuirk.UPDATE_UNKNOWN_KEY_IS_404)
                ? Answer.proxyError(404, "not_found_error", "key", "Key not found in database")
                : Answer.proxyError(
                        401,
                        "auth_error",
                        "None",
                        "Authentication Error: invalid user key - user key does not exist in db. User Key=" + sent);
    }

    /** Whatever goes wrong inside an update is told as the caller's fault (F12). */
    static Answer wrapped(String message) {
        return Answer.proxyError(400, "auth_error", "None", "Authentication Error, " + message);
    }
}
