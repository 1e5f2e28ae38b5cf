package io.opencrane.api.tenant;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which tenants to list. Without a filter, all of the scope.
 */
public final class TenantQuery {
    /** The most items a page holds. */
    public static final int MAX_LIMIT = 500;

    private final @Nullable String namespace;
    private final @Nullable String team;
    private final @Nullable TenantPhase phase;
    private final @Nullable String clusterTenant;
    private final int limit;
    private final @Nullable String after;

    private TenantQuery(Builder builder) {
        namespace = builder.namespace;
        team = builder.team;
        phase = builder.phase;
        clusterTenant = builder.clusterTenant;
        limit = builder.limit;
        after = builder.after;
    }

    /**
     * Every tenant of the scope, a page of 100 at a time.
     *
     * @return a query without filters
     */
    public static TenantQuery all() {
        return builder().build();
    }

    /**
     * Starts a query.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Only this namespace.
     *
     * @return the filter
     */
    public Optional<String> namespace() {
        return Optional.ofNullable(namespace);
    }

    /**
     * Only this team.
     *
     * @return the filter
     */
    public Optional<String> team() {
        return Optional.ofNullable(team);
    }

    /**
     * Only this phase.
     *
     * @return the filter
     */
    public Optional<TenantPhase> phase() {
        return Optional.ofNullable(phase);
    }

    /**
     * Only tenants of this customer.
     *
     * @return the filter
     */
    public Optional<String> clusterTenant() {
        return Optional.ofNullable(clusterTenant);
    }

    /**
     * The most items wanted.
     *
     * @return 1 to {@value #MAX_LIMIT}
     */
    public int limit() {
        return limit;
    }

    /**
     * The {@code next} of the page before, a tenant's {@code namespace/name}.
     *
     * @return the cursor, empty for the first page
     */
    public Optional<String> after() {
        return Optional.ofNullable(after);
    }

    /** Builds a query. Not thread-safe. */
    public static final class Builder {
        private @Nullable String namespace;
        private @Nullable String team;
        private @Nullable TenantPhase phase;
        private @Nullable String clusterTenant;
        private int limit = 100;
        private @Nullable String after;

        private Builder() {}

        /**
         * Only this namespace.
         *
         * @param value a namespace of the scope
         * @return this builder
         */
        public Builder namespace(String value) {
            namespace = value;
            return this;
        }

        /**
         * Only this team.
         *
         * @param value a team
         * @return this builder
         */
        public Builder team(String value) {
            team = value;
            return this;
        }

        /**
         * Only this phase.
         *
         * @param value a phase
         * @return this builder
         */
        public Builder phase(TenantPhase value) {
            phase = value;
            return this;
        }

        /**
         * Only tenants of this customer.
         *
         * @param value a ClusterTenant's name
         * @return this builder
         */
        public Builder clusterTenant(String value) {
            clusterTenant = value;
            return this;
        }

        /**
         * The most items wanted.
         *
         * @param value 1 to {@value TenantQuery#MAX_LIMIT}
         * @return this builder
         * @throws IllegalArgumentException if out of range
         */
        public Builder limit(int value) {
            if (value < 1 || value > MAX_LIMIT) {
                throw new IllegalArgumentException(
                        "A page holds 1 to " + MAX_LIMIT + " tenants; asked for " + value + ".");
            }
            limit = value;
            return this;
        }

        /**
         * Reads on after a page.
         *
         * @param next the page's {@code next}; null starts from the beginning
         * @return this builder
         */
        public Builder after(@Nullable String next) {
            after = next;
            return this;
        }

        /**
         * The query as set.
         *
         * @return a query
         */
        public TenantQuery build() {
            return new TenantQuery(this);
        }
    }
}
