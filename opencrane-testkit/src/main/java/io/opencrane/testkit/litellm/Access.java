package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Who may call what (litellm.md §0, F3, F8, F16, F28). */
final class Access {
    private final ProxyState state;

    Access(ProxyState state) {
        this.state = state;
    }

    /** The master key is compared before any database read, so it works without one. */
    void requireAdministrator(Call call) {
        if (!state.isMasterKey(call.credential())) {
            requireKey(call.credential(), true);
            throw Answer.proxyError(
                            401,
                            "auth_error",
                            "None",
                            "Authentication Error, Only proxy admin can be used to generate, delete, update info for new"
                                    + " keys/users/teams. Route=" + call.route())
                    .refuse();
        }
    }

    /** A call of a model, or anything else that a key of a team may do. Returns the row of the key, null for the administrator. */
    @Nullable
    ObjectNode requireLiveKey(Call call) {
        if (state.isMasterKey(call.credential())) {
            return null;
        }
        return liveKey(call.credential(), true);
    }

    private ObjectNode liveKey(@Nullable String credential, boolean remember) {
        ObjectNode key = requireKey(credential, remember);
        String teamId = Rows.text(key.path("team_id"));
        if (teamId == null) {
            return key;
        }
        ObjectNode team = state.teams.get(teamId);
        if (team == null) {
            throw Answer.proxyError(404, "auth_error", "None", "Team doesn't exist in db. Team=" + teamId)
                    .refuse();
        }
        if (team.path("blocked").asBoolean()) {
            throw unauthorized("auth_error", "None", "Team=" + teamId + " is blocked.");
        }
        return key;
    }

    /** Whether the key would be let in now. */
    boolean isLive(String key) {
        try {
            if (!state.isMasterKey(key)) {
                liveKey(key, false);
            }
            return true;
        } catch (Answer.Refusal refused) {
            return false;
        }
    }

    private ObjectNode requireKey(@Nullable String key, boolean remember) {
        if (key == null) {
            throw unauthorized("auth_error", "None", "No api key passed in.");
        }
        requireDatabaseForKeys();
        if (!key.startsWith("sk-")) {
            throw Answer.proxyError(
                            401,
                            "auth_error",
                            "None",
                            "LiteLLM Virtual Key expected. Received=" + masked(key) + ", expected to start with 'sk-'.")
                    .refuse();
        }
        ObjectNode row = find(ProxyState.sha256(key), remember);
        if (row == null) {
            throw unknown(key);
        }
        if (row.path("blocked").asBoolean()) {
            throw unauthorized("auth_error", "None", "Key is blocked. Update via `/key/unblock` if you're an admin.");
        }
        Instant expires = BudgetCalendar.read(row.path("expires"));
        if (expires != null && !expires.isAfter(state.now())) {
            throw Answer.proxyError(
                            401,
                            "expired_key",
                            short4(key),
                            "Authentication Error - Expired Key. Key Expiry time " + expires)
                    .refuse();
        }
        return row;
    }

    /** Where keys are cached, what the last lookup within a minute found. */
    private @Nullable ObjectNode find(String hash, boolean remember) {
        if (!state.has(LiteLlmQuirk.KEYS_ARE_CACHED)) {
            return state.keys.get(hash);
        }
        ObjectNode cached = state.cache.find(hash, state.now());
        if (cached != null) {
            return cached;
        }
        ObjectNode row = state.keys.get(hash);
        if (row != null && remember) {
            state.cache.put(hash, row, state.now());
        }
        return row;
    }

    private void requireDatabaseForKeys() {
        Answer.Refusal asUnauthorized = unauthorized("auth_error", "None", "Can't reach database server");
        if (state.database != LiteLlmDatabase.CONNECTED && state.has(LiteLlmQuirk.OUTAGE_IS_UNAUTHORIZED)) {
            throw asUnauthorized;
        }
        state.requireDatabase(
                Answer.proxyError(400, "no_db_connection", null, "No connected db."),
                Answer.proxyError(503, "no_db_connection", "None", "Service Unavailable: database is not reachable"));
    }

    private static Answer.Refusal unknown(String key) {
        return Answer.proxyError(
                        401,
                        "token_not_found_in_db",
                        "key",
                        "Authentication Error, Invalid proxy server token passed. Received API Key = " + short4(key)
                                + ", Key Hash (Token) =" + ProxyState.sha256(key)
                                + ". Unable to find token in cache or `LiteLLM_VerificationTokenTable`")
                .refuse();
    }

    private static Answer.Refusal unauthorized(String type, String param, String message) {
        return Answer.proxyError(401, type, param, "Authentication Error, " + message)
                .refuse();
    }

    static String short4(String key) {
        return "sk-..." + key.substring(Math.max(0, key.length() - 4));
    }

    private static String masked(String key) {
        return key.length() < 8 ? "****" : key.substring(0, 4) + "****" + key.substring(key.length() - 4);
    }
}
