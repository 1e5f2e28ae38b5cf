package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the fake answers, errors included.
 *
 * @param status the HTTP status
 * @param json the body, or null for a plain text (E4)
 * @param text the plain text
 * @param headers its own headers
 */
record Answer(int status, @Nullable JsonNode json, String text, Map<String, String> headers) {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    Answer(int status, @Nullable JsonNode json, String text) {
        this(status, json, text, Map.of());
    }

    Answer with(Map<String, String> added) {
        return new Answer(status, json, text, added);
    }

    /** The same E1 with another type; any other shape as it is. */
    Answer ofType(String type) {
        if (json == null || !json.path("error").isObject()) {
            return this;
        }
        ObjectNode body = json.deepCopy();
        body.withObjectProperty("error").put("type", type);
        return new Answer(status, body, text, headers);
    }

    static Answer ok(JsonNode json) {
        return new Answer(200, json, "");
    }

    /** E1. */
    static Answer proxyError(int status, String type, @Nullable String param, String message) {
        ObjectNode body = JSON.objectNode();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .put("param", param)
                .put("code", String.valueOf(status));
        return new Answer(status, body, "");
    }

    /** E1 around an HTTPException whose detail is an object: its message is the Python repr, its param the text "None". */
    static Answer wrappedError(int status, String message) {
        return proxyError(status, "internal_server_error", "None", "{'error': " + pythonRepr(message) + "}");
    }

    /** E2. */
    static Answer detail(int status, String detail) {
        return new Answer(status, JSON.objectNode().put("detail", detail), "");
    }

    /** E2 with an object. */
    static Answer detailError(int status, String error) {
        ObjectNode body = JSON.objectNode();
        body.putObject("detail").put("error", error);
        return new Answer(status, body, "");
    }

    static Answer routeMissing() {
        return detail(404, "Not Found");
    }

    /** E3: {@code input} repeats what was sent. */
    static Answer invalid(String location, String field, String message, @Nullable JsonNode input) {
        ObjectNode body = JSON.objectNode();
        ObjectNode problem = body.putArray("detail").addObject();
        problem.put("type", "value_error").put("msg", message);
        problem.putArray("loc").add(location).add(field);
        problem.set("input", input);
        return new Answer(422, body, "");
    }

    /** E4. */
    static Answer plain(int status, String text) {
        return new Answer(status, null, text);
    }

    private static String pythonRepr(String text) {
        return text.indexOf('\'') >= 0 && text.indexOf('"') < 0
                ? '"' + text + '"'
                : "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** Ends a handler early. */
    Refusal refuse() {
        return new Refusal(this);
    }

    /** Carries an answer out of a handler. */
    static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Answer answer;

        Refusal(Answer answer) {
            super("HTTP " + answer.status());
            this.answer = answer;
        }

        Answer answer() {
            return answer;
        }
    }
}
