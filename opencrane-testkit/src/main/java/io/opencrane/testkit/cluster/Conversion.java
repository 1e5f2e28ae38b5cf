package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.opencrane.api.error.Problem.Code;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the server makes of a body it reads: unknown fields go, nulls go, quantities get their stored form; for built-in kinds also what a
 * round trip through its own types leaves out, and for custom kinds the defaults of the schema.
 */
final class Conversion {
    /** Booleans and numbers that 1.20 leaves out at their zero value; all others keep an explicit zero. */
    private static final Set<String> OMITTED_ZERO = Set.of(
            "hostNetwork",
            "hostPID",
            "hostIPC",
            "stdin",
            "stdinOnce",
            "tty",
            "paused",
            "publishNotReadyAddresses",
            "readOnly",
            "initialDelaySeconds",
            "minReadySeconds",
            "hostPort",
            "nodePort",
            "observedGeneration",
            "replicas",
            "updatedReplicas",
            "readyReplicas",
            "availableReplicas",
            "unavailableReplicas");

    private final Invalid invalid;
    private final boolean builtIn;

    private Conversion(Invalid invalid, boolean builtIn) {
        this.invalid = invalid;
        this.builtIn = builtIn;
    }

    static ObjectNode read(ObjectNode object, KindInfo kind, Invalid invalid) {
        ObjectNode body = object.deepCopy();
        JsonNode metadata = body.remove("metadata");
        ObjectNode read = new Conversion(invalid, kind.isBuiltIn()).fields(body, kind.shape(), "");
        // Every kind's metadata is one of the server's own types.
        Shape shape = kind.shape().fields().getOrDefault("metadata", Shape.FREE_FORM);
        JsonNode readMetadata = new Conversion(invalid, true).object(metadata, shape, "metadata");
        read.set("metadata", readMetadata == null ? Json.object() : readMetadata);
        return read;
    }

    private @Nullable JsonNode convert(JsonNode value, Shape shape, String name, String path) {
        return switch (shape.type()) {
            case ANY -> value.isNull() && builtIn ? null : freeForm(value, shape, path);
            case OBJECT -> value.isNull() ? null : object(value, shape, path);
            case MAP -> value.isNull() ? null : map(value, shape, path);
            case LIST -> value.isNull() ? null : list(value, shape, path);
            default -> value.isNull() ? null : scalar(value, shape, name, path);
        };
    }

    private @Nullable JsonNode freeForm(JsonNode value, Shape shape, String path) {
        boolean mustBeObject =
                shape.schema() != null && shape.schema().path("type").asText().equals("object");
        return mustBeObject && !value.isObject() ? mistyped(value, path, "object") : numbers(value);
    }

    private static JsonNode numbers(JsonNode value) {
        if (value instanceof ObjectNode object) {
            ObjectNode kept = Json.object();
            object.properties().forEach(entry -> kept.set(entry.getKey(), numbers(entry.getValue())));
            return kept;
        }
        if (value.isArray()) {
            ArrayNode kept = Json.MAPPER.createArrayNode();
            value.forEach(item -> kept.add(numbers(item)));
            return kept;
        }
        return number(value);
    }

    private @Nullable JsonNode object(@Nullable JsonNode value, Shape shape, String path) {
        if (value == null) {
            return null;
        }
        return value instanceof ObjectNode object ? fields(object, shape, path) : mistyped(value, path, "object");
    }

    private ObjectNode fields(ObjectNode value, Shape shape, String path) {
        ObjectNode kept = Json.object();
        value.properties().forEach(entry -> {
            Shape field = shape.field(entry.getKey());
            JsonNode read = field == null
                    ? null
                    : convert(entry.getValue(), field, entry.getKey(), dotted(path, entry.getKey()));
            if (read != null) {
                kept.set(entry.getKey(), read);
            }
        });
        if (shape.schema() != null) {
            addDefaults(kept, shape);
        }
        return kept;
    }

    private void addDefaults(ObjectNode kept, Shape shape) {
        shape.fields().forEach((name, field) -> {
            JsonNode preset = field.schema() == null ? null : field.schema().get("default");
            if (preset != null && !kept.has(name)) {
                JsonNode read = convert(preset.deepCopy(), field, name, name);
                kept.set(name, read == null ? preset.deepCopy() : read);
            }
        });
    }

    private @Nullable JsonNode map(JsonNode value, Shape shape, String path) {
        if (!value.isObject()) {
            return mistyped(value, path, "object");
        }
        ObjectNode kept = Json.object();
        value.properties().forEach(entry -> {
            JsonNode read = convert(entry.getValue(), shape.items(), "", dotted(path, entry.getKey()));
            if (read != null) {
                kept.set(entry.getKey(), read);
            }
        });
        return builtIn && kept.isEmpty() ? null : kept;
    }

    private @Nullable JsonNode list(JsonNode value, Shape shape, String path) {
        if (!value.isArray()) {
            return mistyped(value, path, "array");
        }
        ArrayNode kept = Json.MAPPER.createArrayNode();
        for (int i = 0; i < value.size(); i++) {
            JsonNode read = convert(value.get(i), shape.items(), "", builtIn ? path + "[" + i + "]" : path);
            if (read != null) {
                kept.add(read);
            }
        }
        return builtIn && kept.isEmpty() ? null : kept;
    }

    private @Nullable JsonNode scalar(JsonNode value, Shape shape, String name, String path) {
        switch (shape.type()) {
            case QUANTITY:
                return quantity(value, path);
            case INT_OR_STRING:
                return value.isInt() || value.isTextual() ? value : mistyped(value, path, "integer or string");
            case STRING:
                if (!value.isTextual()) {
                    return mistyped(value, path, "string");
                }
                return builtIn && !name.isEmpty() && value.asText().isEmpty() && !name.equals("storageClassName")
                        ? null
                        : value;
            case BOOLEAN:
                if (!value.isBoolean()) {
                    return mistyped(value, path, "boolean");
                }
                return isOmittedZero(name, path) && !value.asBoolean() ? null : value;
            default:
                JsonNode number = number(value);
                if (!number.isNumber() || (shape.type() == Shape.Type.INTEGER && !number.isIntegralNumber())) {
                    return mistyped(value, path, shape.type() == Shape.Type.INTEGER ? "integer" : "number");
                }
                return isOmittedZero(name, path) && number.asLong() == 0 ? null : number;
        }
    }

    private boolean isOmittedZero(String name, String path) {
        return builtIn && OMITTED_ZERO.contains(name) && !path.equals("spec.replicas");
    }

    private @Nullable JsonNode quantity(JsonNode value, String path) {
        try {
            return TextNode.valueOf(Quantities.canonical(value.asText()));
        } catch (IllegalArgumentException e) {
            return mistyped(value, path, "quantity");
        }
    }

    /** Whole numbers are stored as such: 200.0 comes back as 200. */
    private static JsonNode number(JsonNode value) {
        if (!value.isNumber()) {
            return value;
        }
        BigDecimal plain = value.decimalValue().stripTrailingZeros();
        if (plain.scale() > 0 || plain.precision() - plain.scale() > 18) {
            return DecimalNode.valueOf(plain);
        }
        long whole = plain.longValueExact();
        return whole == (int) whole ? IntNode.valueOf((int) whole) : LongNode.valueOf(whole);
    }

    private @Nullable JsonNode mistyped(JsonNode value, String path, String type) {
        invalid.add(path, Code.MALFORMED, "It must be of type " + type + ".");
        return builtIn ? null : value;
    }

    private static String dotted(String path, String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
