package io.opencrane.k8s.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Takes over an object that the deployed platform made (DECISIONS 18): its fields are owned by an Update entry, so an unforced apply would
 * conflict with ourselves in older clothes, and a change from RollingUpdate to Recreate would be refused. One JSON patch rewrites the
 * ownership and drops what the new strategy forbids; afterwards plain apply works. Pure.
 */
final class Adoption {
    /** Controllers of the cluster keep what they own, which is status. */
    private static final Set<String> CONTROLLERS = Set.of("kube-controller-manager", "kubelet", "kube-scheduler");

    private final ObjectMapper json;

    Adoption(ObjectMapper json) {
        this.json = json;
    }

    boolean isOurs(JsonNode live) {
        return !ownedFields(live).isMissingNode();
    }

    /** The fields of our Apply entry, or a missing node. */
    JsonNode ownedFields(JsonNode live) {
        for (JsonNode entry : managedFields(live)) {
            if (Applier.MANAGER.equals(entry.path("manager").asText())
                    && "Apply".equals(entry.path("operation").asText())) {
                return entry.path("fieldsV1");
            }
        }
        return MissingNode.getInstance();
    }

    /** The fields of everybody else, by manager; status is nobody's business here. */
    Map<String, JsonNode> othersFields(JsonNode live) {
        Map<String, JsonNode> others = new LinkedHashMap<>();
        for (JsonNode entry : managedFields(live)) {
            boolean ours = Applier.MANAGER.equals(entry.path("manager").asText())
                    && "Apply".equals(entry.path("operation").asText());
            if (!ours) {
                others.merge(entry.path("manager").asText(), entry.path("fieldsV1"), Adoption::joined);
            }
        }
        return others;
    }

    private static JsonNode joined(JsonNode one, JsonNode other) {
        ObjectNode both = one.deepCopy();
        union(both, other);
        return both;
    }

    private static JsonNode managedFields(JsonNode live) {
        return live.path("metadata").path("managedFields");
    }

    /** The patch that makes the platform's fields ours. */
    String patch(GenericKubernetesResource live, GenericKubernetesResource desired) {
        ArrayNode patch = json.createArrayNode();
        operation(patch, "test", "/metadata/resourceVersion")
                .put("value", live.getMetadata().getResourceVersion());
        operation(patch, "add", "/metadata/managedFields")
                .set("value", takenOver(json.valueToTree(live), live.getApiVersion(), desired));
        if (changesStrategy(live, desired)) {
            operation(patch, "remove", "/spec/strategy/rollingUpdate");
            operation(patch, "replace", "/spec/strategy/type").put("value", "Recreate");
        }
        return patch.toString();
    }

    /** The object as {@link #patch} will leave it. */
    JsonNode adopted(GenericKubernetesResource live, GenericKubernetesResource desired) {
        ObjectNode after = json.valueToTree(live);
        ((ObjectNode) after.path("metadata")).set("managedFields", takenOver(after, live.getApiVersion(), desired));
        if (after.path("spec").path("strategy") instanceof ObjectNode strategy && changesStrategy(live, desired)) {
            strategy.remove("rollingUpdate");
            strategy.put("type", "Recreate");
        }
        return after;
    }

    private static boolean changesStrategy(GenericKubernetesResource live, GenericKubernetesResource desired) {
        return "Recreate".equals(desired.get("spec", "strategy", "type"))
                && live.get("spec", "strategy", "rollingUpdate") != null;
    }

    private static ObjectNode operation(ArrayNode patch, String op, String path) {
        return patch.addObject().put("op", op).put("path", path);
    }

    /**
     * The platform's entry becomes ours whole, so that fields it set and nobody wants any more go. Of everybody else's we take what we
     * want too; the rest, an annotation of an administrator for example, stays theirs.
     */
    private ArrayNode takenOver(JsonNode live, String apiVersion, GenericKubernetesResource desired) {
        ArrayNode entries = json.createArrayNode();
        ObjectNode fields = json.createObjectNode();
        JsonNode wanted = json.valueToTree(desired);
        for (JsonNode entry : managedFields(live)) {
            boolean keeps = CONTROLLERS.contains(entry.path("manager").asText())
                    || "Apply".equals(entry.path("operation").asText());
            if (keeps) {
                entries.add(entry);
            } else if (isThePlatforms(entry)) {
                union(fields, entry.path("fieldsV1"));
            } else {
                ObjectNode rest = entry.deepCopy();
                ObjectNode taken = FieldSets.take((ObjectNode) rest.path("fieldsV1"), wanted, json);
                union(fields, taken);
                if (!rest.path("fieldsV1").isEmpty()) {
                    entries.add(rest);
                }
            }
        }
        if (fields.isEmpty()) {
            fields.putObject("f:metadata");
        }
        entries.addObject()
                .put("manager", Applier.MANAGER)
                .put("operation", "Apply")
                .put("apiVersion", apiVersion)
                .put("fieldsType", "FieldsV1")
                .set("fieldsV1", fields);
        return entries;
    }

    /** Whoever set the label by which we know the platform's objects. */
    private static boolean isThePlatforms(JsonNode entry) {
        return entry.path("fieldsV1").path("f:metadata").path("f:labels").has("f:app.kubernetes.io/managed-by");
    }

    private static void union(ObjectNode into, JsonNode from) {
        for (var field : from.properties()) {
            if (into.path(field.getKey()).isObject()
                    && !into.path(field.getKey()).isEmpty()) {
                union((ObjectNode) into.path(field.getKey()), field.getValue());
            } else {
                into.set(field.getKey(), field.getValue());
            }
        }
    }
}
