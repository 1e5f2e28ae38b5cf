package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads through the host's reader, which may be a cache, and writes to the cluster, so that the code that reconciles need not know the
 * difference. Lists come in one chunk.
 *
 * @param told hears of every write, also when reads go past it
 */
record ReadThrough(ObjectStore cluster, ObjectReader reader, ObjectReader told) implements ObjectStore {
    @Override
    public Optional<GenericKubernetesResource> get(ObjectRef ref) {
        return reader.get(ref);
    }

    @Override
    public Chunk list(ObjectType type, String namespace, Filter filter, int limit, @Nullable String continueToken) {
        return new Chunk(reader.list(type, namespace, filter), null);
    }

    @Override
    public GenericKubernetesResource create(GenericKubernetesResource object) {
        return told(cluster.create(object));
    }

    @Override
    public GenericKubernetesResource apply(GenericKubernetesResource object, String manager, Force force) {
        return told(cluster.apply(object, manager, force));
    }

    @Override
    public GenericKubernetesResource patch(ObjectRef ref, Target target, PatchType type, String body) {
        return told(cluster.patch(ref, target, type, body));
    }

    @Override
    public boolean delete(ObjectRef ref, String uid) {
        return cluster.delete(ref, uid);
    }

    private GenericKubernetesResource told(GenericKubernetesResource written) {
        told.wrote(written);
        return written;
    }
}
