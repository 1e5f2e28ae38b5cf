package io.opencrane.k8s.apply;

import io.opencrane.k8s.object.ObjectRef;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of one child: in a plan what would, in a result what did.
 *
 * @param ref the object
 * @param action what is done
 * @param fields the fields that change; empty unless {@link Action#UPDATE} or {@link Action#ADOPT}
 */
public record ChildChange(ObjectRef ref, Action action, List<FieldChange> fields) {
    /** Copies the fields. */
    public ChildChange {
        fields = List.copyOf(fields);
    }

    static ChildChange of(ObjectRef ref, Action action) {
        return new ChildChange(ref, action, List.of());
    }

    /**
     * The first field that somebody else owns; the server will refuse the apply.
     *
     * @return the change, with the owner
     */
    public Optional<FieldChange> conflict() {
        return fields.stream().filter(field -> field.owner() != null).findFirst();
    }

    /**
     * Holds no value.
     *
     * @return for example {@code UPDATE Deployment opencrane/openclaw-acme [set spec.replicas]}
     */
    @Override
    public String toString() {
        return action + " " + ref + (fields.isEmpty() ? "" : " " + fields);
    }

    /** What is done with a child. */
    public enum Action {
        /** It is not there and is made. */
        CREATE,
        /** It differs and is applied. */
        UPDATE,
        /** It is the platform's and becomes ours. */
        ADOPT,
        /** It is ours, is not wanted any more, and is deleted. */
        PRUNE,
        /** It is as desired; nothing is written. */
        UNCHANGED
    }
}
