package io.opencrane.k8s.apply;

import com.fasterxml.jackson.databind.JsonNode;
import io.opencrane.api.resource.Quantity;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether two values mean the same to the API server, which rewrites some of what it is sent (DECISIONS 16). Pure. */
final class SameMeaning {
    private static final Pattern QUANTITIES = Pattern.compile(
            ".*\\.(limits|requests|hard|default|defaultRequest|max|min|capacity)(\\..*)?|.*\\.sizeLimit");
    private static final Set<String> INT_OR_STRING =
            Set.of("port", "targetPort", "number", "maxSurge", "maxUnavailable", "minAvailable");

    private SameMeaning() {}

    static boolean of(String path, JsonNode desired, JsonNode live) {
        if (isZero(desired) && isZero(live)) {
            return true;
        }
        if (desired.isObject() && live.isObject()) {
            return sameMembers(path, desired, live);
        }
        if (desired.isArray() && live.isArray()) {
            return sameElements(path, desired, live);
        }
        if (desired.isContainerNode() || live.isContainerNode() || live.isMissingNode()) {
            return false;
        }
        if (desired.isNumber() && live.isNumber()) {
            return desired.decimalValue().compareTo(live.decimalValue()) == 0;
        }
        if (desired.getNodeType() == live.getNodeType() && desired.equals(live)) {
            return true;
        }
        return sameQuantity(path, desired, live) || sameIntOrString(path, desired, live);
    }

    /** Absent, null, false, 0, "" and empty containers are stored as absence by most of the API. */
    private static boolean isZero(JsonNode node) {
        return node.isMissingNode()
                || node.isNull()
                || node.isContainerNode() && node.isEmpty()
                || node.isBoolean() && !node.booleanValue()
                || node.isNumber() && node.decimalValue().signum() == 0
                || node.isTextual() && node.textValue().isEmpty();
    }

    /** The live object may hold more: defaults that the server filled in. */
    private static boolean sameMembers(String path, JsonNode desired, JsonNode live) {
        for (Map.Entry<String, JsonNode> field : desired.properties()) {
            if (!of(path + "." + field.getKey(), field.getValue(), live.path(field.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameElements(String path, JsonNode desired, JsonNode live) {
        if (desired.size() != live.size()) {
            return false;
        }
        for (int i = 0; i < desired.size(); i++) {
            if (!of(path, desired.get(i), live.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameQuantity(String path, JsonNode desired, JsonNode live) {
        if (!QUANTITIES.matcher(path).matches()) {
            return false;
        }
        try {
            return Quantity.parse(desired.asText()).equals(Quantity.parse(live.asText()));
        } catch (IllegalArgumentException e) {
            return false; // not both are quantities, so they are not the same one
        }
    }

    private static boolean sameIntOrString(String path, JsonNode desired, JsonNode live) {
        return INT_OR_STRING.contains(path.substring(path.lastIndexOf('.') + 1))
                && desired.asText().equals(live.asText());
    }
}
