package io.opencrane.api.tenant;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A tenant to create.
 *
 * @param name the name, at most 54 characters of a DNS label (DECISIONS 10)
 * @param namespace where its custom resource goes, or null for the scope's own namespace
 * @param spec what is wanted
 * @param createRequest identifies this request across repeats, or null: creating again with another one is refused even if the spec is
 *     the same (DECISIONS 41)
 */
public record NewTenant(
        String name,
        @Nullable String namespace,
        TenantSpec spec,
        @Nullable String createRequest) {
    /** Refuses a missing name or spec; everything else is validated by the service, all problems at once. */
    public NewTenant {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(spec, "spec");
    }

    /**
     * Starts with what every tenant needs.
     *
     * @param name the tenant's name
     * @param displayName the name people see
     * @param email the owner's address
     * @return a builder
     */
    public static Builder builder(String name, String displayName, String email) {
        return new Builder(name).displayName(displayName).email(email);
    }

    /** Builds a tenant to create. */
    public static final class Builder extends TenantFields<Builder> {
        private final String name;
        private @Nullable String namespace;
        private @Nullable String createRequest;

        private Builder(String name) {
            this.name = name;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Where its custom resource goes, when the scope has several namespaces.
         *
         * @param value a namespace of the scope
         * @return this builder
         */
        public Builder namespace(String value) {
            namespace = value;
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
         * The tenant as set.
         *
         * @return a tenant to create
         */
        public NewTenant build() {
            return new NewTenant(name, namespace, TenantSpec.of(values), createRequest);
        }
    }
}
