package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A set of field paths in the notation of {@code FieldsV1}: {@code f:name}, {@code k:{"name":"x"}}, {@code v:"x"}. Immutable.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">Server-side apply</a>
 * @param paths the paths, each from the object's root
 */
record FieldSet(Set<List<String>> paths) {
    static final FieldSet EMPTY = new FieldSet(Set.of());

    /** What {@code f:metadata} and the envelope never own: the server writes these itself. */
    private static final Set<List<String>> UNOWNED = Set.of(
            List.of("f:apiVersion"),
            List.of("f:kind"),
            List.of("f:metadata"),
            List.of("f:metadata", "f:name"),
            List.of("f:metadata", "f:namespace"),
            List.of("f:metadata", "f:creationTimestamp"),
            List.of("f:metadata", "f:selfLink"),
            List.of("f:metadata", "f:uid"),
            List.of("f:metadata", "f:generation"),
            List.of("f:metadata", "f:managedFields"),
            List.of("f:metadata", "f:resourceVersion"));

    /** The leaves of an object, and the items of its keyed lists. */
    static FieldSet of(JsonNode object, Shape shape) {
        Set<List<String>> found = new LinkedHashSet<>();
        collect(object, shape, List.of(), found);
        return new FieldSet(found);
    }

    private static void collect(JsonNode value, Shape shape, List<String> path, Set<List<String>> found) {
        if (value.isNull() && shape.type() != Shape.Type.ANY && shape.merge() != Shape.Merge.ATOMIC) {
            return;
        }
        if (shape.isLeaf(value)) {
            found.add(path);
        } else if (value.isObject()) {
            value.properties().forEach(entry -> {
                List<String> below = join(path, "f:" + entry.getKey());
                Shape field = shape.field(entry.getKey());
                collect(entry.getValue(), field == null ? Shape.FREE_FORM : field, below, found);
                if (!shape.fields().containsKey(entry.getKey())) {
                    found.add(below);
                }
            });
        } else {
            items(value, shape).forEach((element, item) -> {
                List<String> below = join(path, element);
                collect(item, shape.items(), below, found);
                found.add(below);
            });
        }
    }

    /** The items of a keyed list or a set by path element, in order. */
    static Map<String, JsonNode> items(@Nullable JsonNode list, Shape shape) {
        Map<String, JsonNode> byElement = new LinkedHashMap<>();
        if (list != null) {
            list.forEach(item -> byElement.put(elementOf(item, shape), item));
        }
        return byElement;
    }

    private static String elementOf(JsonNode item, Shape shape) {
        if (shape.merge() == Shape.Merge.SET) {
            return "v:" + item;
        }
        ObjectNode key = JsonNodeFactory.instance.objectNode();
        for (String name : shape.keys().stream().sorted().toList()) {
            JsonNode part = item.get(name);
            if (part == null && !(name.equals("protocol") && shape.keys().contains("containerPort"))) {
                throw new MissingKeyException(name);
            }
            // The protocol of a container's port is the one key with a default in the schema of 1.20; a Service's has
            // none.
            key.set(name, part == null ? key.textNode("TCP") : part);
        }
        return "k:" + key;
    }

    static List<String> join(List<String> path, String element) {
        List<String> longer = new ArrayList<>(path.size() + 1);
        longer.addAll(path);
        longer.add(element);
        return List.copyOf(longer);
    }

    FieldSet union(FieldSet other) {
        Set<List<String>> all = new LinkedHashSet<>(paths);
        all.addAll(other.paths);
        return new FieldSet(all);
    }

    FieldSet minus(FieldSet other) {
        Set<List<String>> rest = new LinkedHashSet<>(paths);
        rest.removeAll(other.paths);
        return new FieldSet(rest);
    }

    FieldSet intersect(FieldSet other) {
        Set<List<String>> both = new LinkedHashSet<>(paths);
        both.retainAll(other.paths);
        return new FieldSet(both);
    }

