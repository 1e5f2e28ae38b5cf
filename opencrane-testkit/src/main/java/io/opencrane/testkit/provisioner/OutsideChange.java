package io.opencrane.testkit.provisioner;

import java.util.Objects;

/**
 * Something outside was made or removed.
 *
 * @param kind what happened
 * @param resource its name, as in {@link ProvisionerUnderTest#resources} or {@link ProvisionerUnderTest#stateOf}
 */
public record OutsideChange(Kind kind, String resource) {
    /** What can happen to it. */
    public enum Kind {
        /** It was made. */
        CREATED,
        /** It was removed. */
        DELETED
    }

    /** Refuses missing parts. */
    public OutsideChange {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(resource, "resource");
    }

    /**
     * It was made.
     *
     * @param resource its name
     * @return the change
     */
    public static OutsideChange created(String resource) {
        return new OutsideChange(Kind.CREATED, resource);
    }

    /**
     * It was removed.
     *
     * @param resource its name
     * @return the change
     */
    public static OutsideChange deleted(String resource) {
        return new OutsideChange(Kind.DELETED, resource);
    }
}
