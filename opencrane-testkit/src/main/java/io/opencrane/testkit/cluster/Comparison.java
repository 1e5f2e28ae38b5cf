package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two objects.
 *
 * @param added paths only in the second
 * @param modified leaves that differ
 * @param removed paths only in the first
 */
record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {
    static Comparison of(JsonNode before, JsonNode after, Shape shape) {
        Walk walk = new Walk();
        walk.compare(before, after, shape, List.of());
        return new Comparison(new FieldSet(walk.added), new FieldSet(walk.modified), new FieldSet(walk.removed));
    }

    boolean isSame() {
        return added.isEmpty() && modified.isEmpty() && removed.isEmpty();
    }

    private static final class Walk {
        private final Set<List<String>> added = new LinkedHashSet<>();
        private final Set<List<String>> modified = new LinkedHashSet<>();
        private final Set<List<String>> removed = new LinkedHashSet<>();

        private void compare(@Nullable JsonNode before, @Nullable JsonNode after, Shape shape, List<String> path) {
            JsonNode known = after != null ? after : before;
            if (known == null) {
                return;
            }
            if (before == null) {
                added.add(path);
            } else if (after == null) {
                removed.add(path);
            } else if (before.getNodeType() != after.getNodeType() || shape.isLeaf(after) || shape.isLeaf(before)) {
                if (!before.equals(after)) {
                    modified.add(path);
                }
                return;
            }
            if (shape.isLeaf(known)) {
                return;
            }
            if (known.isObject()) {
                Set<String> names = new LinkedHashSet<>();
                names(before, names);
                names(after, names);
                for (String name : names) {
                    Shape field = shape.field(name);
                    compare(
                            before == null ? null : before.get(name),
                            after == null ? null : after.get(name),
                            field == null ? Shape.FREE_FORM : field,
                            FieldSet.join(path, "f:" + name));
                }
            } else {
                Map<String, JsonNode> first = FieldSet.items(before, shape);
                Map<String, JsonNode> second = FieldSet.items(after, shape);
                Set<String> elements = new LinkedHashSet<>(first.keySet());
                elements.addAll(second.keySet());
                for (String element : elements) {
                    compare(first.get(element), second.get(element), shape.items(), FieldSet.join(path, element));
                }
            }
        }

        private static void names(@Nullable JsonNode object, Set<String> names) {
            if (object != null) {
                object.fieldNames().forEachRemaining(names::add);
            }
        }
    }
}
