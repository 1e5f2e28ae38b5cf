package io.opencrane.api.policy;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A change to some parts of a policy's spec. A part that is set replaces the old value whole, one that is cleared goes back to its
 * default, and all others stay as they are, those of a newer platform included. Immutable.
 */
public final class AccessPolicyPatch {
    private final AccessPolicySpec values;
    private final Set<AccessPolicyField> set;
    private final Set<AccessPolicyField> cleared;
    private final @Nullable String expectedVersion;

    private AccessPolicyPatch(Builder builder) {
        values = builder.values;
        set = EnumSet.copyOf(builder.named);
        cleared = EnumSet.copyOf(builder.cleared);
        expectedVersion = builder.expectedVersion;
    }

    /**
     * Starts an empty patch.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The spec after this patch.
     *
     * @param spec the spec before
     * @return the changed spec
     */
    public AccessPolicySpec applyTo(AccessPolicySpec spec) {
        AccessPolicySpec changed = spec;
        for (AccessPolicyField field : set) {
            changed = field.copy(values, changed);
        }
        for (AccessPolicyField field : cleared) {
            changed = field.copy(AccessPolicyFields.NOTHING, changed);
        }
        return changed;
    }

    /**
     * The {@code resourceVersion} the caller has seen, if it insists on it.
     *
     * @return the version, or empty when the patch applies to whatever is there
     */
    public Optional<String> expectedVersion() {
        return Optional.ofNullable(expectedVersion);
    }

    /**
     * Names the parts without their values.
     *
     * @return for example {@code AccessPolicyPatch[set domains.allow, clear description]}
     */
    @Override
    public String toString() {
        return "AccessPolicyPatch[set " + names(set) + ", clear " + names(cleared) + "]";
    }

    private static String names(Set<AccessPolicyField> fields) {
        return fields.isEmpty()
                ? "nothing"
                : fields.stream().map(AccessPolicyField::wireName).collect(Collectors.joining(" and "));
    }

    /** Builds a patch: the setters set, {@link #clear} clears. Not thread-safe. */
    public static final class Builder extends AccessPolicyFields<Builder> {
        private final Set<AccessPolicyField> cleared = EnumSet.noneOf(AccessPolicyField.class);
        private @Nullable String expectedVersion;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Puts parts back to their default.
         *
         * @param fields the parts
         * @return this builder
         */
        public Builder clear(AccessPolicyField... fields) {
            cleared.addAll(List.of(fields));
            return this;
        }

        /**
         * Applies the patch only if the policy is still as the caller saw it; otherwise the update fails with {@code CONFLICT}. An
         * operator's status write counts as a change.
         *
         * @param seen the policy as read
         * @return this builder
         */
        public Builder ifUnchangedSince(AccessPolicy seen) {
            return ifVersion(seen.metadata().resourceVersion());
        }

        /**
         * Applies the patch only at this version; otherwise the update fails with {@code CONFLICT}.
         *
         * @param resourceVersion the version the caller has seen
         * @return this builder
         */
        public Builder ifVersion(String resourceVersion) {
            expectedVersion = resourceVersion;
            return this;
        }

        /**
         * The patch as set.
         *
         * @return a patch
         * @throws IllegalArgumentException if a part is both set and cleared
         */
        public AccessPolicyPatch build() {
            for (AccessPolicyField field : cleared) {
                if (named.contains(field)) {
                    throw new IllegalArgumentException(field.wireName() + " is both set and cleared; choose one.");
                }
            }
            return new AccessPolicyPatch(this);
        }
    }
}
