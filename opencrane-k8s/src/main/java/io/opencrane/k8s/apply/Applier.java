package io.opencrane.k8s.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.apply.ChildChange.Action;
import io.opencrane.k8s.apply.Ownership.Claim;
import io.opencrane.k8s.apply.Ownership.Sharing;
import io.opencrane.k8s.object.FieldConflictException;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.Force;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Brings children to what is desired, each on its own (DECISIONS 15–18), in two halves: what is to be done, which is pure, and doing it.
 * Remembers what it applied within the last minutes, to notice that somebody undoes it. Thread-safe.
 */
public final class Applier {
    /** The field manager of everything we apply. */
    public static final String MANAGER = "opencrane";

    private static final int APPLIES = 3;
    private static final String REPLICAS = "spec.replicas";

    private final ObjectStore objects;
    private final ConvergenceGuard guard;
    private final String cluster;
    private final ObjectMapper json = new ObjectMapper();
    private final Adoption adoption = new Adoption(json);

    /**
     * Works on a cluster.
     *
     * @param objects its objects
     * @param clock tells how long ago something was applied
     */
    public Applier(ObjectStore objects, InstantSource clock) {
        this(objects, new ConvergenceGuard(clock), "");
    }

    private Applier(ObjectStore objects, ConvergenceGuard guard, String cluster) {
        this.objects = objects;
        this.guard = guard;
        this.cluster = cluster;
    }

    /**
     * The same memory over other reads and writes of the same cluster.
     *
     * @param others the objects
     * @return an applier
     */
    public Applier over(ObjectStore others) {
        return new Applier(others, guard, cluster);
    }

    /**
     * The same memory, which tells clusters apart, over another cluster.
     *
     * @param name what tells the other cluster from all others; empty for the one it was made with
     * @param others its objects
     * @return an applier
     */
    public Applier over(String name, ObjectStore others) {
        return new Applier(others, guard, name);
    }

    /**
     * What must be done so that an object is as desired.
     *
     * @param ref the object
     * @param found the object as read, unfiltered; empty if there is none
     * @param desired the fields wanted, lists with their key fields written out
     * @param owner whose child it is
     * @return the change
     * @throws OpenCraneException {@code NAME_TAKEN} naming both if somebody else has the name
     */
    public PlannedChange plan(
            ObjectRef ref, Optional<GenericKubernetesResource> found, GenericKubernetesResource desired, Owner owner) {
        if (found.isEmpty()) {
            return new PlannedChange(ChildChange.of(ref, Action.CREATE), desired, null, owner, false);
        }
        GenericKubernetesResource live = found.get();
        requireNotForeign(ref, live, owner);
        JsonNode tree = json.valueToTree(live);
        if (!adoption.isOurs(tree)) {
            List<FieldChange> fields = diff(desired, adoption.adopted(live, desired));
            return new PlannedChange(new ChildChange(ref, Action.ADOPT, fields), desired, live, owner, false);
        }
        List<FieldChange> fields = diff(desired, tree);
        Action action = fields.isEmpty() ? Action.UNCHANGED : Action.UPDATE;
        return new PlannedChange(new ChildChange(ref, action, fields), desired, live, owner, false);
    }

    /**
     * What must be done so that an object is as desired and nothing besides is in it: network policies, which one key more in a
     * selector takes off the pods they are for.
     *
     * @param ref the object
     * @param found the object as read, unfiltered; empty if there is none
     * @param desired all that is wanted in it, metadata and status aside
     * @param owner whose child it is
     * @return the change
     * @throws OpenCraneException {@code NAME_TAKEN} naming both if somebody else has the name
     */
    public PlannedChange planWhole(
            ObjectRef ref, Optional<GenericKubernetesResource> found, GenericKubernetesResource desired, Owner owner) {
        PlannedChange planned = plan(ref, found, desired, owner);
        ChildChange change = planned.change();
        if (found.isEmpty()) {
            return planned;
        }
        List<FieldChange> surplus = Surplus.of(json.valueToTree(desired), json.valueToTree(found.get()));
        Action action = change.action() == Action.UNCHANGED && !surplus.isEmpty() ? Action.UPDATE : change.action();
        List<FieldChange> fields =
                Stream.concat(change.fields().stream(), surplus.stream()).toList();
        return planned.whole(new ChildChange(ref, action, fields));
    }

