package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.error.Problem.Code;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validates a custom resource against the OpenAPI schema of its CRD: what 1.20 knows of it, so no CEL rules. */
final class SchemaRules {
    private final Invalid invalid;

    SchemaRules(Invalid invalid) {
        this.invalid = invalid;
    }

    void check(JsonNode value, JsonNode schema, String path) {
        if (value.isObject()) {
            object(value, schema, path);
        } else if (value.isArray()) {
            bound(schema, "minItems", "maxItems", value.size(), path, "items");
            // The server names the list, not the item.
            value.forEach(item -> check(item, schema.path("items"), path));
        } else if (value.isTextual()) {
            text(value.asText(), schema, path);
        } else if (value.isNumber()) {
            number(value.decimalValue(), schema, path);
        }
        if (schema.has("enum") && schema.path("enum").valueStream().noneMatch(value::equals)) {
            invalid.add(path, Code.UNKNOWN, "Unsupported value; supported values: " + schema.path("enum") + ".");
        }
        alternatives(value, schema, path);
    }

    private void object(JsonNode value, JsonNode schema, String path) {
        schema.path("required").forEach(name -> {
            String below = path.isEmpty() ? name.asText() : path + "." + name.asText();
            invalid.check(value.hasNonNull(name.asText()), below, Code.REQUIRED, "Required value.");
        });
        bound(schema, "minProperties", "maxProperties", value.size(), path, "properties");
        value.properties().forEach(entry -> {
            JsonNode declared = schema.path("properties").get(entry.getKey());
            String below = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            check(entry.getValue(), declared == null ? schema.path("additionalProperties") : declared, below);
        });
    }

    private void text(String value, JsonNode schema, String path) {
        bound(schema, "minLength", "maxLength", value.codePointCount(0, value.length()), path, "characters");
        @Nullable JsonNode pattern = schema.get("pattern");
        if (pattern != null) {
            // Unanchored, as the server's RE2.
            invalid.check(
                    asOnTheServer(pattern.asText()).matcher(value).find(),
                    path,
                    Code.MALFORMED,
                    "It should match '" + pattern.asText() + "'.");
        }
        if (schema.path("format").asText().equals("date-time")) {
            invalid.check(
                    value.matches("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[-+]\\d\\d:\\d\\d)"),
                    path,
                    Code.MALFORMED,
                    "It must be of type date-time.");
        }
    }

    private void number(BigDecimal value, JsonNode schema, String path) {
        if (schema.has("minimum")) {
            int order = value.compareTo(schema.path("minimum").decimalValue());
            boolean open = schema.path("exclusiveMinimum").asBoolean();
            invalid.check(
                    order > 0 || (order == 0 && !open),
                    path,
                    Code.OUT_OF_RANGE,
                    "It should be at least " + schema.path("minimum") + ".");
        }
        if (schema.has("maximum")) {
            int order = value.compareTo(schema.path("maximum").decimalValue());
            boolean open = schema.path("exclusiveMaximum").asBoolean();
            invalid.check(
                    order < 0 || (order == 0 && !open),
                    path,
                    Code.OUT_OF_RANGE,
                    "It should be at most " + schema.path("maximum") + ".");
        }
    }

    private void bound(JsonNode schema, String least, String most, int size, String path, String unit) {
        invalid.check(
                size >= schema.path(least).asInt(0),
                path,
                Code.MALFORMED,
                "It should have at least " + schema.path(least).asInt() + " " + unit + ".");
        invalid.check(
                size <= schema.path(most).asInt(Integer.MAX_VALUE),
                path,
                Code.TOO_LONG,
                "It may not have more than " + schema.path(most).asInt() + " " + unit + ".");
    }

    private void alternatives(JsonNode value, JsonNode schema, String path) {
        schema.path("allOf").forEach(part -> check(value, part, path));
        for (String any : new String[] {"anyOf", "oneOf"}) {
            if (schema.has(any)) {
                long fitting = schema.path(any)
                        .valueStream()
                        .filter(part -> fits(value, part))
                        .count();
                invalid.check(
                        any.equals("anyOf") ? fitting > 0 : fitting == 1,
                        path,
                        Code.CONTRADICTION,
                        "It must validate "
                                + (any.equals("anyOf") ? "at least one schema." : "one and only one schema."));
            }
        }
        if (schema.has("not")) {
            invalid.check(
                    !fits(value, schema.path("not")), path, Code.CONTRADICTION, "It must not validate the schema.");
        }
    }

    private static boolean fits(JsonNode value, JsonNode schema) {
        Invalid trial = new Invalid();
        new SchemaRules(trial).check(value, schema, "");
        String type = schema.path("type").asText("");
        boolean typed = switch (type) {
            case "string" -> value.isTextual();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            default -> true;
        };
        return typed && trial.isEmpty();
    }

    /** Go's {@code $} is the very end of a text; Java's is also before a line's end that ends it. */
    private static Pattern asOnTheServer(String pattern) {
        boolean isAnchored = pattern.endsWith("$") && !pattern.endsWith("\\$");
        return Pattern.compile(isAnchored ? pattern.substring(0, pattern.length() - 1) + "\\z" : pattern);
    }
}
