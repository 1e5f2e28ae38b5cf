package io.opencrane.k8s.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opencrane.k8s.apply.FieldChange.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
     * @param others the {@code fieldsV1} of every other manager
     * @return the changes, empty when an apply would have no effect
     */
    static List<FieldChange> between(
            ObjectMapper json, JsonNode desired, JsonNode live, JsonNode owned, Map<String, JsonNode> others) {
        FieldDiff diff = new FieldDiff(json);
        diff.object(new At("", live, owned, others), desired);
        return List.copyOf(diff.changes);
    }

    /** One place in an object, as everybody sees it. */
    private record At(String path, JsonNode live, JsonNode owned, Map<String, JsonNode> others) {
        At field(String name) {
            return new At(
                    path.isEmpty() ? name : path + "." + name,
                    live.path(name),
                    owned.path("f:" + name),
                    descend("f:" + name));
        }

        At item(String name, String described, JsonNode element) {
            return new At(path + "[" + described + "]", element, owned.path(name), descend(name));
        }

        private Map<String, JsonNode> descend(String name) {
            Map<String, JsonNode> deeper = new LinkedHashMap<>();
            others.forEach((manager, fields) -> {
                if (fields.has(name)) {
                    deeper.put(manager, fields.get(name));
                }
            });
            return deeper;
        }

        /** Who holds exactly this field, so that an unforced apply of another value is refused. */
        @Nullable
        String holder() {
            return others.entrySet().stream()
                    .filter(other -> other.getValue().isEmpty())
                    .map(Map.Entry::getKey)
                    .findFirst()
                    .orElse(null);
        }
    }

    private void object(At at, JsonNode desired) {
        for (Map.Entry<String, JsonNode> field : desired.properties()) {
            At child = at.field(field.getKey());
            if (!IDENTITY.contains(child.path)) {
                value(child, field.getValue());
            }
        }
        at.owned.fieldNames().forEachRemaining(name -> {
            if (name.startsWith("f:") && !desired.has(name.substring(2))) {
                remove(at.field(name.substring(2)));
            }
        });
    }

    private void value(At at, JsonNode desired) {
        if (isNothing(desired) && at.owned.isMissingNode()) {
            return; // the server does not track ownership of an empty value that it drops
        }
        boolean leaf = at.owned.isObject() && at.owned.isEmpty();
        boolean same = SameMeaning.of(at.path, desired, at.live);
        if (at.owned.isMissingNode() && !desired.isObject()) {
            set(at, desired, same ? null : at.holder());
        } else if (leaf || !desired.isContainerNode()) {
            if (!same) {
                set(at, desired, at.holder());
            }
        } else if (desired.isArray()) {
            list(at, desired);
        } else {
            object(at, desired);
        }
    }

    private void set(At at, JsonNode desired, @Nullable String holder) {
        changes.add(new FieldChange(at.path, Kind.SET, text(at.live), text(desired), holder));
    }

    private void remove(At at) {
        changes.add(new FieldChange(at.path, Kind.REMOVE, text(at.live), null, null));
    }

    private static @Nullable String text(JsonNode value) {
        return value.isMissingNode() ? null : value.toString();
    }

    private static boolean isNothing(JsonNode node) {
        return node.isNull() || node.isContainerNode() && node.isEmpty();
    }

    private void list(At at, JsonNode desired) {
        List<JsonNode> unmatched = new ArrayList<>();
        desired.forEach(unmatched::add);
        for (Map.Entry<String, JsonNode> item : at.owned.properties()) {
            String name = item.getKey();
            if (name.startsWith("k:") || name.startsWith("v:")) {
                JsonNode key = FieldSets.key(json, name);
                At element = at.item(name, describe(key), FieldSets.find(at.live, key));
                JsonNode wanted = FieldSets.find(desired, key);
                unmatched.removeIf(candidate -> FieldSets.matches(candidate, key));
                if (wanted.isMissingNode()) {
                    remove(element);
                } else if (name.startsWith("k:")) {
                    object(element, wanted);
                } else if (element.live.isMissingNode()) {
                    set(element, wanted, null);
                }
            }
        }
        unmatched.forEach(element -> changes.add(
                new FieldChange(at.path + "[" + newcomer(element) + "]", Kind.SET, null, element.toString(), null)));
    }

    private static String newcomer(JsonNode element) {
        return element.has("name") ? "name=" + element.get("name").asText() : "new";
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
