package io.opencrane.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * An error of LiteLLM in any of its four shapes (litellm.md §0), and in both dialects where releases differ. The status decides; the text
 * is matched by parts and never parsed, for it is often the repr of a Python object.
 *
 * @param status the HTTP status
 * @param shape which of the shapes it is
 * @param type LiteLLM's type or null; unreliable for management errors
 * @param text what it says, unscrubbed
 */
record ErrorReply(int status, Shape shape, @Nullable String type, String text) {
    /** The four shapes, and what a proxy in between answers. */
    enum Shape {
        /** E1: {@code {"error": {...}}}. */
        PROXY,
        /** E2: {@code {"detail": ...}}. */
        DETAIL,
        /** E3: a list of refused fields. */
        VALIDATION,
        /** E4 and everything that is not LiteLLM's JSON. */
        PLAIN
    }

    static ErrorReply of(Reply reply) {
        JsonNode error = reply.json().path("error");
        if (error.isObject()) {
            String message = error.path("message").asText("");
            return new ErrorReply(reply.status(), Shape.PROXY, Json.text(error, "type"), message);
        }
        JsonNode detail = reply.json().path("detail");
        if (detail.isArray()) {
            return new ErrorReply(reply.status(), Shape.VALIDATION, null, refusedFields(detail));
        }
        if (detail.isTextual() || detail.isObject()) {
            JsonNode inner = detail.path("error");
            String text = detail.isTextual() ? detail.textValue() : inner.isTextual() ? inner.textValue() : "";
            return new ErrorReply(reply.status(), Shape.DETAIL, null, text);
        }
        return new ErrorReply(reply.status(), Shape.PLAIN, null, "");
    }

    /** Only where and what: {@code input} repeats the request, raw key and all. */
    private static String refusedFields(JsonNode detail) {
        StringJoiner fields = new StringJoiner("; ");
        for (JsonNode problem : detail) {
            StringJoiner location = new StringJoiner(".");
            problem.path("loc").forEach(part -> location.add(part.asText()));
            fields.add(location + ": " + problem.path("msg").asText());
        }
        return fields.toString();
    }

    /** A 404 of LiteLLM about an object. FastAPI's own for an unknown route, or a proxy's, says nothing about objects. */
    boolean isUnknownObject() {
        return status == 404 && shape != Shape.PLAIN && !isUnknownRoute();
    }

    /** LiteLLM has no such route: a release older or newer than those that have it. */
    boolean isUnknownRoute() {
        return status == 404 && shape == Shape.DETAIL && text.equals("Not Found");
    }

    /** No such key, which older releases call 401. */
    boolean isUnknownKey() {
        return isUnknownObject() || status == 401 && text.contains("user key does not exist in db");
    }

    /** A key that was let in, but is not in the database. */
    boolean isUnknownCaller() {
        return isUnknownObject() && text.contains("Key not found in database");
    }

    /** A key that is not let in, because its team is not there, or could not be looked up. */
    boolean isUnknownTeamOfKey() {
        return isUnknownObject() && text.contains("Team doesn't exist in db");
    }

    /** Another row has the alias; also said of a row with the very same key. */
    boolean isAliasTaken() {
        return status == 400 && text.contains("Key with alias") && text.contains("already exists");
    }

    /** The team id is in use: E1 or E2 by release. */
    boolean isTeamTaken() {
        return status == 400 && text.contains("already exists") && text.contains("Team id");
    }

    /** A spent budget, 400 in older releases and 429 in newer ones: unlike a rate limit, waiting for it is pointless. */
    boolean isBudgetExceeded() {
        return (status == 400 || status == 429) && "budget_exceeded".equals(type);
    }

    /** The database is away, told as the caller's fault. */
    boolean isDatabaseMissing() {
        return status == 400
                && ("no_db_connection".equals(type) || text.contains("No connected db") || isUnexpectedFailure());
    }

    /** How {@code /key/update} tells any failure that it did not expect, a passing one of the database included. */
    boolean isUnexpectedFailure() {
        return status == 400 && text.startsWith("Authentication Error, ");
    }

    /** A 500 that is a refusal: a feature without a licence, or a value LiteLLM cannot take. */
    boolean isRefusal() {
        return status == 500
                && (text.contains("Enterprise feature")
                        || text.contains("enterprise license")
                        || text.contains("Invalid duration format")
                        || text.contains("Unsupported duration unit")
                        || text.contains("Monthly resets currently only support"));
    }
}
