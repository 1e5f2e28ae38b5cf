package io.opencrane.k8s.apply;

/**
 * One field that an apply would change.
 *
 * @param path where, for example {@code spec.template.spec.containers[name=openclaw].image}
 * @param kind what would happen to it
 */
public record FieldChange(String path, Kind kind) {
    /** What happens to a field. */
    public enum Kind {
        /** It is missing, or differs, or is not ours yet. */
        SET,
        /** It is ours and no longer wanted. */
        REMOVE
    }

    @Override
    public String toString() {
        return (kind == Kind.SET ? "set " : "remove ") + path;
    }
}
