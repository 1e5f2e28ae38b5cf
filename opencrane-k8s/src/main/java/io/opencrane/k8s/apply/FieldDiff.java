package io.opencrane.k8s.apply;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.opencrane.k8s.apply.FieldChange.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an apply by our manager would change (DECISIONS 16): every desired field must be there, equal by meaning, and owned by our Apply
 * entry; every owned field must be desired. The shape of lists (keyed, set or atomic) is read from our managedFields entry, because only
 * the server's schema knows it. Pure.
 */
final class FieldDiff {
    /** The server fills or checks these; they never show in managedFields. */
    private static final Set<String> IDENTITY = Set.of("apiVersion", "kind", "metadata.name", "metadata.namespace");

    private final ObjectMapper json;
    private final List<FieldChange> changes = new ArrayList<>();

    private FieldDiff(ObjectMapper json) {
        this.json = json;
    }

    /**
     * Compares.
     *
     * @param desired what is wanted
     * @param live what is there
     * @param owned the {@code fieldsV1} of our Apply entry; missing when we have none
     * @return the changes, empty when an apply would have no effect
     */
    static List<FieldChange> between(ObjectMapper json, JsonNode desired, JsonNode live, JsonNode owned) {
        FieldDiff diff = new FieldDiff(json);
        diff.object("", desired, live, owned);
        return List.copyOf(diff.changes);
    }

    private void object(String path, JsonNode desired, JsonNode live, JsonNode owned) {
        for (Map.Entry<String, JsonNode> field : desired.properties()) {
            String at = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            if (!IDENTITY.contains(at)) {
                value(at, field.getValue(), live.path(field.getKey()), owned.path("f:" + field.getKey()));
            }
        }
        owned.fieldNames().forEachRemaining(name -> {
            if (name.startsWith("f:") && !desired.has(name.substring(2))) {
                changes.add(new FieldChange(
                        path.isEmpty() ? name.substring(2) : path + "." + name.substring(2), Kind.REMOVE));
            }
        });
    }

    private void value(String path, JsonNode desired, JsonNode live, JsonNode owned) {
        if (isNothing(desired) && owned.isMissingNode()) {
            return; // the server does not track ownership of an empty value that it drops
        }
        boolean leaf = owned.isObject() && owned.isEmpty();
        if (owned.isMissingNode() && !desired.isObject()) {
            changes.add(new FieldChange(path, Kind.SET));
        } else if (leaf || !desired.isContainerNode()) {
            if (!SameMeaning.of(path, desired, live)) {
                changes.add(new FieldChange(path, Kind.SET));
            }
        } else if (desired.isArray()) {
            list(path, desired, live, owned);
        } else {
            object(path, desired, live, owned);
        }
    }

    private static boolean isNothing(JsonNode node) {
        return node.isNull() || node.isContainerNode() && node.isEmpty();
    }

    private void list(String path, JsonNode desired, JsonNode live, JsonNode owned) {
        List<JsonNode> unmatched = new ArrayList<>();
        desired.forEach(unmatched::add);
        for (Map.Entry<String, JsonNode> item : owned.properties()) {
            String name = item.getKey();
            if (name.startsWith("k:") || name.startsWith("v:")) {
                JsonNode key = parse(name.substring(2));
                String at = path + "[" + describe(key) + "]";
                JsonNode wanted = find(desired, key);
                unmatched.removeIf(element -> matches(element, key));
                if (wanted.isMissingNode()) {
                    changes.add(new FieldChange(at, Kind.REMOVE));
                } else if (name.startsWith("k:")) {
                    object(at, wanted, find(live, key), item.getValue());
                } else if (find(live, key).isMissingNode()) {
                    changes.add(new FieldChange(at, Kind.SET));
                }
            }
        }
        unmatched.forEach(element -> changes.add(new FieldChange(path + "[" + newcomer(element) + "]", Kind.SET)));
    }

    private static String newcomer(JsonNode element) {
        return element.has("name") ? "name=" + element.get("name").asText() : "new";
    }

    private JsonNode parse(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("managedFields hold a key that is not JSON: " + text, e);
        }
    }

    private static JsonNode find(JsonNode list, JsonNode key) {
        for (JsonNode element : list) {
            if (matches(element, key)) {
                return element;
            }
        }
        return MissingNode.getInstance();
    }

    private static boolean matches(JsonNode element, JsonNode key) {
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

    private static String describe(JsonNode key) {
        if (!key.isObject()) {
            return key.asText();
        }
        List<String> parts = new ArrayList<>();
        key.properties()
                .forEach(part -> parts.add(part.getKey() + "=" + part.getValue().asText()));
        return String.join(",", parts);
    }
}
