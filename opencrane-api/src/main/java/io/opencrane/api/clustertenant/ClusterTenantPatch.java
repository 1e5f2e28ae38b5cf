package io.opencrane.api.clustertenant;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A change to some parts of a customer's spec. A part that is set replaces the old value whole, one that is cleared goes, and all others
 * stay as they are, those of a newer platform included. Immutable.
 */
public final class ClusterTenantPatch {
    private final Builder changes;

    private ClusterTenantPatch(Builder changes) {
        this.changes = changes;
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
    public ClusterTenantSpec applyTo(ClusterTenantSpec spec) {
        ClusterTenantSpec changed = changes.over(spec);
        return changes.clearsBaseDomain ? changed.toBuilder().baseDomain(null).build() : changed;
    }

    /**
     * The {@code resourceVersion} the caller has seen, if it insists on it.
     *
     * @return the version, or empty when the patch applies to whatever is there
     */
    public Optional<String> expectedVersion() {
        return Optional.ofNullable(changes.expectedVersion);
    }

    /**
     * Names the parts without their values.
     *
     * @return for example {@code ClusterTenantPatch[displayName, quota, no baseDomain]}
     */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>(changes.names());
        if (changes.clearsBaseDomain) {
            parts.add("no baseDomain");
        }
        return "ClusterTenantPatch" + parts;
    }

    /** Builds a patch: the setters set, {@link #clearBaseDomain} clears. Dropping a limit is setting a quota without it. */
    public static final class Builder extends ClusterTenantFields<Builder> {
        private boolean clearsBaseDomain;
        private @Nullable String expectedVersion;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Goes back to the install's domain.
         *
         * @return this builder
         */
        public Builder clearBaseDomain() {
            clearsBaseDomain = true;
            return this;
        }

        /**
         * Applies the patch only if the customer is still as the caller saw it; otherwise the update fails with {@code CONFLICT}.
         *
         * @param seen the customer as read
         * @return this builder
         */
        public Builder ifUnchangedSince(ClusterTenant seen) {
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
         * @throws IllegalArgumentException if the base domain is both set and cleared
         */
        public ClusterTenantPatch build() {
            if (clearsBaseDomain && baseDomain != null) {
                throw new IllegalArgumentException("baseDomain is both set and cleared; choose one.");
            }
            Builder copy = new Builder();
            copy.displayName = displayName;
            copy.baseDomain = baseDomain;
            copy.isolationTier = isolationTier;
            copy.compute = compute;
            copy.quota = quota;
            copy.clearsBaseDomain = clearsBaseDomain;
            copy.expectedVersion = expectedVersion;
            return new ClusterTenantPatch(copy);
        }
    }
}
