package io.opencrane.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.port.ModelGateway.KeyState;
import io.opencrane.core.port.ModelGateway.NewKey;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys, one attempt each: every method may be repeated as a whole (litellm.md §1, §2, §8). */
final class Keys {
    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
    private static final int PAGE_SIZE = 100;

    private final Transport transport;
    private final Failures failures;

    Keys(Transport transport, Failures failures) {
        this.transport = transport;
        this.failures = failures;
    }

    /**
     * The recipe of litellm.md §8. Not even a success is believed unread: LiteLLM echoes what was asked for and keeps the first row when
     * the same key comes under another alias.
     *
     * @param attempt from the second on, an earlier attempt may have acted late: look first
     */
    void register(NewKey key, int attempt) {
        String subject = "LiteLLM key " + key.alias();
        String hash = KeyJournal.hash(key.secret());
        if (attempt > 1 && isRegistered(key, hash, subject)) {
            return;
        }
        Reply reply;
        try {
            reply = transport.post("/key/generate", generation(key), subject);
        } catch (LiteLlmException lost) {
            if (!committedAfterAll(key, hash, subject, lost)) {
                throw lost;
            }
            return;
        }
        if (reply.isSuccess()) {
            requireOwnHash(reply, hash, subject);
        } else if (reply.status() == 401 || reply.status() == 403) {
            throw failures.of(reply, subject);
        }
        if (isRegistered(key, hash, subject)) {
            LOG.atInfo()
                    .addKeyValue("component", "litellm")
                    .addKeyValue("keyAlias", key.alias())
                    .log("Registered a LiteLLM key");
            return;
        }
        throw notRegistered(reply, subject);
    }

    Optional<KeyState> find(String hash, String subject) {
        return row(hash, subject).map(row -> state(hash, row, subject));
    }

    /** What LiteLLM keeps of a key. */
    Optional<JsonNode> row(String hash, String subject) {
        Reply reply = transport.get("/key/info", Map.of("key", hash), subject);
        if (failures.provesAbsence(reply, subject)) {
            return Optional.empty();
        }
        JsonNode row = failures.require(reply, subject).json().path("info");
        if (!row.isObject()) {
            throw LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM's answer about the key holds no key.");
        }
        return Optional.of(row);
    }

    /** Success is what a read says afterwards: the answer to the deletion repeats the request, unknown keys and all. */
    void delete(String hash) {
        String subject = subject(hash);
        ObjectNode body = Json.object();
        body.putArray("keys").add(hash);
        Reply reply = transport.post("/key/delete", body, subject);
        if (!reply.isSuccess() && !ErrorReply.of(reply).isUnknownKey()) {
            throw failures.of(reply, subject);
        }
        Optional<KeyState> left = find(hash, subject);
        if (left.isPresent()) {
            throw LiteLlmException.passing(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM said it deleted the key, but still has it.", null);
        }
        if (reply.isSuccess()) {
            LOG.atInfo().addKeyValue("component", "litellm").log("Deleted a LiteLLM key");
        }
    }

    /** Filters are not trusted: some releases ignore or widen them. */
    List<KeyState> ofTeam(String teamId) {
        String subject = "Keys of LiteLLM team " + teamId;
        return list(subject, Map.of("team_id", teamId), key -> teamId.equals(key.teamId()));
    }

    List<KeyState> having(Map<String, String> metadata) {
        return list(
                "Keys at LiteLLM", Map.of(), key -> key.metadata().entrySet().containsAll(metadata.entrySet()));
    }

    private List<KeyState> list(String subject, Map<String, String> filter, Predicate<KeyState> wanted) {
        return Listing.all(
                subject,
                number -> page(number, filter, subject),
                row -> token(row, subject),
                row -> Optional.of(state(token(row, subject), row, subject)).filter(wanted));
    }

    private Listing.Page page(int number, Map<String, String> filter, String subject) {
        Map<String, String> query = new LinkedHashMap<>(filter);
        query.put("return_full_object", "true");
        query.put("size", String.valueOf(PAGE_SIZE));
        query.put("page", String.valueOf(number));
        JsonNode answer = failures.require(transport.get("/key/list", query, subject), subject)
                .json();
        return Listing.Page.of(answer, "keys", "total_count", "total_pages", subject);
    }

    private static String token(JsonNode row, String subject) {
        String hash = Json.text(row, "token");
        if (hash == null) {
            throw LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM lists a key without its details.");
        }
        return hash;
    }

    /** No budget and no models: the team's hold. An alias is never empty, for LiteLLM takes that for a name like any other. */
    private static ObjectNode generation(NewKey key) {
        ObjectNode body = Json.object()
                .put("key", key.secret().reveal())
                .put("key_alias", key.alias())
                .put("team_id", key.teamId());
        body.set("metadata", Json.objectOf(key.metadata()));
        return body;
    }

    private void requireOwnHash(Reply reply, String hash, String subject) {
        JsonNode row = failures.require(reply, subject).json();
        String token = Json.text(row, "token") == null ? Json.text(row, "token_id") : Json.text(row, "token");
        if (token != null && !token.equals(hash)) {
            throw LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM registered another key than the one it was given.");
        }
    }

    /** When even the question fails, the first failure is the one to tell. */
    private boolean committedAfterAll(NewKey key, String hash, String subject, LiteLlmException lost) {
        if (Thread.currentThread().isInterrupted()) {
            return false;
        }
        try {
            return isRegistered(key, hash, subject);
        } catch (LiteLlmException e) {
            if (!e.isRetryable()) {
                throw e;
            }
            lost.addSuppressed(e);
            return false;
        }
    }

    private boolean isRegistered(NewKey key, String hash, String subject) {
        Optional<KeyState> found = find(hash, subject);
        if (found.isEmpty()) {
            return false;
        }
        if (!key.alias().equals(found.get().alias())
                || !key.teamId().equals(found.get().teamId())) {
            throw LiteLlmException.lasting(
                    ErrorCode.CONFLICT, subject, "LiteLLM has this very key already, under another alias or team.");
        }
        return true;
    }

    private LiteLlmException notRegistered(Reply reply, String subject) {
        if (reply.isSuccess()) {
            return LiteLlmException.passing(
                    ErrorCode.UPSTREAM_ERROR,
                    subject,
                    "LiteLLM said it registered the key, but does not have it.",
                    null);
        }
        if (ErrorReply.of(reply).isAliasTaken()) {
            return LiteLlmException.lasting(
                    ErrorCode.NAME_TAKEN, subject, "Another key at LiteLLM has this alias; delete it or use another.");
        }
        return failures.of(reply, subject);
    }

    private static KeyState state(String hash, JsonNode row, String subject) {
        return new KeyState(
                hash,
                Json.text(row, "key_alias"),
                Json.text(row, "team_id"),
                Json.isTrue(row, "blocked"),
                ownBudget(row),
                Objects.requireNonNullElse(Json.decimal(row, "spend"), BigDecimal.ZERO),
                Json.instant(row, "expires", subject),
                Json.metadata(row));
    }

    private static @Nullable BigDecimal ownBudget(JsonNode row) {
        BigDecimal own = Json.decimal(row, "max_budget");
        return own == null ? sharedBudget(row) : own;
    }

    /** The ceiling of the budget that {@code budget_id} names, which LiteLLM applies to a key that has none of its own. */
    static @Nullable BigDecimal sharedBudget(JsonNode row) {
        return Json.decimal(row.path("litellm_budget_table"), "max_budget");
    }

    /** Enough of the hash to find the row by, too little to be taken for it. */
    static String subject(String hash) {
        return "LiteLLM key with hash " + hash.substring(0, 8) + "…";
    }
}
