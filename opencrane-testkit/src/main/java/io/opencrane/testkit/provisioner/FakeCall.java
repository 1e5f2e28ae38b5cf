package io.opencrane.testkit.provisioner;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FakeProvisioner} was asked.
 *
 * @param kind which question
 * @param customer about whom
 * @param operationId the operation that the caller named, or null
 * @param retainState whether data were to be kept; false where it was not asked for removal
 */
public record FakeCall(Kind kind, String customer, @Nullable String operationId, boolean retainState) {
    /** The questions. */
    public enum Kind {
        /** It was to make something. */
        PROVISION,
        /** It was asked how things stand. */
        STATUS,
        /** It was to remove something. */
        DEPROVISION
    }

    /** Refuses missing parts. */
    public FakeCall {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(customer, "customer");
    }
}