    /**
     * What must be done so that an object exists, which is never changed once it does: encryption keys and volumes (invariant 4).
     *
     * @param ref the object
     * @param found the object as read, or empty if there is none or nobody looked: creating finds out
     * @param desired the object to create
     * @param owner whose child it is
     * @return the change
     * @throws OpenCraneException {@code NAME_TAKEN} naming both if somebody else has the name
     */
    public PlannedChange planOnce(
            ObjectRef ref, Optional<GenericKubernetesResource> found, GenericKubernetesResource desired, Owner owner) {
        found.ifPresent(live -> requireNotForeign(ref, live, owner));
        Action action = found.isPresent() ? Action.UNCHANGED : Action.CREATE;
        return new PlannedChange(ChildChange.of(ref, action), desired, found.orElse(null), owner, true);
    }

    /**
     * What must be done so that an object of ours is gone; somebody else's is left alone.
     *
     * @param ref the object
     * @param found the object as read; empty if there is none
     * @param owner whose child it must be
     * @param sharing whether an object of the platform may be another tenant's; then it stays
     * @return the change, or empty if there is nothing of ours
     */
    public Optional<PlannedChange> planRemoval(
            ObjectRef ref, Optional<GenericKubernetesResource> found, Owner owner, Sharing sharing) {
        return found.filter(live ->
                        owner.of(live) == Claim.OURS || owner.of(live) == Claim.PLATFORM && sharing == Sharing.NONE)
                .filter(live -> live.getMetadata().getDeletionTimestamp() == null)
                .map(live -> new PlannedChange(ChildChange.of(ref, Action.PRUNE), null, live, owner, false));
    }

    /**
     * Does what was planned.
     *
     * @param planned the change
     * @return what was done; {@link Action#UNCHANGED} where somebody else was faster
     * @throws OpenCraneException {@code NAME_TAKEN} if somebody else took the name meanwhile; {@link FieldConflictException} naming the
     *     other manager if it owns a field; {@link NotConvergingException} if applies have no effect that lasts
     */
    public Applied execute(PlannedChange planned) {
        ChildChange change = planned.change();
        return switch (change.action()) {
            case UNCHANGED -> new Applied(change, planned.live());
            case CREATE ->
                planned.isOnce()
                        ? createOnce(planned)
                        : new Applied(change, objects.apply(planned.desired(), MANAGER, planned.force()));
            case UPDATE -> {
                if (!guard.admits(cluster, change.ref(), planned.desired())) {
                    throw new NotConvergingException(planned);
                }
                Applied applied = new Applied(change, converge(planned));
                guard.applied(cluster, change.ref(), planned.desired());
                yield applied;
            }
            case ADOPT -> {
                String patch = adoption.patch(planned.live(), planned.desired());
                GenericKubernetesResource live = adopt(change.ref(), patch);
                yield new Applied(change, isConverged(planned, live) ? live : converge(planned));
            }
            case PRUNE -> {
                objects.delete(change.ref(), planned.live().getMetadata().getUid());
                yield new Applied(change, planned.live());
            }
        };
    }

    /** One that was deleted since it was read is made anew by the next run. */
    private GenericKubernetesResource adopt(ObjectRef ref, String patch) {
        try {
            return objects.patch(ref, Target.OBJECT, PatchType.JSON, patch);
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            throw new OpenCraneException(
                    ErrorCode.CONFLICT, ref.toString(), "It is gone.", OpenCraneException.Retry.MAY_HELP, e);
        }
    }

    /**
     * Lets a change be tried again although it did not last before.
     *
     * @param ref the object
     */
    public void forget(ObjectRef ref) {
        guard.forget(cluster, ref);
    }

