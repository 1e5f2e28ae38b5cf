package io.opencrane.core.port;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Resource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The six custom resources in a cluster (DECISIONS 2, 14). Writes are merge patches of what changed with the {@code resourceVersion}
 * that was read, so fields of a newer platform stay. Blocking, thread-safe, and every method may fail with {@code FORBIDDEN},
 * {@code UPSTREAM_ERROR} or {@code TIMEOUT}; only an answer of 404 counts as absent.
 */
public interface ResourceStore {
    /** The finalizer that holds a custom resource until its children are cleaned up (contract §3). */
    String FINALIZER = "opencrane.io/cleanup";

    /**
     * Reads one resource, never from a cache.
     *
     * @param type its model, for example {@code Tenant.class}
     * @param namespace its namespace; empty for a cluster-scoped kind
     * @param name its name
     * @param <R> its model
     * @return the resource, or empty if the server says there is none
     */
    <R extends Resource> Optional<R> find(Class<R> type, String namespace, String name);

    /**
     * Reads a list in chunks, in the byte order of {@code namespace/name}.
     *
     * @param type the model
     * @param namespace one namespace, or empty for all
     * @param limit how many at the most
     * @param continueToken the token of the chunk before, or null to start
     * @param <R> the model
     * @return one chunk
     * @throws OpenCraneException {@code EXPIRED} if the token is too old; start again
     */
    <R extends Resource> Chunk<R> page(Class<R> type, String namespace, int limit, @Nullable String continueToken);

    /**
     * Reads the resources of the same kind and name in the other namespaces of the scope. Costs nothing where there is no other
     * namespace.
     *
     * @param resource a namespaced resource
     * @param <R> its model
     * @return the others; empty if there is none
     */
    <R extends Resource> List<R> namesakes(R resource);

    /**
     * Stores a new resource.
     *
     * @param resource metadata (namespace, name, labels, annotations) and spec; its status is not stored
     * @param <R> the model
     * @return the resource as stored
     * @throws OpenCraneException {@code ALREADY_EXISTS} if the name is taken; {@code VALIDATION_ERROR} if the server refuses it;
     *     {@code NOT_FOUND} if the namespace does not exist
     */
    <R extends Resource> R create(R resource);

    /**
     * Changes spec, labels and annotations. Nothing is sent when both are the same.
     *
     * @param current as read; its {@code resourceVersion} guards the write
     * @param desired the same with changes
     * @param <R> the model
     * @return the resource as stored
     * @throws OpenCraneException {@code CONFLICT} if it changed since it was read; the not-found code of the kind if it is gone;
     *     {@code VALIDATION_ERROR} if the server refuses it
     */
    <R extends Resource> R patch(R current, R desired);

    /**
     * Changes the status, through the status subresource. Nothing is sent when both are the same.
     *
     * @param current as read; its {@code resourceVersion} guards the write
     * @param desired the same with another status
     * @param <R> the model
     * @return the resource as stored
     * @throws OpenCraneException as {@link #patch}
     */
    <R extends Resource> R patchStatus(R current, R desired);

    /**
     * Adds {@value #FINALIZER}. Nothing is sent when it is there.
     *
     * @param current as read; its {@code resourceVersion} guards the write
     * @param <R> the model
     * @return the resource as stored
     * @throws OpenCraneException as {@link #patch}
     */
    <R extends Resource> R addFinalizer(R current);

    /**
     * Removes {@value #FINALIZER}; a resource that waited only for it is gone afterwards. Nothing is sent when it is not there, and a
     * resource that is already gone is a success.
     *
     * @param current as read; its {@code resourceVersion} guards the write
     * @throws OpenCraneException {@code CONFLICT} if it changed since it was read
     */
    void removeFinalizer(Resource current);

    /**
     * Asks for deletion of exactly this resource (its uid guards the call). One that is already gone is a success.
     *
     * @param current as read
     * @throws OpenCraneException {@code CONFLICT} if another resource has the name by now
     */
    void delete(Resource current);

    /**
     * A part of a list.
     *
     * @param items what was read
     * @param continueToken reads on; null at the end
     * @param <R> the model
     */
    record Chunk<R>(List<R> items, @Nullable String continueToken) {
        /** Copies the items. */
        public Chunk {
            items = List.copyOf(items);
        }
    }
}
