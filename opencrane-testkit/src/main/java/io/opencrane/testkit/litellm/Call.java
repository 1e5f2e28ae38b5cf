package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.testkit.litellm.Flights.Flight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param route method and path, for example {@code GET /key/info}
 * @param query the decoded parameters
 * @param body the JSON object, empty for a GET
 * @param credential the bearer token or null
 * @param pathKey the key in the path, raw or hashed, or null
 * @param flight what it overlaps with, or null for nothing
 */
record Call(
        String route,
        Map<String, String> query,
        ObjectNode body,
        @Nullable String credential,
        @Nullable String pathKey,
        @Nullable Flight flight) {
    /** The key that the path names; only for routes that have one. */
    String requiredPathKey() {
        return Objects.requireNonNull(pathKey, "pathKey");
    }

    /** The text of a body member; null when absent or null. */
    @Nullable
    String text(String member) {
        JsonNode value = body.path(member);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isTextual()) {
            throw Answer.invalid("body", member, "Input should be a valid string", value)
                    .refuse();
        }
        return value.textValue();
    }

    String requiredText(String member) {
        String text = text(member);
        if (text == null) {
            throw Answer.invalid("body", member, "Field required", body).refuse();
        }
        return text;
    }

    List<String> texts(String member) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : body.path(member)) {
            texts.add(element.asText());
        }
        return texts;
    }

    int queryNumber(String name, int otherwise, int least, int most) {
        String text = query.get(name);
        if (text == null) {
            return otherwise;
        }
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw Answer.invalid("query", name, "Input should be between " + least + " and " + most, null)
                    .refuse();
        }
        return Integer.parseInt(text);
    }

    /** All but the route is left out: it may hold raw keys. */
    @Override
    public String toString() {
        return route;
    }
}