    private Applied createOnce(PlannedChange planned) {
        ObjectRef ref = planned.change().ref();
        try {
            return new Applied(planned.change(), objects.create(planned.desired()));
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.ALREADY_EXISTS) {
                throw e;
            }
        }
        GenericKubernetesResource live = objects.get(ref)
                .orElseThrow(() -> new OpenCraneException(
                        ErrorCode.CONFLICT,
                        ref.toString(),
                        "It was taken and gone within one call; try again.",
                        OpenCraneException.Retry.MAY_HELP,
                        null));
        requireNotForeign(ref, live, planned.owner());
        return new Applied(ChildChange.of(ref, Action.UNCHANGED), live);
    }

    /**
     * Refuses an object that is not the owner's.
     *
     * @param ref the object
     * @param live the object as read
     * @param owner whose child it must be
     * @throws OpenCraneException {@code NAME_TAKEN} naming both
     */
    public static void requireNotForeign(ObjectRef ref, GenericKubernetesResource live, Owner owner) {
        if (owner.of(live) == Claim.FOREIGN) {
            throw new OpenCraneException(
                    ErrorCode.NAME_TAKEN,
                    ref.toString(),
                    owner.title() + " needs this name, and it belongs to " + Ownership.ownerOf(live)
                            + "; rename one of the two.");
        }
    }

    private GenericKubernetesResource converge(PlannedChange planned) {
        GenericKubernetesResource desired = planned.desired();
        for (int i = 0; i < APPLIES; i++) {
            GenericKubernetesResource live = applyOnce(desired, planned.force());
            if (planned.isWhole()) {
                live = withoutSurplus(planned, live);
            }
            if (isConverged(planned, live)) {
                return live;
            }
        }
        throw new NotConvergingException(planned);
    }

    private boolean isConverged(PlannedChange planned, GenericKubernetesResource live) {
        JsonNode tree = json.valueToTree(live);
        return diff(planned.desired(), tree).isEmpty()
                && (!planned.isWhole()
                        || Surplus.of(json.valueToTree(planned.desired()), tree).isEmpty());
    }

    private GenericKubernetesResource withoutSurplus(PlannedChange planned, GenericKubernetesResource live) {
        JsonNode desired = json.valueToTree(planned.desired());
        JsonNode tree = json.valueToTree(live);
        if (Surplus.of(desired, tree).isEmpty()) {
            return live;
        }
        String patch = Surplus.removal(json, desired, tree).toString();
        return objects.patch(planned.change().ref(), Target.OBJECT, PatchType.MERGE, patch);
    }

    private GenericKubernetesResource applyOnce(GenericKubernetesResource desired, Force force) {
        try {
            return objects.apply(desired, MANAGER, force);
        } catch (FieldConflictException e) {
            if (!e.fields().contains("." + REPLICAS)) {
                throw e;
            }
            return takeReplicas(desired);
        }
    }

    /** The Deployment's controller counts pods meanwhile, and each count is another version. */
    private GenericKubernetesResource takeReplicas(GenericKubernetesResource desired) {
        for (int attempt = 1; ; attempt++) {
            try {
                return takeReplicasOf(desired);
            } catch (OpenCraneException e) {
                boolean isStale = e.code() == ErrorCode.CONFLICT && !(e instanceof FieldConflictException);
                if (!isStale || attempt == APPLIES) {
                    throw e;
                }
            }
        }
    }

    /**
     * Replicas are ours alone (DECISIONS 17). Everything else is applied unforced first, because the server may name only one of several
     * conflicts; what is left to force is then replicas and nothing else, and the version makes sure that it stays so.
     */
    private GenericKubernetesResource takeReplicasOf(GenericKubernetesResource desired) {
        ObjectNode others = json.valueToTree(desired);
        ((ObjectNode) others.path("spec")).remove("replicas");
        GenericKubernetesResource rest =
                objects.apply(json.convertValue(others, GenericKubernetesResource.class), MANAGER, Force.NO);
        ObjectNode guarded = json.valueToTree(desired);
        ((ObjectNode) guarded.path("metadata"))
                .put("resourceVersion", rest.getMetadata().getResourceVersion());
        return objects.apply(json.convertValue(guarded, GenericKubernetesResource.class), MANAGER, Force.YES);
    }

    private List<FieldChange> diff(GenericKubernetesResource desired, JsonNode live) {
        JsonNode owned = adoption.ownedFields(live);
        Map<String, JsonNode> others = adoption.othersFields(live);
        return FieldDiff.between(json, json.valueToTree(desired), live, owned, others).stream()
                .map(change -> change.path().equals(REPLICAS) ? change.withoutOwner() : change)
                .toList();
    }
}
