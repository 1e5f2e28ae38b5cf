package io.opencrane.k8s.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.apply.Applied.Action;
import io.opencrane.k8s.apply.Ownership.Claim;
import io.opencrane.k8s.object.FieldConflictException;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.Force;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import java.util.List;
import java.util.Optional;

/**
 * Brings children to what is desired, each on its own (DECISIONS 15–18). Reads are never filtered and never cached, because apply merges
 * silently into a foreign object. Thread-safe.
 */
public final class Applier {
    /** The field manager of everything we apply. */
    public static final String MANAGER = "opencrane";

    private static final int APPLIES = 3;
    private static final String REPLICAS = ".spec.replicas";

    private final ObjectStore objects;
    private final ObjectMapper json = new ObjectMapper();
    private final Adoption adoption = new Adoption(json);

    /**
     * Works on a cluster.
     *
     * @param objects its objects
     */
    public Applier(ObjectStore objects) {
        this.objects = objects;
    }

    /**
     * Makes an object be as desired, by server-side apply, and only if it is not.
     *
     * @param ref the object
     * @param desired the fields wanted, lists with their key fields written out
     * @param owner whose child it is
     * @return what was done
     * @throws OpenCraneException {@code NAME_TAKEN} if somebody else has the name, nothing was written; {@code CONFLICT} naming the other
     *     manager if it owns a field; {@code INTERNAL} if three applies have no effect
     */
    public Applied apply(ObjectRef ref, GenericKubernetesResource desired, Ownership owner) {
        return apply(ref, objects.get(ref), desired, owner);
    }

    /**
     * As {@link #apply(ObjectRef, GenericKubernetesResource, Ownership)}, for an object that was just read.
     *
     * @param ref the object
     * @param found the object as read, unfiltered and uncached; empty if the server said there is none
     * @param desired the fields wanted
     * @param owner whose child it is
     * @return what was done
     * @throws OpenCraneException as there
     */
    public Applied apply(
            ObjectRef ref,
            Optional<GenericKubernetesResource> found,
            GenericKubernetesResource desired,
            Ownership owner) {
        if (found.isEmpty()) {
            return new Applied(ref, Action.CREATED, List.of(), objects.apply(desired, MANAGER, Force.NO));
        }
        GenericKubernetesResource live = found.get();
        requireNotForeign(ref, live, owner);
        boolean adopted = !adoption.isOurs(live);
        if (adopted) {
            live = objects.patch(ref, Target.OBJECT, PatchType.JSON, adoption.patch(live, desired));
        }
        List<FieldChange> first = diff(desired, live);
        if (first.isEmpty()) {
            return new Applied(ref, adopted ? Action.ADOPTED : Action.UNCHANGED, first, live);
        }
        return new Applied(ref, adopted ? Action.ADOPTED : Action.UPDATED, first, converge(ref, desired, live));
    }

    /**
     * Makes sure that an object exists, by POST, and never changes one that does: encryption keys and volumes (invariant 4).
     *
     * @param ref the object
     * @param desired the object to create
     * @param owner whose child it is
     * @return what was done
     * @throws OpenCraneException {@code NAME_TAKEN} if somebody else has the name
     */
    public Applied createOnce(ObjectRef ref, GenericKubernetesResource desired, Ownership owner) {
        return createOnce(ref, objects.get(ref), desired, owner);
    }

