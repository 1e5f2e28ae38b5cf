package io.opencrane.k8s.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.object.ObjectRef;
import java.util.List;

/**
 * What became of one child.
 *
 * @param ref the object
 * @param action what was done
 * @param changes the fields changed; empty unless {@link Action#UPDATED} or {@link Action#ADOPTED}
 * @param object the object as it is now
 */
public record Applied(ObjectRef ref, Action action, List<FieldChange> changes, GenericKubernetesResource object) {
    /** Copies the changes. */
    public Applied {
        changes = List.copyOf(changes);
    }

    /**
     * Leaves the object out: it may be a Secret.
     *
     * @return for example {@code UPDATED Deployment opencrane/openclaw-acme [set spec.replicas]}
     */
    @Override
    public String toString() {
        return action + " " + ref + (changes.isEmpty() ? "" : " " + changes);
    }

    /** What was done with a child. */
    public enum Action {
        /** It was not there and is now. */
        CREATED,
        /** It differed and was applied. */
        UPDATED,
        /** It was the platform's and is ours now. */
        ADOPTED,
        /** It was as desired; no request was made beyond the read. */
        UNCHANGED
    }
}