    /** Without what the server writes itself. */
    FieldSet owned() {
        return minus(new FieldSet(UNOWNED));
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    /** With the declared fields above every path: what removal has to look at. */
    FieldSet withNamedParents(Shape root) {
        Set<List<String>> all = new LinkedHashSet<>(paths);
        for (List<String> path : paths) {
            Shape shape = root;
            for (int i = 0; i < path.size() - 1; i++) {
                String element = path.get(i);
                Shape below = element.startsWith("f:") ? shape.field(element.substring(2)) : shape.items();
                if (element.startsWith("f:") && shape.fields().containsKey(element.substring(2))) {
                    all.add(path.subList(0, i + 1));
                }
                shape = below == null ? Shape.FREE_FORM : below;
            }
        }
        return new FieldSet(all);
    }

    /** The object without these fields and items. */
    JsonNode removeFrom(JsonNode value, Shape shape) {
        return remove(value, shape, List.of());
    }

    private JsonNode remove(JsonNode value, Shape shape, List<String> path) {
        if (shape.isLeaf(value)) {
            return value;
        }
        if (value.isObject()) {
            ObjectNode rest = JsonNodeFactory.instance.objectNode();
            value.properties().forEach(entry -> {
                List<String> below = join(path, "f:" + entry.getKey());
                Shape field = shape.field(entry.getKey());
                if (!paths.contains(below)) {
                    rest.set(entry.getKey(), remove(entry.getValue(), field == null ? Shape.FREE_FORM : field, below));
                }
            });
            return rest;
        }
        Collection<JsonNode> rest = new ArrayList<>();
        items(value, shape).forEach((element, item) -> {
            List<String> below = join(path, element);
            if (!paths.contains(below)) {
                rest.add(remove(item, shape.items(), below));
            }
        });
        return JsonNodeFactory.instance.arrayNode().addAll(rest);
    }

    /** As {@code fieldsV1}. */
    ObjectNode toJson() {
        return toJson(paths);
    }

    private static ObjectNode toJson(Collection<List<String>> paths) {
        Map<String, List<List<String>>> byHead = new TreeMap<>();
        Set<String> members = new LinkedHashSet<>();
        for (List<String> path : paths) {
            List<List<String>> below = byHead.computeIfAbsent(path.get(0), head -> new ArrayList<>());
            if (path.size() == 1) {
                members.add(path.get(0));
            } else {
                below.add(path.subList(1, path.size()));
            }
        }
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        byHead.forEach((head, below) -> {
            ObjectNode child = JsonNodeFactory.instance.objectNode();
            if (!below.isEmpty() && members.contains(head)) {
                child.putObject(".");
            }
            child.setAll(toJson(below));
            json.set(head, child);
        });
        return json;
    }

    /** From {@code fieldsV1}. */
    static FieldSet parse(JsonNode json) {
        Set<List<String>> found = new LinkedHashSet<>();
        parse(json, List.of(), found);
        return new FieldSet(found);
    }

    private static void parse(JsonNode json, List<String> path, Set<List<String>> found) {
        json.properties().forEach(entry -> {
            if (entry.getKey().equals(".")) {
                found.add(path);
                return;
            }
            List<String> below = join(path, entry.getKey());
            if (entry.getValue().isEmpty()) {
                found.add(below);
            }
            parse(entry.getValue(), below, found);
        });
    }

    /** A path as the server prints it, for example {@code .spec.containers[name="c"].image}. */
    static String print(List<String> path) {
        StringBuilder text = new StringBuilder();
        for (String element : path) {
            String rest = element.substring(2);
            if (element.startsWith("f:")) {
                text.append('.').append(rest);
            } else if (element.startsWith("v:")) {
                text.append("[=").append(rest).append(']');
            } else {
                List<String> parts = new ArrayList<>();
                Json.parse(rest).properties().forEach(part -> parts.add(part.getKey() + "=" + part.getValue()));
                text.append('[').append(String.join(",", parts)).append(']');
            }
        }
        return text.toString();
    }

    /** An item of a keyed list without a key; 1.20 cannot merge such a list. */
    static final class MissingKeyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingKeyException(String key) {
            super("associative list with keys has an element that omits key field \"" + key + "\"");
        }
    }
}
