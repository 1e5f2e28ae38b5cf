package io.opencrane.litellm;

import io.opencrane.api.resource.SecretText;
import java.util.Map;

/** Whether LiteLLM lets a key in: it is asked for the info of the very key that asks (litellm.md §2). */
final class Admission {
    private static final String SUBJECT = "LiteLLM key";

    private final Transport transport;
    private final Failures failures;
    private final Readiness readiness;

    Admission(Transport transport, Failures failures, Readiness readiness) {
        this.transport = transport;
        this.failures = failures;
        this.readiness = readiness;
    }

    /**
     * A 401 is a refusal only while the database is connected: many releases tell its outage as 401. LiteLLM's text is left out, for it
     * holds the hash of the key. A spent budget is told to keys that are let in, and so is that the key is not there any more: a pod lets
     * it in from its cache, and then does not find it.
     */
    boolean accepts(SecretText key) {
        Reply reply = ask(key);
        if (ErrorReply.of(reply).isUnknownTeamOfKey() && readiness.isReady()) {
            // As with teams themselves: the lookup may merely have failed.
            reply = ask(key);
        }
        ErrorReply error = ErrorReply.of(reply);
        if (reply.status() == 401 || error.isUnknownTeamOfKey()) {
            if (readiness.isReady()) {
                return false;
            }
            throw Failures.doubtful(reply.status(), SUBJECT);
        }
        if (error.isBudgetExceeded() || error.isUnknownCaller()) {
            return true;
        }
        if (!reply.isSuccess()) {
            throw failures.ofUnquoted(reply, SUBJECT);
        }
        failures.require(reply, SUBJECT);
        return true;
    }

    private Reply ask(SecretText key) {
        return transport.getAs(key, "/key/info", Map.of(), SUBJECT);
    }
}
