package io.opencrane.k8s.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/**
 * A change that was made.
 *
 * @param change what was done
 * @param object the object as it is now; for a pruned one as it was
 */
public record Applied(ChildChange change, GenericKubernetesResource object) {
    /**
     * Leaves the object out: it may be a Secret.
     *
     * @return the change
     */
    @Override
    public String toString() {
        return change.toString();
    }
}
