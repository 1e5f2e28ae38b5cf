package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The children as they are, read before anything is written, so that a name that is somebody else's stops the run with no write. */
final class LiveChildren {
    private final ObjectStore objects;
    private final Map<ObjectRef, Optional<GenericKubernetesResource>> found = new LinkedHashMap<>();

    /** Leaves the Secrets to those who know when to look. */
    LiveChildren(ObjectStore objects, TenantChildren names) {
        this.objects = objects;
        for (ObjectRef ref : List.of(
                names.serviceAccount(),
                names.state(),
                names.deployment(),
                names.config(),
                names.service(),
                names.ingress())) {
            found.put(ref, objects.get(ref));
        }
    }

    Optional<GenericKubernetesResource> get(ObjectRef ref) {
        return found.computeIfAbsent(ref, objects::get);
    }

    /** Looks again, where the first look was not good enough. */
    void reread(ObjectRef ref, ObjectStore fresh) {
        found.put(ref, fresh.get(ref));
    }

    boolean isEmpty() {
        return found.values().stream().allMatch(Optional::isEmpty);
    }

    void requireOwn(Ownership owner) {
        found.forEach((ref, live) -> live.ifPresent(object -> Applier.requireNotForeign(ref, object, owner)));
    }
}
