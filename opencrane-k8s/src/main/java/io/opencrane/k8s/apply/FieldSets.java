package io.opencrane.k8s.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Map;

/** The {@code fieldsV1} of managedFields: {@code f:} is a field, {@code k:} an item known by keys, {@code v:} one known by its value. Pure. */
final class FieldSets {
    private FieldSets() {}

    /** Takes the fields of an object that has them out of a set. */
    static ObjectNode take(ObjectNode from, JsonNode object, ObjectMapper json) {
        ObjectNode taken = json.createObjectNode();
        for (Map.Entry<String, JsonNode> field : new ArrayList<>(from.properties())) {
            JsonNode value = valueOf(field.getKey(), object, json);
            if (value.isMissingNode()) {
                continue;
            }
            boolean whole = field.getValue().isEmpty() || !value.isContainerNode();
            JsonNode part = whole ? field.getValue() : take((ObjectNode) field.getValue(), value, json);
            if (whole || !part.isEmpty()) {
                taken.set(field.getKey(), part);
            }
            if (whole || field.getValue().isEmpty()) {
                from.remove(field.getKey());
            }
        }
        return taken;
    }

    private static JsonNode valueOf(String name, JsonNode object, ObjectMapper json) {
        if (name.startsWith("f:")) {
            return object.path(name.substring(2));
        }
        return name.startsWith("k:") || name.startsWith("v:")
                ? find(object, key(json, name))
                : MissingNode.getInstance();
    }

    /** The key that a list item is known by: of {@code k:{...}} an object, of {@code v:...} a value. */
    static JsonNode key(ObjectMapper json, String name) {
        String text = name.substring(2);
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("managedFields hold a key that is not JSON: " + text, e);
        }
    }

    static JsonNode find(JsonNode list, JsonNode key) {
        for (JsonNode element : list) {
            if (matches(element, key)) {
                return element;
            }
        }
        return MissingNode.getInstance();
    }

    static boolean matches(JsonNode element, JsonNode key) {
        if (!key.isObject()) {
            return SameMeaning.of("", element, key);
        }
        for (Map.Entry<String, JsonNode> part : key.properties()) {
            if (!SameMeaning.of("", part.getValue(), element.path(part.getKey()))) {
                return false;
            }
        }
        return true;
    }
}
