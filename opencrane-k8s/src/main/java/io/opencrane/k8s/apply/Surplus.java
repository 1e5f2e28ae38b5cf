package io.opencrane.k8s.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.k8s.apply.FieldChange.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What others added to an object whose spec is to be exactly as desired. Server-side apply leaves fields of others alone, and one key more
 * in a selector takes a network policy off the pods it is for. Pure.
 */
final class Surplus {
    private static final String SPEC = "spec";

    private Surplus() {}

    /** The fields of the live spec that nobody desires; of a list that somebody lengthened, the list. */
    static List<FieldChange> of(JsonNode desired, JsonNode live) {
        List<FieldChange> found = new ArrayList<>();
        members(SPEC, desired.path(SPEC), live.path(SPEC), found);
        return found;
    }

    private static void members(String path, JsonNode desired, JsonNode live, List<FieldChange> found) {
        for (Map.Entry<String, JsonNode> field : live.properties()) {
            JsonNode wanted = desired.path(field.getKey());
            JsonNode there = field.getValue();
            String at = path + "." + field.getKey();
            if (wanted.isObject() && there.isObject()) {
                members(at, wanted, there, found);
            } else if (!SameMeaning.of(at, there, wanted)) {
                found.add(new FieldChange(
                        at,
                        wanted.isMissingNode() ? Kind.REMOVE : Kind.SET,
                        there.toString(),
                        wanted.isMissingNode() ? null : wanted.toString(),
                        null));
            }
        }
    }

    /** A merge patch that takes the fields away; a list is put right by applying it. */
    static ObjectNode removal(ObjectMapper json, JsonNode desired, JsonNode live) {
        ObjectNode patch = json.createObjectNode();
        patch.putObject("metadata").set("resourceVersion", live.path("metadata").path("resourceVersion"));
        patch.set(SPEC, nulls(json, desired.path(SPEC), live.path(SPEC)));
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
