package io.opencrane.k8s.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON merge patch between two trees: only what differs, null for what is gone, arrays whole.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7396">RFC 7396</a>
 */
final class MergePatch {
    private MergePatch() {}

    /**
     * What turns one object into another.
     *
     * @param current the object as it is; null for none
     * @param desired the object as it shall be; null for none
     * @return the patch; empty when both mean the same
     */
    static ObjectNode between(@Nullable JsonNode current, @Nullable JsonNode desired) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        ObjectNode before = objectOrEmpty(current);
        ObjectNode after = objectOrEmpty(desired);
        for (Iterator<String> names = before.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!after.has(name)) {
                patch.putNull(name);
            }
        }
        for (Map.Entry<String, JsonNode> member : after.properties()) {
            JsonNode old = before.get(member.getKey());
            JsonNode wanted = member.getValue();
            if (old != null && old.isObject() && wanted.isObject()) {
                ObjectNode inner = between(old, wanted);
                if (!inner.isEmpty()) {
                    patch.set(member.getKey(), inner);
                }
            } else if (old == null || !same(old, wanted)) {
                patch.set(member.getKey(), wanted);
            }
        }
        return patch;
    }

    private static ObjectNode objectOrEmpty(@Nullable JsonNode node) {
        return node instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    }

    /** Numbers compare by value at every depth: 200 is 200.0. */
    private static boolean same(JsonNode left, JsonNode right) {
        if (left.isNumber() && right.isNumber()) {
            return left.decimalValue().compareTo(right.decimalValue()) == 0;
        }
        if (left instanceof ArrayNode a && right instanceof ArrayNode b) {
            boolean equal = a.size() == b.size();
            for (int i = 0; equal && i < a.size(); i++) {
                equal = same(a.get(i), b.get(i));
            }
            return equal;
        }
        if (left.isObject() && right.isObject()) {
            return between(left, right).isEmpty();
        }
        return left.equals(right);
    }
}
