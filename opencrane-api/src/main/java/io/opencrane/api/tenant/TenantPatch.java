package io.opencrane.api.tenant;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change to some fields of a tenant's spec. A field that is set replaces the old value whole, one that is cleared goes, and all others
 * stay as they are, those of a newer platform included. Immutable.
 */
public final class TenantPatch {
    private final Map<TenantField, Object> set;
    private final Set<TenantField> cleared;
    private final @Nullable String expectedVersion;

    private TenantPatch(Builder builder) {
        set = new EnumMap<>(builder.values);
        cleared = Set.copyOf(builder.cleared);
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
    public TenantSpec applyTo(TenantSpec spec) {
        Map<TenantField, Object> values = spec.values();
        values.putAll(set);
        values.keySet().removeAll(cleared);
        return TenantSpec.of(values);
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
     * Names the fields without their values.
     *
     * @return for example {@code TenantPatch[set TEAM, clear POLICY_REF]}
     */
    @Override
    public String toString() {
        return "TenantPatch[set " + set.keySet() + ", clear " + cleared + "]";
    }

    /** Builds a patch: the setters set, {@link #clear} clears. */
    public static final class Builder extends TenantFields<Builder> {
        private final Set<TenantField> cleared = EnumSet.noneOf(TenantField.class);
        private @Nullable String expectedVersion;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Clears fields.
         *
         * @param fields optional fields
         * @return this builder
         * @throws IllegalArgumentException if a field is required
         */
        public Builder clear(TenantField... fields) {
            for (TenantField field : fields) {
                if (field.isRequired()) {
                    throw new IllegalArgumentException(
                            field.wireName() + " is required; set it instead of clearing it.");
                }
                cleared.add(field);
            }
            return this;
        }

        /**
         * Applies the patch only if the tenant is still as the caller saw it; otherwise the update fails with {@code CONFLICT}.
         *
         * @param seen the tenant as read
         * @return this builder
         */
        public Builder ifUnchangedSince(Tenant seen) {
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
         * @throws IllegalArgumentException if a field is both set and cleared
         */
        public TenantPatch build() {
            for (TenantField field : cleared) {
                if (values.containsKey(field)) {
                    throw new IllegalArgumentException(field.wireName() + " is both set and cleared; choose one.");
                }
            }
            return new TenantPatch(this);
        }
    }
}
