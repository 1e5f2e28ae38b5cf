package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The admission plugins that tenancy meets when an object is created: namespace lifecycle, LimitRange, accounts, claim protection. */
final class Admission {
    private final ObjectTable table;
    private int addresses;

    Admission(ObjectTable table) {
        this.table = table;
    }

    /** The namespace must exist, and take new objects. */
    void requireNamespace(ObjectRef ref) {
        if (ref.namespace().isEmpty()) {
            return;
        }
        ObjectNode namespace = table.find(ObjectType.NAMESPACE.named("", ref.namespace()));
        if (namespace == null) {
            throw new OpenCraneException(
                    ErrorCode.NOT_FOUND, ref.toString(), "Namespace " + ref.namespace() + " does not exist.");
        }
        if (Collector.isDeleting(namespace)) {
            throw new OpenCraneException(
                    ErrorCode.BEING_DELETED, ref.toString(), "The namespace is being deleted.", Retry.MAY_HELP, null);
        }
    }

    void admit(ObjectRef ref, ObjectNode object) {
        if (ref.type().equals(ObjectType.POD)) {
            requireAccount(ref, Json.text(object, "spec", "serviceAccountName"));
            limitRanges(ref, object);
        } else if (ref.type().equals(ObjectType.PERSISTENT_VOLUME_CLAIM)) {
            Json.metadata(object).withArrayProperty("finalizers").add(Collector.CLAIM_FINALIZER);
        } else if (ref.type().equals(ObjectType.SERVICE)
                && !Json.text(object, "spec", "type").equals("ExternalName")
                && !object.path("spec").has("clusterIP")) {
            addresses++;
            String address = "10.0." + addresses / 250 + "." + (addresses % 250 + 1);
            Json.child(object, "spec")
                    .put("clusterIP", address)
                    .putArray("clusterIPs")
                    .add(address);
        }
    }

    private void requireAccount(ObjectRef ref, String account) {
        if (!account.isEmpty()
                && !account.equals("default")
                && table.find(ObjectType.SERVICE_ACCOUNT.named(ref.namespace(), account)) == null) {
            throw new OpenCraneException(
                    ErrorCode.FORBIDDEN, ref.toString(), "The service account " + account + " does not exist.");
        }
    }

    private void limitRanges(ObjectRef ref, ObjectNode pod) {
        for (ObjectNode range : table.all(ObjectType.LIMIT_RANGE, ref.namespace())) {
            for (JsonNode limit : range.path("spec").path("limits")) {
                if (Json.text(limit, "type").equals("Container")) {
                    for (String list : List.of("initContainers", "containers")) {
                        Json.objects(pod.path("spec").path(list)).forEach(container -> {
                            fill(container, "limits", limit.get("default"));
                            fill(container, "requests", limit.get("defaultRequest"));
                        });
                    }
                }
            }
        }
    }

    private static void fill(ObjectNode container, String kind, @Nullable JsonNode presets) {
        if (presets != null) {
            ObjectNode there = Json.child(container, "resources", kind);
            presets.properties().forEach(preset -> {
                if (!there.has(preset.getKey())) {
                    there.set(preset.getKey(), preset.getValue());
                }
            });
        }
    }
}
