package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import java.util.List;

/** What the deployment controller and the volume controller do, without the ReplicaSets in between: pods belong to the Deployment. */
final class FakeControllers {
    private static final String HASH = "pod-template-hash";

    private final ObjectStore objects;

    FakeControllers(ObjectStore objects) {
        this.objects = objects;
    }

    void makePods() {
        List<ObjectNode> pods = FakeKubelet.all(objects, ObjectType.POD);
        for (ObjectNode deployment : FakeKubelet.all(objects, ObjectType.DEPLOYMENT)) {
            if (!Collector.isDeleting(deployment)) {
                roll(deployment, ownedBy(deployment, pods));
            }
        }
    }

    private void roll(ObjectNode deployment, List<ObjectNode> pods) {
        int wanted = deployment.path("spec").path("replicas").asInt();
        List<ObjectNode> current =
                pods.stream().filter(pod -> isCurrent(deployment, pod)).toList();
        List<ObjectNode> old =
                pods.stream().filter(pod -> !isCurrent(deployment, pod)).toList();
        boolean recreates = Json.text(deployment, "spec", "strategy", "type").equals("Recreate");
        boolean replaced = current.stream().filter(FakeKubelet::isReady).count() >= wanted;
        if (recreates || replaced) {
            old.forEach(this::delete);
        }
        current.stream().skip(wanted).forEach(this::delete);
        // Recreate waits until the old pods are really gone; a finalizer may hold one.
        if (recreates && !old.isEmpty() && old.stream().anyMatch(this::isThere)) {
            return;
        }
        for (int i = current.size(); i < wanted; i++) {
            create(deployment, i);
        }
    }

    private void create(ObjectNode deployment, int index) {
        ObjectNode template =
                (ObjectNode) deployment.path("spec").path("template").deepCopy();
        ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
        String hash = hashOf(deployment);
        String name = Json.text(deployment, "metadata", "name") + "-" + hash + (index == 0 ? "" : "-" + (index + 1));
        ObjectNode metadata = pod.putObject("metadata")
                .put("namespace", Json.text(deployment, "metadata", "namespace"))
                .put("name", name);
        metadata.set("labels", Json.child(template, "metadata", "labels").put(HASH, hash));
        metadata.set("annotations", Json.child(template, "metadata", "annotations"));
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", "Deployment")
                .put("name", Json.text(deployment, "metadata", "name"))
                .put("uid", Json.text(deployment, "metadata", "uid"))
                .put("controller", true);
        pod.set("spec", Json.child(template, "spec"));
        try {
            objects.create(Json.objectOf(pod));
        } catch (OpenCraneException e) {
            // As the real controller: the Deployment stays unavailable, and the next step tries again.
            return;
        }
    }

    /** Tells every Deployment how many of its pods there are. */
    void countPods() {
        List<ObjectNode> pods = FakeKubelet.all(objects, ObjectType.POD);
        for (ObjectNode deployment : FakeKubelet.all(objects, ObjectType.DEPLOYMENT)) {
            count(deployment, ownedBy(deployment, pods));
        }
    }

    private void count(ObjectNode deployment, List<ObjectNode> pods) {
        int wanted = deployment.path("spec").path("replicas").asInt();
        int ready = (int) pods.stream().filter(FakeKubelet::isReady).count();
        int updated =
                (int) pods.stream().filter(pod -> isCurrent(deployment, pod)).count();
        ObjectNode patch = Json.object();
        ObjectNode status = patch.putObject("status")
                .put(
                        "observedGeneration",
                        deployment.path("metadata").path("generation").asLong());
        number(status, "replicas", pods.size());
        number(status, "updatedReplicas", updated);
        number(status, "readyReplicas", ready);
        number(status, "availableReplicas", ready);
        number(status, "unavailableReplicas", Math.max(0, wanted - ready));
        String since = Json.text(deployment, "metadata", "creationTimestamp");
        boolean available = ready >= wanted;
        status.putArray("conditions")
                .add(condition(
                        "Available",
                        available,
                        available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                        since))
                .add(condition(
                        "Progressing",
                        true,
                        available && updated >= wanted ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                        since));
        objects.patch(
                ObjectTable.refOf(ObjectType.DEPLOYMENT, deployment), Target.STATUS, PatchType.MERGE, patch.toString());
    }

    private static void number(ObjectNode status, String name, int count) {
        if (count == 0) {
            status.putNull(name);
        } else {
            status.put(name, count);
        }
    }

    private static ObjectNode condition(String type, boolean holds, String reason, String since) {
        return Json.object()
                .put("type", type)
                .put("status", holds ? "True" : "False")
                .put("reason", reason)
                .put("message", reason)
                .put("lastUpdateTime", since)
                .put("lastTransitionTime", since);
    }

    /** Binds what waits for a volume. */
    void bindClaims() {
        for (ObjectNode claim : FakeKubelet.all(objects, ObjectType.PERSISTENT_VOLUME_CLAIM)) {
            if (Json.text(claim, "status", "phase").equals("Pending") && !Collector.isDeleting(claim)) {
                ObjectNode patch = Json.object();
                ObjectNode status = patch.putObject("status").put("phase", "Bound");
                status.set("accessModes", claim.path("spec").path("accessModes"));
                status.set("capacity", claim.path("spec").path("resources").path("requests"));
                objects.patch(
                        ObjectTable.refOf(ObjectType.PERSISTENT_VOLUME_CLAIM, claim),
                        Target.STATUS,
                        PatchType.MERGE,
                        patch.toString());
            }
        }
    }

    private static List<ObjectNode> ownedBy(ObjectNode deployment, List<ObjectNode> pods) {
        String uid = Json.text(deployment, "metadata", "uid");
        return pods.stream()
                .filter(pod -> pod.path("metadata")
                        .path("ownerReferences")
                        .valueStream()
                        .anyMatch(owner -> Json.text(owner, "uid").equals(uid)))
                .toList();
    }

    private static boolean isCurrent(ObjectNode deployment, JsonNode pod) {
        return Json.text(pod, "metadata", "labels", HASH).equals(hashOf(deployment));
    }

    private static String hashOf(ObjectNode deployment) {
        return String.format(
                "%08x", deployment.path("spec").path("template").toString().hashCode());
    }

    private boolean isThere(ObjectNode pod) {
        return objects.get(ref(pod)).isPresent();
    }

    private void delete(ObjectNode pod) {
        objects.delete(ref(pod), Json.text(pod, "metadata", "uid"));
    }

    private static ObjectRef ref(ObjectNode pod) {
        return ObjectTable.refOf(ObjectType.POD, pod);
    }
}
