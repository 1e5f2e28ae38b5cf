package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The controllers that end things, at once instead of soon: finished finalizers, claims no pod uses, children of deleted owners, the
 * contents of a namespace on its way out. Guarded by the store's lock.
 */
final class Collector {
    static final String CLAIM_FINALIZER = "kubernetes.io/pvc-protection";

    private final ObjectTable table;
    private final Kinds kinds;

    Collector(ObjectTable table, Kinds kinds) {
        this.table = table;
        this.kinds = kinds;
    }

    /** Asks for deletion of a stored object, and does what follows from it. */
    void delete(ObjectRef ref, ObjectNode object) {
        Set<String> gone = new HashSet<>();
        start(ref, object, gone);
        settle(gone);
    }

    /** Does what follows from a change to an object that is being deleted. */
    void settle() {
        settle(new HashSet<>());
    }

    private void start(ObjectRef ref, ObjectNode object, Set<String> gone) {
        boolean waits = ref.type().equals(ObjectType.NAMESPACE)
                || !object.path("metadata").path("finalizers").isEmpty();
        if (!waits) {
            table.remove(ref);
            gone.add(Json.text(object, "metadata", "uid"));
        } else if (!isDeleting(object)) {
            ObjectNode marked = object.deepCopy();
            KindRules.markDeleted(kinds.of(ref.type()), marked, table.time());
            table.put(ref, marked);
        }
    }

    private void settle(Set<String> gone) {
        boolean moved = table.hasCollectable();
        while (moved) {
            moved = false;
            for (Map.Entry<ObjectRef, ObjectNode> entry : table.everything().entrySet()) {
                moved |= step(entry.getKey(), entry.getValue(), gone);
            }
        }
    }

    private boolean step(ObjectRef ref, ObjectNode object, Set<String> gone) {
        boolean deleting = isDeleting(object);
        if (ref.type().equals(ObjectType.NAMESPACE)) {
            boolean ended = deleting && contents(ref.name()).isEmpty();
            if (ended) {
                table.remove(ref);
                gone.add(Json.text(object, "metadata", "uid"));
            }
            return ended;
        }
        if (deleting && object.path("metadata").path("finalizers").isEmpty()) {
            table.remove(ref);
            return gone.add(Json.text(object, "metadata", "uid"));
        }
        if (deleting && ref.type().equals(ObjectType.PERSISTENT_VOLUME_CLAIM) && !isMounted(ref)) {
            return dropClaimFinalizer(ref, object);
        }
        if (!deleting && (isOrphaned(object, gone) || isEvicted(ref))) {
            start(ref, object, gone);
            return true;
        }
        return false;
    }

    private boolean isEvicted(ObjectRef ref) {
        if (ref.namespace().isEmpty()) {
            return false;
        }
        ObjectNode namespace = table.find(ObjectType.NAMESPACE.named("", ref.namespace()));
        return namespace != null && isDeleting(namespace);
    }

    private static boolean isOrphaned(ObjectNode object, Set<String> gone) {
        JsonNode owners = object.path("metadata").path("ownerReferences");
        return !owners.isEmpty() && owners.valueStream().allMatch(owner -> gone.contains(Json.text(owner, "uid")));
    }

    private Set<ObjectRef> contents(String namespace) {
        Set<ObjectRef> inside = new HashSet<>(table.everything().keySet());
        inside.removeIf(ref -> !ref.namespace().equals(namespace));
        return inside;
    }

    private boolean isMounted(ObjectRef claim) {
        return table.all(ObjectType.POD, claim.namespace()).stream()
                .flatMap(pod -> pod.path("spec").path("volumes").valueStream())
                .anyMatch(volume ->
                        Json.text(volume, "persistentVolumeClaim", "claimName").equals(claim.name()));
    }

    private boolean dropClaimFinalizer(ObjectRef ref, ObjectNode object) {
        ObjectNode next = object.deepCopy();
        ArrayNode finalizers = Json.metadata(next).withArrayProperty("finalizers");
        int before = finalizers.size();
        finalizers.removeIf(finalizer -> finalizer.asText().equals(CLAIM_FINALIZER));
        boolean dropped = finalizers.size() < before;
        if (dropped) {
            table.put(ref, next);
        }
        return dropped;
    }

    static boolean isDeleting(ObjectNode object) {
        return object.path("metadata").has("deletionTimestamp");
    }
}