    /**
     * As {@link #createOnce(ObjectRef, GenericKubernetesResource, Ownership)}, for an object that was just read.
     *
     * @param ref the object
     * @param read the object as read, unfiltered and uncached; empty if the server said there is none
     * @param desired the object to create
     * @param owner whose child it is
     * @return what was done
     * @throws OpenCraneException as there
     */
    public Applied createOnce(
            ObjectRef ref,
            Optional<GenericKubernetesResource> read,
            GenericKubernetesResource desired,
            Ownership owner) {
        Optional<GenericKubernetesResource> found = read;
        if (found.isEmpty()) {
            try {
                return new Applied(ref, Action.CREATED, List.of(), objects.create(desired));
            } catch (OpenCraneException e) {
                if (e.code() != ErrorCode.ALREADY_EXISTS) {
                    throw e;
                }
                found = objects.get(ref);
            }
        }
        GenericKubernetesResource live = found.orElseThrow(() -> new OpenCraneException(
                ErrorCode.CONFLICT,
                ref.toString(),
                "It was taken and gone within one call; try again.",
                OpenCraneException.Retry.MAY_HELP,
                null));
        requireNotForeign(ref, live, owner);
        return new Applied(ref, Action.UNCHANGED, List.of(), live);
    }

    /**
     * Deletes an object if it is there and the tenant's.
     *
     * @param ref the object
     * @param owner whose child it must be
     * @return whether it was deleted; somebody else's object is left alone
     */
    public boolean deleteOwn(ObjectRef ref, Ownership owner) {
        Optional<GenericKubernetesResource> live = objects.get(ref);
        return live.isPresent()
                && owner.of(live.get()) != Claim.FOREIGN
                && live.get().getMetadata().getDeletionTimestamp() == null
                && objects.delete(ref, live.get().getMetadata().getUid());
    }

    /**
     * Refuses an object that is not the tenant's.
     *
     * @param ref the object
     * @param live the object as read
     * @param owner whose child it must be
     * @throws OpenCraneException {@code NAME_TAKEN} naming both
     */
    public static void requireNotForeign(ObjectRef ref, GenericKubernetesResource live, Ownership owner) {
        if (owner.of(live) == Claim.FOREIGN) {
            throw new OpenCraneException(
                    ErrorCode.NAME_TAKEN,
                    ref.toString(),
                    "Tenant " + owner.tenant() + " needs this name, and it belongs to " + Ownership.ownerOf(live)
                            + "; rename one of the two.");
        }
    }

    private GenericKubernetesResource converge(
            ObjectRef ref, GenericKubernetesResource desired, GenericKubernetesResource start) {
        GenericKubernetesResource live = start;
        for (int i = 0; i < APPLIES; i++) {
            live = applyOnce(desired);
            if (diff(desired, live).isEmpty()) {
                return live;
            }
        }
        throw new OpenCraneException(
                ErrorCode.INTERNAL,
                ref.toString(),
                "NotConverging: three applies had no effect on " + diff(desired, live) + "; something rewrites them.");
    }

    private GenericKubernetesResource applyOnce(GenericKubernetesResource desired) {
        try {
            return objects.apply(desired, MANAGER, Force.NO);
        } catch (FieldConflictException e) {
            if (!e.fields().contains(REPLICAS)) {
                throw e;
            }
            return takeReplicas(desired);
        }
    }

    /**
     * Replicas are ours alone (DECISIONS 17). Everything else is applied unforced first, because the server may name only one of several
     * conflicts; what is left to force is then replicas and nothing else, and the version makes sure that it stays so.
     */
    private GenericKubernetesResource takeReplicas(GenericKubernetesResource desired) {
        ObjectNode others = json.valueToTree(desired);
        ((ObjectNode) others.path("spec")).remove("replicas");
        GenericKubernetesResource rest =
                objects.apply(json.convertValue(others, GenericKubernetesResource.class), MANAGER, Force.NO);
        ObjectNode guarded = json.valueToTree(desired);
        ((ObjectNode) guarded.path("metadata"))
                .put("resourceVersion", rest.getMetadata().getResourceVersion());
        return objects.apply(json.convertValue(guarded, GenericKubernetesResource.class), MANAGER, Force.YES);
    }

    private List<FieldChange> diff(GenericKubernetesResource desired, GenericKubernetesResource live) {
        JsonNode owned = adoption.ownedFields(live);
        return FieldDiff.between(json, json.valueToTree(desired), json.valueToTree(live), owned);
    }
}
