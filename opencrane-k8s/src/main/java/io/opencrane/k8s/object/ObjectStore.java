package io.opencrane.k8s.object;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.OpenCraneException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Any object of a cluster, with exactly the operations that reconcilers need (DECISIONS 2). Objects handed in and out are copies.
 * Blocking, thread-safe.
 *
 * <p>Only an answer of 404 counts as absent. Every method may fail with {@code FORBIDDEN}, {@code UNAUTHORIZED}, {@code UPSTREAM_ERROR}
 * or {@code TIMEOUT}; a write into a namespace that is on its way out fails with {@code BEING_DELETED} (DECISIONS 20), one into a
 * namespace that does not exist with {@code NOT_FOUND}, one that the server refuses with {@code VALIDATION_ERROR}, any call for a type
 * that the server does not serve with {@code DEPENDENCY_NOT_CONFIGURED}, all naming the object.
 */
public interface ObjectStore {
    /**
     * Reads one object, never from a cache.
     *
     * @param ref the object
     * @return the object, or empty if the server says there is none
     */
    Optional<GenericKubernetesResource> get(ObjectRef ref);

    /**
     * Reads a list in chunks, in the byte order of {@code namespace/name}.
     *
     * @param type the type
     * @param namespace one namespace, or empty for all
     * @param filter which objects
     * @param limit how many at the most
     * @param continueToken the token of the chunk before, or null to start
     * @return one chunk
     * @throws OpenCraneException {@code EXPIRED} if the token is too old; start again
     */
    Chunk list(ObjectType type, String namespace, Filter filter, int limit, @Nullable String continueToken);

    /**
     * Stores a new object by POST.
     *
     * @param object the object
     * @return the object as stored
     * @throws OpenCraneException {@code ALREADY_EXISTS} if the name is taken, also when it was taken by an earlier attempt of this call
     *     whose answer was lost (invariant 10): read it and decide
     */
    GenericKubernetesResource create(GenericKubernetesResource object);

    /**
     * Server-side apply.
     *
     * @param object the fields wanted, without managedFields
     * @param manager the field manager
     * @param force whether to take fields that others own
     * @return the object as stored
     * @throws OpenCraneException {@code CONFLICT} naming the other manager and the fields if somebody else owns a field and force is
     *     {@link Force#NO}, or if a resourceVersion is given and stale
     */
    GenericKubernetesResource apply(GenericKubernetesResource object, String manager, Force force);

    /**
     * Patches an object or its status.
     *
     * @param ref the object
     * @param target the object or its status subresource
     * @param type how the body is meant
     * @param body the patch as JSON; a merge patch may carry {@code metadata.resourceVersion}, a JSON patch a {@code test}
     * @return the object as stored
     * @throws OpenCraneException {@code CONFLICT} if the version is stale or a {@code test} failed; {@code NOT_FOUND} if it is gone
     */
    GenericKubernetesResource patch(ObjectRef ref, Target target, PatchType type, String body);

    /**
     * Asks for deletion, in the background, of exactly the object with this uid.
     *
     * @param ref the object
     * @param uid its uid
     * @return whether it was there
     * @throws OpenCraneException {@code CONFLICT} if another object has the name by now
     */
    boolean delete(ObjectRef ref, String uid);

    /** Whether apply takes fields that other managers own. */
    enum Force {
        /** A field of another manager is a conflict. */
        NO,
        /** Fields of other managers are taken. */
        YES
    }

    /** What a patch is for. */
    enum Target {
        /** The object; a status in the body is ignored by the server. */
        OBJECT,
        /** The status subresource; everything else in the body is ignored by the server. */
        STATUS
    }

    /** How a patch's body is meant. */
    enum PatchType {
        /** JSON merge patch, RFC 7396. */
        MERGE,
        /** JSON patch, RFC 6902. */
        JSON
    }

    /**
     * A part of a list.
     *
     * @param items what was read
     * @param continueToken reads on; null at the end
     */
    record Chunk(
            List<GenericKubernetesResource> items, @Nullable String continueToken) {
        /** Copies the items. */
        public Chunk {
            items = List.copyOf(items);
        }
    }
}
