package io.opencrane.k8s.object;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a reconciler looks at objects: by a request each time, or in caches that informers fill, so that an unchanged tenant costs no
 * request (invariant 5). Objects handed out must not be changed. Thread-safe.
 *
 * <p>An answer may be as old as an informer's. An absence must not be a filter's: an implementation that watches only some objects of a
 * type asks the server before it says that one is absent (DECISIONS 15). Methods fail as those of {@link ObjectStore}.
 */
public interface ObjectReader {
    /**
     * Reads one object.
     *
     * @param ref the object
     * @return the object, or empty if there is none
     */
    Optional<GenericKubernetesResource> get(ObjectRef ref);

    /**
     * Reads a whole list.
     *
     * @param type the type
     * @param namespace one namespace, or empty for all
     * @param filter which objects
     * @return the objects, in no particular order
     */
    List<GenericKubernetesResource> list(ObjectType type, String namespace, Filter filter);

    /**
     * Is told of every object that the reconciler wrote, so that it never again answers with an older one.
     *
     * @param object the object as the server returned it
     */
    default void wrote(GenericKubernetesResource object) {}

    /**
     * Reads by requests.
     *
     * @param objects the cluster's objects
     * @return a reader that is never behind
     */
    static ObjectReader of(ObjectStore objects) {
        return new ObjectReader() {
            private static final int CHUNK = 500;
            private static final int ATTEMPTS = 3;

            @Override
            public Optional<GenericKubernetesResource> get(ObjectRef ref) {
                return objects.get(ref);
            }

            @Override
            public List<GenericKubernetesResource> list(ObjectType type, String namespace, Filter filter) {
                for (int attempt = 1; ; attempt++) {
                    try {
                        return listOnce(type, namespace, filter);
                    } catch (OpenCraneException e) {
                        if (e.code() != ErrorCode.EXPIRED || attempt == ATTEMPTS) {
                            throw e;
                        }
                    }
                }
            }

            private List<GenericKubernetesResource> listOnce(ObjectType type, String namespace, Filter filter) {
                List<GenericKubernetesResource> all = new ArrayList<>();
                String next = null;
                do {
                    ObjectStore.Chunk chunk = objects.list(type, namespace, filter, CHUNK, next);
                    all.addAll(chunk.items());
                    next = chunk.continueToken();
                } while (next != null);
                return all;
            }
        };
    }
}
