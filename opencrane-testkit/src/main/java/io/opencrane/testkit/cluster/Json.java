package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.List;

/** Between the port's objects and the trees that the fake computes with; a round trip through text keeps the two sides apart. */
final class Json {
    /** Numbers keep their digits, as in the real adapter. */
    static final ObjectMapper MAPPER = new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Json() {}

    static ObjectNode treeOf(GenericKubernetesResource object) {
        try {
            return (ObjectNode) MAPPER.readTree(MAPPER.writeValueAsString(object));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The object is not JSON.", e);
        }
    }

    static GenericKubernetesResource objectOf(ObjectNode tree) {
        try {
            return MAPPER.readValue(MAPPER.writeValueAsString(tree), GenericKubernetesResource.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A stored object is not readable.", e);
        }
    }

    /** A text of JSON; an {@link IllegalArgumentException} that does not quote it if it is none. */
    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON.");
        }
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The object at a path of field names, made where it is missing or null. */
    static ObjectNode child(ObjectNode parent, String... names) {
        ObjectNode at = parent;
        for (String name : names) {
            at = at.get(name) instanceof ObjectNode there ? there : at.putObject(name);
        }
        return at;
    }

    static ObjectNode metadata(ObjectNode object) {
        return child(object, "metadata");
    }

    static String text(JsonNode object, String... names) {
        JsonNode at = object;
        for (String name : names) {
            at = at.path(name);
        }
        return at.asText("");
    }

    /** The objects in a list; empty when it is missing. */
    static List<ObjectNode> objects(JsonNode list) {
        return list.valueStream()
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .toList();
    }

    static void setIfMissing(ObjectNode object, String name, String value) {
        if (!object.has(name)) {
            object.put(name, value);
        }
    }

    static void setIfMissing(ObjectNode object, String name, int value) {
        if (!object.has(name)) {
            object.put(name, value);
        }
    }

    /** RFC 7396. */
    static JsonNode mergePatch(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode result = target instanceof ObjectNode there ? there.deepCopy() : object();
        changes.properties().forEach(change -> {
            if (change.getValue().isNull()) {
                result.remove(change.getKey());
            } else {
                result.set(change.getKey(), mergePatch(result.path(change.getKey()), change.getValue()));
            }
        });
        return result;
    }
}
