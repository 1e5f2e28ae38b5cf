package io.opencrane.api.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A policy to create.
 *
 * @param name the name, a DNS label of at most 63 characters
 * @param namespace where, or null for the instance's home
 * @param spec what is wanted
 * @param createRequest identifies this request across repeats, or null: creating again with another one is refused even if the spec is
 *     the same (DECISIONS 41)
 */
public record NewAccessPolicy(
        String name,
        @Nullable String namespace,
        AccessPolicySpec spec,
        @Nullable String createRequest) {
    /** Refuses a missing name or spec; everything else is validated by the service, all problems at once. */
    public NewAccessPolicy {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(spec, "spec");
    }
}
