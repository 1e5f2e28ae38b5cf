package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.error.Problem.Code;
import java.util.ArrayList;
import java.util.List;

/** Server-side apply is stricter than the other verbs: it refuses undeclared fields, and a number where the schema has a string. */
final class TypeCheck {
    private final Invalid invalid;
    private final List<String> mistyped = new ArrayList<>();

    private TypeCheck(Invalid invalid) {
        this.invalid = invalid;
    }

    static void of(JsonNode config, Shape shape, Invalid invalid) {
        TypeCheck check = new TypeCheck(invalid);
        check.walk(config, shape, "");
        if (invalid.isEmpty() && !check.mistyped.isEmpty()) {
            // 1.20 answers 500, which the adapter knows to be the object's fault.
            invalid.add("", Code.MALFORMED, "failed to create typed patch object: " + check.mistyped);
        }
    }

    private void walk(JsonNode value, Shape shape, String path) {
        if (value.isObject()) {
            value.properties().forEach(entry -> {
                Shape field = shape.field(entry.getKey());
                String below = path + "." + entry.getKey();
                if (field == null) {
                    invalid.add(below, Code.UNKNOWN, "The schema does not declare this field.");
                } else {
                    walk(entry.getValue(), field, below);
                }
            });
        } else if (value.isArray()) {
            value.forEach(item -> walk(item, shape.items(), path));
        } else if (!value.isNull() && !fits(value, shape.type())) {
            mistyped.add(path + ": expected " + shape.type());
        }
    }

    private static boolean fits(JsonNode value, Shape.Type type) {
        return switch (type) {
            case STRING, QUANTITY -> value.isTextual();
            case INTEGER, NUMBER -> value.isNumber();
            case BOOLEAN -> value.isBoolean();
            case INT_OR_STRING, ANY -> true;
            case OBJECT, MAP, LIST -> false;
        };
    }
}
