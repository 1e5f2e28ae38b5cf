package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.k8s.object.ObjectStore.Target;
import java.util.Map;
import java.util.Set;

/** What the server decides for one kind, whatever the body says: first status, what an endpoint may change, when the generation moves. */
final class KindRules {
    private static final Set<String> WITHOUT_STATUS =
            Set.of("Secret", "ConfigMap", "ServiceAccount", "LimitRange", "NetworkPolicy", "RoleBinding");
    private static final Set<String> WITH_GENERATION = Set.of("Deployment", "Ingress", "NetworkPolicy");

    /** What the server's empty object of a kind holds; field ownership of a new object is reckoned against it. */
    private static final Map<String, String> EMPTY = Map.of(
            "Deployment",
            "{\"spec\":{\"strategy\":{},\"template\":{\"metadata\":{\"creationTimestamp\":null},\"spec\":{\"containers\":[]}}}}",
            "Pod",
            "{\"spec\":{\"containers\":[]}}",
            "NetworkPolicy",
            "{\"spec\":{\"podSelector\":{}}}",
            "PersistentVolumeClaim",
            "{\"spec\":{\"resources\":{}}}",
            "Service",
            "{\"spec\":{},\"status\":{\"loadBalancer\":{}}}",
            "Ingress",
            "{\"spec\":{},\"status\":{\"loadBalancer\":{}}}",
            "LimitRange",
            "{\"spec\":{\"limits\":[]}}");

    private static final Map<String, String> FIRST_STATUS = Map.of(
            "Namespace", "{\"phase\":\"Active\"}",
            "Pod", "{\"phase\":\"Pending\"}",
            "PersistentVolumeClaim", "{\"phase\":\"Pending\"}",
            "Service", "{\"loadBalancer\":{}}",
            "Ingress", "{\"loadBalancer\":{}}",
            "Deployment", "{}",
            "ResourceQuota", "{}");

    private KindRules() {}

    static boolean hasStatus(KindInfo kind) {
        return !kind.isBuiltIn() || !WITHOUT_STATUS.contains(kind.type().kind());
    }

    private static boolean hasGeneration(KindInfo kind) {
        return !kind.isBuiltIn() || WITH_GENERATION.contains(kind.type().kind());
    }

    static ObjectNode empty(KindInfo kind) {
        ObjectNode empty = Json.object();
        if (kind.isBuiltIn()) {
            Json.metadata(empty);
            empty.setAll((ObjectNode) Json.parse(EMPTY.getOrDefault(kind.type().kind(), "{}")));
            if (hasStatus(kind)) {
                Json.child(empty, "spec");
                Json.child(empty, "status");
            }
        }
        return empty;
    }

    static void prepareCreate(KindInfo kind, ObjectNode object) {
        object.remove("status");
        String first = kind.isBuiltIn() ? FIRST_STATUS.get(kind.type().kind()) : null;
        if (first != null) {
            object.set("status", Json.parse(first));
        }
        if (hasGeneration(kind)) {
            Json.metadata(object).put("generation", 1);
        }
    }

    /** The object that an update leaves: only what the endpoint may change is taken from the body. */
    static ObjectNode prepareUpdate(KindInfo kind, ObjectNode live, ObjectNode next, Target target) {
        ObjectNode result = next;
        if (target == Target.STATUS && !kind.isBuiltIn()) {
            result = live.deepCopy();
            copy(next, result, "status");
            copy(next.path("metadata"), Json.metadata(result), "managedFields");
        } else if (target == Target.STATUS) {
            copy(live, result, "spec");
            copy(live.path("metadata"), Json.metadata(result), "labels");
        } else {
            copy(live, result, "status");
            if (kind.isBuiltIn() && kind.type().kind().equals("Namespace")) {
                copy(live, result, "spec");
            }
        }
        if (target == Target.OBJECT && hasGeneration(kind) && generationMoves(kind, live, result)) {
            Json.metadata(result)
                    .put("generation", live.path("metadata").path("generation").asLong() + 1);
        }
        return result;
    }

    private static boolean generationMoves(KindInfo kind, ObjectNode live, ObjectNode next) {
        if (!kind.isBuiltIn()) {
            return !content(live).equals(content(next));
        }
        boolean moved = !live.path("spec").equals(next.path("spec"));
        return kind.type().kind().equals("Deployment")
                ? moved || !annotations(live).equals(annotations(next))
                : moved;
    }

    private static JsonNode annotations(ObjectNode object) {
        return object.path("metadata").path("annotations");
    }

    private static ObjectNode content(ObjectNode object) {
        return object.deepCopy().remove(Set.of("metadata", "status"));
    }

    /** Deletion that has to wait is a change of its own. */
    static void markDeleted(KindInfo kind, ObjectNode object, String time) {
        ObjectNode metadata = Json.metadata(object).put("deletionTimestamp", time);
        if (kind.type().kind().equals("Namespace")) {
            Json.child(object, "status").put("phase", "Terminating");
            return;
        }
        metadata.put("deletionGracePeriodSeconds", 0);
        if (hasGeneration(kind)) {
            metadata.put("generation", metadata.path("generation").asLong() + 1);
        }
    }

    private static void copy(JsonNode from, ObjectNode to, String name) {
        JsonNode value = from.get(name);
        if (value == null) {
            to.remove(name);
        } else {
            to.set(name, value.deepCopy());
        }
    }
}
