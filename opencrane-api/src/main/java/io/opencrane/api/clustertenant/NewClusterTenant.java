package io.opencrane.api.clustertenant;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A customer to create.
 *
 * @param name the name, at most 53 characters of a DNS label (DECISIONS 10); its namespace is {@code opencrane-<name>}
 * @param spec what is wanted
 * @param createRequest identifies this request across repeats, or null: creating again with another one is refused even if the spec is
 *     the same (DECISIONS 41)
 */
public record NewClusterTenant(
        String name, ClusterTenantSpec spec, @Nullable String createRequest) {
    /** Refuses a missing name or spec; everything else is validated by the service, all problems at once. */
    public NewClusterTenant {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(spec, "spec");
    }

    /**
     * Starts with what every customer needs. It shares its nodes unless the builder says otherwise.
     *
     * @param name the customer's name
     * @param displayName the name people see
     * @param quota what all its tenants together may ask for; at least one dimension
     * @return a builder
     */
    public static Builder builder(String name, String displayName, Quota quota) {
        return new Builder(name).displayName(displayName).quota(quota);
    }

    /** Builds a customer to create. */
    public static final class Builder extends ClusterTenantFields<Builder> {
        private final String name;
        private @Nullable String createRequest;

        private Builder(String name) {
            this.name = name;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Identifies this request across repeats.
         *
         * @param value for example a random id that the caller keeps
         * @return this builder
         */
        public Builder createRequest(String value) {
            createRequest = value;
            return this;
        }

        /**
         * The customer as set.
         *
         * @return a customer to create
         */
        public NewClusterTenant build() {
            return new NewClusterTenant(name, over(ClusterTenantSpec.builder("").build()), createRequest);
        }
    }
}
