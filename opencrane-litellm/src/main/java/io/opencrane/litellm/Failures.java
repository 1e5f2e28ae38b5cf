package io.opencrane.litellm;

import io.opencrane.api.error.ErrorCode;

/** What an unwanted answer means for the caller, and whether to believe it (litellm.md §0, §8). */
final class Failures {
    private static final String FAILED = "LiteLLM failed";

    private final Readiness readiness;
    private final Scrubber scrubber;

    Failures(Readiness readiness, Scrubber scrubber) {
        this.readiness = readiness;
        this.scrubber = scrubber;
    }

    /** The JSON object of a success; anything else throws. */
    Reply require(Reply reply, String subject) {
        if (!reply.isSuccess()) {
            throw of(reply, subject);
        }
        if (!reply.json().isObject()) {
            throw LiteLlmException.lasting(
                    ErrorCode.UPSTREAM_ERROR,
                    subject,
                    "The answer is not a JSON object; check that the endpoint is LiteLLM's.");
        }
        return reply;
    }

    LiteLlmException of(Reply reply, String subject) {
        ErrorReply error = ErrorReply.of(reply);
        return of(reply, error, error.text(), subject);
    }

    /** Without what LiteLLM says, which may quote a key that the scrubber does not know. */
    LiteLlmException ofUnquoted(Reply reply, String subject) {
        return of(reply, ErrorReply.of(reply), "", subject);
    }

    private LiteLlmException of(Reply reply, ErrorReply error, String quote, String subject) {
        int status = reply.status();
        if (status == 401) {
            return unauthorized(subject);
        }
        if (status == 403) {
            return LiteLlmException.lasting(ErrorCode.FORBIDDEN, subject, said(status, quote, "LiteLLM forbids it"));
        }
        if (status == 408 || status == 504) {
            return timedOut(status, quote, subject, scrubber);
        }
        if (status == 413) {
            return LiteLlmException.lasting(
                    ErrorCode.PAYLOAD_TOO_LARGE, subject, said(status, quote, "The request is too large for LiteLLM"));
        }
        if (error.isBudgetExceeded()) {
            return lasting(subject, said(status, quote, "A budget is spent"));
        }
        if (status == 429) {
            return LiteLlmException.throttled(subject, said(status, quote, "Too many requests"), reply.retryAfter());
        }
        if (status == 404 && !error.isUnknownObject()) {
            return lasting(subject, "There is no such route; check that the endpoint is LiteLLM's.");
        }
        if (status >= 300 && status < 400) {
            return lasting(subject, "The endpoint answered with a redirect; set the address it leads to.");
        }
        if (error.isDatabaseMissing() || status >= 500 && !error.isRefusal()) {
            return LiteLlmException.throttled(subject, said(status, quote, FAILED), reply.retryAfter());
        }
        return lasting(subject, said(status, quote, "LiteLLM refused it"));
    }

    /** Whether LiteLLM says that its database is connected. */
    boolean areBelievable() {
        return readiness.isReady();
    }

    /**
     * Whether a 404 proves that the object is not there: it must be LiteLLM's own, and the database connected.
     *
     * @return false if the reply is not a 404
     */
    boolean provesAbsence(Reply reply, String subject) {
        if (!ErrorReply.of(reply).isUnknownObject()) {
            return false;
        }
        if (!readiness.isReady()) {
            throw LiteLlmException.passing(
                    ErrorCode.UPSTREAM_ERROR,
                    subject,
                    "LiteLLM says it is not there, but not that its database is connected, so it is not believed.",
                    null);
        }
        return true;
    }

    /** An outage of the database is told as 401 by many releases. LiteLLM's text is left out: it holds the hash of the master key. */
    private LiteLlmException unauthorized(String subject) {
        if (readiness.isReady()) {
            return LiteLlmException.lasting(
                    ErrorCode.UNAUTHORIZED, subject, "LiteLLM refused the master key; set the right one.");
        }
        return doubtful(401, subject);
    }

    static LiteLlmException doubtful(int status, String subject) {
        return LiteLlmException.passing(
                ErrorCode.UPSTREAM_ERROR,
                subject,
                "LiteLLM answered " + status
                        + " while it does not say that its database is connected, so it is not believed.",
                null);
    }

    /** A 502, 503 or 504. */
    static LiteLlmException unavailable(Reply reply, String quote, String subject, Scrubber scrubber) {
        return reply.status() == 504
                ? timedOut(reply.status(), quote, subject, scrubber)
                : LiteLlmException.throttled(subject, scrubber.said(FAILED, reply.status(), quote), reply.retryAfter());
    }

    private static LiteLlmException timedOut(int status, String quote, String subject, Scrubber scrubber) {
        String sentence = scrubber.said("LiteLLM or a proxy before it timed out", status, quote);
        return LiteLlmException.passing(ErrorCode.TIMEOUT, subject, sentence, null);
    }

    private static LiteLlmException lasting(String subject, String sentence) {
        return LiteLlmException.lasting(ErrorCode.UPSTREAM_ERROR, subject, sentence);
    }

    private String said(int status, String quote, String what) {
        return scrubber.said(what, status, quote);
    }
}
