package io.opencrane.k8s.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.k8s.apply.FieldChange.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What others added to an object whose content is to be exactly as desired. Server-side apply leaves fields of others alone, and one key
 * more in a selector takes a network policy off the pods it is for. Pure.
 */
final class Surplus {
    /** What every object has, and what is everybody's; all else counts, since a CiliumNetworkPolicy has {@code specs} beside its spec. */
    private static final Set<String> NOT_CONTENT = Set.of("apiVersion", "kind", "metadata", "status");

    private Surplus() {}

    /** The fields of the live content that nobody desires; of a list that somebody changed, the list. */
    static List<FieldChange> of(JsonNode desired, JsonNode live) {
        List<FieldChange> found = new ArrayList<>();
        members("", desired, content(live), found);
        return found;
    }

    private static ObjectNode content(JsonNode live) {
        ObjectNode content = JsonNodeFactory.instance.objectNode();
        live.properties().stream()
                .filter(field -> !NOT_CONTENT.contains(field.getKey()))
                .forEach(field -> content.set(field.getKey(), field.getValue()));
        return content;
    }

    private static void members(String path, JsonNode desired, JsonNode live, List<FieldChange> found) {
        for (Map.Entry<String, JsonNode> field : live.properties()) {
            JsonNode wanted = desired.path(field.getKey());
            JsonNode there = field.getValue();
            String at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (wanted.isObject() && there.isObject()) {
                members(at, wanted, there, found);
            } else if (wanted.isMissingNode() ? !SameMeaning.of(at, there, wanted) : isMore(at, there, wanted)) {
                found.add(new FieldChange(
                        at,
                        wanted.isMissingNode() ? Kind.REMOVE : Kind.SET,
                        there.toString(),
                        wanted.isMissingNode() ? null : wanted.toString(),
                        null));
            }
        }
    }

    /** Within a list an empty object is not as good as none: an empty selector of namespaces opens all of them. */
    private static boolean isMore(String path, JsonNode there, JsonNode wanted) {
        if (there.isObject() && (wanted.isObject() || wanted.isMissingNode())) {
            return wanted.isMissingNode()
                    || there.properties().stream()
                            .anyMatch(field ->
                                    isMore(path + "." + field.getKey(), field.getValue(), wanted.path(field.getKey())));
        }
        if (there.isArray() && wanted.isArray()) {
            return there.size() != wanted.size()
                    || IntStream.range(0, there.size()).anyMatch(i -> isMore(path, there.get(i), wanted.get(i)));
        }
        return !SameMeaning.of(path, there, wanted);
    }

    /** A merge patch that takes the fields away; a list is put right by applying it. */
    static ObjectNode removal(ObjectMapper json, JsonNode desired, JsonNode live) {
        ObjectNode patch = nulls(json, desired, content(live));
        patch.putObject("metadata").set("resourceVersion", live.path("metadata").path("resourceVersion"));
        return patch;
    }

    private static ObjectNode nulls(ObjectMapper json, JsonNode desired, JsonNode live) {
        ObjectNode patch = json.createObjectNode();
        for (Map.Entry<String, JsonNode> field : live.properties()) {
            JsonNode wanted = desired.path(field.getKey());
            if (wanted.isObject() && field.getValue().isObject()) {
                ObjectNode deeper = nulls(json, wanted, field.getValue());
                if (!deeper.isEmpty()) {
                    patch.set(field.getKey(), deeper);
                }
            } else if (wanted.isMissingNode()) {
                patch.putNull(field.getKey());
            }
        }
        return patch;
    }
}
