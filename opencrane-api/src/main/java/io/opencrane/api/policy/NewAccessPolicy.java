package io.opencrane.api.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A policy to create.
 *
 * <pre>{@code
 * NewAccessPolicy.builder("engineering")
 *     .matchTeam("engineering")
 *     .allowDomains("github.com", "*.githubusercontent.com")
 *     .egress("10.20.0.0/16", 5432, 6379)
 *     .denyMcpServers("payroll")
 *     .build();
 * }</pre>
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

    /**
     * Starts a policy that selects nobody and allows nothing.
     *
     * @param name the policy's name
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /** Builds a policy to create. */
    public static final class Builder extends AccessPolicyFields<Builder> {
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
         * Where its custom resource goes, when the scope has several namespaces. It is for tenants of the same one.
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
         * The policy as set.
         *
         * @return a policy to create
         */
        public NewAccessPolicy build() {
            return new NewAccessPolicy(name, namespace, values, createRequest);
        }
    }
}
