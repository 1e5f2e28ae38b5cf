package io.opencrane.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.error.ErrorCode;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a key that somebody else made under a team's ceiling, one attempt: it may be repeated as a whole (litellm.md §2). */
final class Placement {
    private static final Logger LOG = LoggerFactory.getLogger(Placement.class);

    private final Transport transport;
    private final Failures failures;
    private final Teams teams;
    private final Keys keys;

    Placement(Transport transport, Failures failures, Teams teams, Keys keys) {
        this.transport = transport;
        this.failures = failures;
        this.teams = teams;
        this.keys = keys;
    }

    /** The team is looked up first: LiteLLM would put the key into an unknown one, and the key would then fail when used. */
    void place(String hash, String teamId, Map<String, String> metadata, int attempt) {
        String subject = Keys.subject(hash);
        JsonNode live = row(hash, subject);
        if (!teams.exists(teamId)) {
            throw LiteLlmException.lasting(
                    ErrorCode.NOT_FOUND, subject, "There is no LiteLLM team " + teamId + "; make it first.");
        }
        ObjectNode changes = differences(live, teamId, metadata, subject);
        if (changes.isEmpty()) {
            return;
        }
        Reply reply = transport.post("/key/update", changes.deepCopy().put("key", hash), subject);
        if (!reply.isSuccess()) {
            throw refused(reply, subject, attempt);
        }
        if (!differences(row(hash, subject), teamId, metadata, subject).isEmpty()) {
            throw LiteLlmException.passing(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM took the change but did not keep it.", null);
        }
        LOG.atInfo()
                .addKeyValue("component", "litellm")
                .addKeyValue("team", teamId)
                .log("Put a LiteLLM key into its team");
    }

    private JsonNode row(String hash, String subject) {
        return keys.row(hash, subject)
                .orElseThrow(() -> LiteLlmException.lasting(
                        ErrorCode.NOT_FOUND, subject, "LiteLLM has no such key; was it deleted meanwhile?"));
    }

    /**
     * Only what differs is sent. A budget's period stays: LiteLLM cannot clear it, and without a budget it has no effect. A budget that the
     * key shares counts where it has none of its own.
     */
    private static ObjectNode differences(JsonNode live, String teamId, Map<String, String> metadata, String subject) {
        ObjectNode changes = Json.object();
        String current = Json.text(live, "team_id");
        if (current != null && !current.isEmpty() && !current.equals(teamId)) {
            throw LiteLlmException.lasting(
                    ErrorCode.CONFLICT, subject, "The key is in another LiteLLM team, " + current + ".");
        }
        if (!teamId.equals(current)) {
            changes.put("team_id", teamId);
        }
        if (Json.decimal(live, "max_budget") != null) {
            changes.putNull("max_budget");
        }
        if (Keys.sharedBudget(live) != null) {
            changes.putNull("budget_id");
        }
        if (Json.instant(live, "expires", subject) != null) {
            changes.putNull("duration");
        }
        if (!Json.metadata(live).entrySet().containsAll(metadata.entrySet())) {
            changes.set("metadata", Json.mergedMetadata(live, metadata));
        }
        return changes;
    }

    /**
     * A key that was read before and is unknown now, 401 or 404 by release, is for the next attempt to look at. A failure that LiteLLM did
     * not expect may be one of its database; the second is a refusal.
     */
    private LiteLlmException refused(Reply reply, String subject, int attempt) {
        ErrorReply error = ErrorReply.of(reply);
        if (error.isUnknownKey()) {
            return LiteLlmException.passing(
                    ErrorCode.UPSTREAM_ERROR, subject, "LiteLLM says by turns that the key is and is not there.", null);
        }
        LiteLlmException failure = failures.of(reply, subject);
        return error.isUnexpectedFailure() && attempt > 1 && failures.areBelievable() ? failure.asLasting() : failure;
    }
}
