package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.Chunk;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs pods without nodes: what a kubelet reports about them, a test makes happen by {@link #runOnce}. On a cluster in memory it also does
 * what the deployment and volume controllers do. No thread; thread-safe as long as one test steps it.
 */
public final class FakeKubelet {
    private final ObjectStore objects;
    private final @Nullable FakeControllers controllers;
    private volatile Predicate<ObjectRef> held = pod -> false;
    private volatile Predicate<ObjectRef> failing = pod -> false;

    private FakeKubelet(ObjectStore objects, @Nullable FakeControllers controllers) {
        this.objects = Objects.requireNonNull(objects, "objects");
        this.controllers = controllers;
    }

    /**
     * For a cluster in memory, and for an API server without a controller-manager: makes the pods of Deployments, counts them in the
     * Deployment's status, and binds claims.
     *
     * @param objects the cluster's objects
     * @return the kubelet
     */
    public static FakeKubelet withControllers(ObjectStore objects) {
        return new FakeKubelet(objects, new FakeControllers(objects));
    }

    /**
     * For a real control plane without nodes: the controller-manager makes the pods and counts them, this makes them run.
     *
     * @param objects the cluster's objects
     * @return the kubelet
     */
    public static FakeKubelet besideControllers(ObjectStore objects) {
        return new FakeKubelet(objects, null);
    }

    /**
     * From now on no pod starts; those that run go on.
     *
     * @return this
     */
    public FakeKubelet holdPods() {
        return holdPods(pod -> true);
    }

    /**
     * From now on these pods do not start; those that run go on.
     *
     * @param which which pods
     * @return this
     */
    public FakeKubelet holdPods(Predicate<ObjectRef> which) {
        held = Objects.requireNonNull(which, "which");
        return this;
    }

    /**
     * From now on these pods crash as they start, and those of them that run become unready.
     *
     * @param which which pods
     * @return this
     */
    public FakeKubelet failPods(Predicate<ObjectRef> which) {
        failing = Objects.requireNonNull(which, "which");
        return this;
    }

    /**
     * From now on every pod starts and runs.
     *
     * @return this
     */
    public FakeKubelet runPods() {
        held = pod -> false;
        failing = pod -> false;
        return this;
    }

    /**
     * One step of everything: pods of Deployments made and removed, pods started, Deployments counted, claims bound. A Recreate or a first
     * start is finished after one step, a RollingUpdate after two.
     *
     * @return how many pods changed their state
     */
    public int runOnce() {
        if (controllers != null) {
            controllers.makePods();
        }
        int changed = 0;
        for (ObjectNode pod : all(objects, ObjectType.POD)) {
            changed += runPod(pod) ? 1 : 0;
        }
        if (controllers != null) {
            controllers.countPods();
            controllers.bindClaims();
        }
        return changed;
    }

    private boolean runPod(ObjectNode pod) {
        ObjectRef ref = ObjectTable.refOf(ObjectType.POD, pod);
        boolean fails = failing.test(ref);
        boolean started = !Json.text(pod, "status", "phase").equals("Pending");
        if (Collector.isDeleting(pod) || (!started && !fails && held.test(ref)) || isReady(pod) == !fails && started) {
            return false;
        }
        String time = Json.text(pod, "metadata", "creationTimestamp");
        ObjectNode patch = Json.object();
        ObjectNode status = patch.putObject("status").put("phase", "Running").put("startTime", time);
        ArrayNode conditions = status.putArray("conditions");
        for (String condition : List.of("Initialized", "Ready", "ContainersReady", "PodScheduled")) {
            boolean holds = !fails || condition.equals("Initialized") || condition.equals("PodScheduled");
            conditions
                    .addObject()
                    .put("type", condition)
                    .put("status", holds ? "True" : "False")
                    .put("lastTransitionTime", time);
        }
        ArrayNode containers = status.putArray("containerStatuses");
        for (JsonNode container : pod.path("spec").path("containers")) {
            containers.add(containerStatus(container, fails, time));
        }
        try {
            objects.patch(ref, Target.STATUS, PatchType.MERGE, patch.toString());
            return true;
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            return false; // a controller removed it since it was listed
        }
    }

    private static ObjectNode containerStatus(JsonNode container, boolean fails, String time) {
        ObjectNode status = Json.object()
                .put("name", Json.text(container, "name"))
                .put("image", Json.text(container, "image"))
                .put("imageID", "")
                .put("ready", !fails)
                .put("restartCount", fails ? 1 : 0);
        ObjectNode state = status.putObject("state");
        if (fails) {
            state.putObject("waiting").put("reason", "CrashLoopBackOff");
        } else {
            state.putObject("running").put("startedAt", time);
        }
        return status;
    }

    static boolean isReady(JsonNode pod) {
        return pod.path("status")
                .path("conditions")
                .valueStream()
                .anyMatch(condition -> Json.text(condition, "type").equals("Ready")
                        && Json.text(condition, "status").equals("True"));
    }

    static List<ObjectNode> all(ObjectStore objects, ObjectType type) {
        List<ObjectNode> all = new ArrayList<>();
        @Nullable String next = null;
        do {
            Chunk chunk = objects.list(type, "", Filter.all(), 500, next);
            chunk.items().forEach(item -> all.add(Json.treeOf(item)));
            next = chunk.continueToken();
        } while (next != null);
        return all;
    }
}
