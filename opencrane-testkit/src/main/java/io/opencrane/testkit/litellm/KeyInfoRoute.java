package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** {@code GET /key/info}, of any key for administrators and of their own for keys (litellm.md §2, F9, F14). */
final class KeyInfoRoute {
    private final ProxyState state;
    private final Access access;

    KeyInfoRoute(ProxyState state, Access access) {
        this.state = state;
        this.access = access;
    }

    /** Without {@code key} it is the caller's own, named by its hash: a raw key is never repeated unless it was sent as that parameter. */
    Answer info(Call call) {
        String own = caller(call);
        state.requireDatabase(
                Answer.proxyError(
                        500,
                        "internal_server_error",
                        "None",
                        "Database not connected. Connect a database to your proxy"),
                ProxyState.internalError());
        String sent = call.query().get("key");
        if (sent == null) {
            sent = own == null ? ProxyState.sha256(String.valueOf(call.credential())) : own;
        }
        String hash = ProxyState.hashOf(sent);
        ObjectNode row = state.keys.get(hash);
        if (row == null) {
            throw KeyRoutes.notFound().refuse();
        }
        if (own != null && !own.equals(hash)) {
            throw Answer.proxyError(
                            403,
                            "internal_server_error",
                            "None",
                            "You are not allowed to access this key's info. Your role=None")
                    .refuse();
        }
        ObjectNode info = row.deepCopy();
        info.remove("token");
        ObjectNode answer = Rows.object().put("key", sent);
        answer.set("info", info);
        return Answer.ok(answer);
    }

    /** The hash of the calling key; null for the administrator. */
    private @Nullable String caller(Call call) {
        ObjectNode row = access.requireLiveKey(call);
        return row == null ? null : row.path("token").asText();
    }
}
