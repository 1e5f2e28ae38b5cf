package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a value may look like, as far as merging, pruning and defaulting need it. Immutable.
 *
 * @param type the JSON or Kubernetes type
 * @param fields declared fields of an object
 * @param element shape of a map's values or of a list's items; null when there are none
 * @param merge how values of two managers merge
 * @param keys the key fields of a keyed list
 * @param schema the node of an OpenAPI schema for validation and defaults; null for built-in kinds
 */
record Shape(
        Type type,
        Map<String, Shape> fields,
        @Nullable Shape element,
        Merge merge,
        List<String> keys,
        @Nullable JsonNode schema) {

    /** Free-form: maps merge key by key, everything else is one value ("deduced" in structured merge). */
    static final Shape FREE_FORM = new Shape(Type.ANY, Map.of(), null, Merge.GRANULAR, List.of(), null);

    enum Type {
        ANY,
        OBJECT,
        MAP,
        LIST,
        STRING,
        INTEGER,
        NUMBER,
        BOOLEAN,
        QUANTITY,
        INT_OR_STRING
    }

    enum Merge {
        GRANULAR,
        ATOMIC,
        SET,
        KEYED
    }

    static Shape value(Type type) {
        return new Shape(type, Map.of(), null, Merge.ATOMIC, List.of(), null);
    }

    static Shape object(Map<String, Shape> fields) {
        return new Shape(Type.OBJECT, Map.copyOf(fields), null, Merge.GRANULAR, List.of(), null);
    }

    static Shape map(Shape element) {
        return new Shape(Type.MAP, Map.of(), element, Merge.GRANULAR, List.of(), null);
    }

    static Shape list(Shape element, Merge merge, List<String> keys) {
        return new Shape(Type.LIST, Map.of(), element, merge, keys, null);
    }

    Shape withSchema(JsonNode node) {
        return new Shape(type, fields, element, merge, keys, node);
    }

    Shape atomic() {
        return new Shape(type, fields, element, Merge.ATOMIC, keys, schema);
    }

    /** The shape of a field or map entry; null when the schema does not know it. */
    @Nullable
    Shape field(String name) {
        Shape declared = fields.get(name);
        if (declared != null) {
            return declared;
        }
        return type == Type.ANY ? FREE_FORM : type == Type.LIST ? null : element;
    }

    Shape items() {
        return element == null ? FREE_FORM : element;
    }

    /** Whether managers own this value as a whole. */
    boolean isLeaf(JsonNode value) {
        return !value.isContainerNode() || merge == Merge.ATOMIC || (type == Type.ANY && value.isArray());
    }
}
