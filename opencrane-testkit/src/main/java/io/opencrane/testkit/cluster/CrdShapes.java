package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Shapes of custom kinds, from the structural schema of their CRD. */
final class CrdShapes {
    private CrdShapes() {}

    static Shape of(JsonNode schema, Shape metadata) {
        Map<String, Shape> fields = new HashMap<>(shape(schema).fields());
        fields.put("apiVersion", Shape.value(Shape.Type.STRING));
        fields.put("kind", Shape.value(Shape.Type.STRING));
        fields.put("metadata", metadata);
        return Shape.object(fields).withSchema(schema);
    }

    /**
     * 1.20 reads schemas as OpenAPI 2, which has no alternatives (an int-or-string is one). With one of these words anywhere it owns the
     * fields of the whole kind as if there were no schema ("error building openapi models" in its log): lists are atomic, and apply takes
     * undeclared fields. So it is for Tenant and ClusterTenant.
     */
    static boolean isUsableForOwnership(JsonNode schema) {
        return Stream.of("anyOf", "oneOf", "allOf", "not", "x-kubernetes-int-or-string")
                .allMatch(word -> schema.findValues(word).isEmpty());
    }

    private static Shape shape(JsonNode schema) {
        return bare(schema).withSchema(schema);
    }

    private static Shape bare(JsonNode schema) {
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return Shape.value(Shape.Type.INT_OR_STRING);
        }
        if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            return Shape.FREE_FORM;
        }
        return switch (schema.path("type").asText()) {
            case "object" -> object(schema);
            case "array" -> list(schema);
            case "integer" -> Shape.value(Shape.Type.INTEGER);
            case "number" -> Shape.value(Shape.Type.NUMBER);
            case "boolean" -> Shape.value(Shape.Type.BOOLEAN);
            case "string" -> Shape.value(Shape.Type.STRING);
            default -> Shape.FREE_FORM;
        };
    }

    private static Shape object(JsonNode schema) {
        Map<String, Shape> fields = new HashMap<>();
        schema.path("properties").properties().forEach(entry -> fields.put(entry.getKey(), shape(entry.getValue())));
        Shape shape = schema.path("additionalProperties").isObject()
                ? Shape.map(shape(schema.path("additionalProperties")))
                : Shape.object(fields);
        return schema.path("x-kubernetes-map-type").asText().equals("atomic") ? shape.atomic() : shape;
    }

    private static Shape list(JsonNode schema) {
        List<String> keys = new ArrayList<>();
        schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asText()));
        Shape.Merge merge = switch (schema.path("x-kubernetes-list-type").asText()) {
            case "map" -> Shape.Merge.KEYED;
            case "set" -> Shape.Merge.SET;
            default -> Shape.Merge.ATOMIC;
        };
        return Shape.list(shape(schema.path("items")), merge, keys);
    }
}
