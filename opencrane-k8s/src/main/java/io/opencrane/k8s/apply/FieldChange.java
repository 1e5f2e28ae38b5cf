package io.opencrane.k8s.apply;

import org.jspecify.annotations.Nullable;

/**
 * One field that an apply changes.
 *
 * @param path where, for example {@code spec.template.spec.containers[name=openclaw].image}
 * @param kind what happens to it
 * @param before the value there is, as JSON; null if there is none
 * @param after the value wanted, as JSON; null if it is removed
 * @param owner the other field manager that holds it, so that an unforced apply is refused; null if nobody does
 */
public record FieldChange(
        String path,
        Kind kind,
        @Nullable String before,
        @Nullable String after,
        @Nullable String owner) {
    /** What happens to a field. */
    public enum Kind {
        /** It is missing, or differs, or is not ours yet. */
        SET,
        /** It is ours and no longer wanted. */
        REMOVE
    }

    FieldChange withoutOwner() {
        return new FieldChange(path, kind, before, after, null);
    }

    /**
     * Holds no value, for logs and conditions.
     *
     * @return for example {@code set spec.replicas}
     */
    @Override
    public String toString() {
        return (kind == Kind.SET ? "set " : "remove ") + path + (owner == null ? "" : " (held by " + owner + ")");
    }
}
