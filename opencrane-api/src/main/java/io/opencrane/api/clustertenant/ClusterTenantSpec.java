package io.opencrane.api.clustertenant;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.MaybeEmpty;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a customer (contract §2). Holds whatever the server holds: it is validated where it is written, not where it is read.
 *
 * @param displayName the name people see, at least one character
 * @param baseDomain the domain under which its tenants get their hosts, or null for the install's
 * @param isolationTier how far it is kept apart; shared when absent
 * @param compute the nodes its tenants run on; shared when absent
 * @param resources what it may use
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ClusterTenantSpec(
        String displayName,
        @Nullable String baseDomain,
        IsolationTier isolationTier,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        Compute compute,

        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = MaybeEmpty.Omitted.class)
        ClusterTenantResources resources) {
    /** What is absent becomes the default. */
    public ClusterTenantSpec {
        displayName = Absent.asEmpty(displayName);
        isolationTier = Absent.or(isolationTier, IsolationTier.SHARED);
        compute = Absent.or(compute, Compute.SHARED);
        resources = Absent.or(resources, ClusterTenantResources.NONE);
    }

    /**
     * Starts one with what is required; everything else is at its default.
     *
     * @param displayName the name people see, at least one character
     * @return a builder
     */
    public static Builder builder(String displayName) {
        return new Builder(new ClusterTenantSpec(
                displayName, null, IsolationTier.SHARED, Compute.SHARED, ClusterTenantResources.NONE));
    }

    /**
     * Starts from this one.
     *
     * @return a builder with every field of this one
     */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Builds a spec. Passing null clears a field. Not thread-safe. */
    public static final class Builder {
        private String displayName;
        private @Nullable String baseDomain;
        private IsolationTier isolationTier;
        private Compute compute;
        private ClusterTenantResources resources;

        private Builder(ClusterTenantSpec start) {
            displayName = start.displayName;
            baseDomain = start.baseDomain;
            isolationTier = start.isolationTier;
            compute = start.compute;
            resources = start.resources;
        }

        /**
         * Sets displayName.
         *
         * @param value the name people see, at least one character
         * @return this builder
         */
        public Builder displayName(String value) {
            displayName = value;
            return this;
        }

        /**
         * Sets baseDomain.
         *
         * @param value the domain under which its tenants get their hosts, or null for the install's
         * @return this builder
         */
        public Builder baseDomain(@Nullable String value) {
            baseDomain = value;
            return this;
        }

        /**
         * Sets isolationTier.
         *
         * @param value how far it is kept apart; shared when absent
         * @return this builder
         */
        public Builder isolationTier(IsolationTier value) {
            isolationTier = value;
            return this;
        }

        /**
         * Sets compute.
         *
         * @param value the nodes its tenants run on; shared when absent
         * @return this builder
         */
        public Builder compute(Compute value) {
            compute = value;
            return this;
        }

        /**
         * Sets resources.
         *
         * @param value what it may use
         * @return this builder
         */
        public Builder resources(ClusterTenantResources value) {
            resources = value;
            return this;
        }

        /**
         * The spec as set.
         *
         * @return a spec
         */
        public ClusterTenantSpec build() {
            return new ClusterTenantSpec(displayName, baseDomain, isolationTier, compute, resources);
        }
    }
}
