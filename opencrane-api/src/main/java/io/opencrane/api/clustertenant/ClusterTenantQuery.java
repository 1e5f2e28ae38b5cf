package io.opencrane.api.clustertenant;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which customers to list. Without a filter, all. Immutable. */
public final class ClusterTenantQuery {
    /** The most items a page holds. */
    public static final int MAX_LIMIT = 500;

    private final @Nullable ClusterTenantPhase phase;
    private final @Nullable IsolationTier tier;
    private final @Nullable String text;
    private final int limit;
    private final @Nullable String after;

    private ClusterTenantQuery(Builder builder) {
        phase = builder.phase;
        tier = builder.tier;
        text = builder.text;
        limit = builder.limit;
        after = builder.after;
    }

    /**
     * Every customer, a page of 100 at a time.
     *
     * @return a query without filters
     */
    public static ClusterTenantQuery all() {
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
     * Only this phase.
     *
     * @return the filter
     */
    public Optional<ClusterTenantPhase> phase() {
        return Optional.ofNullable(phase);
    }

    /**
     * Only this tier.
     *
     * @return the filter
     */
    public Optional<IsolationTier> tier() {
        return Optional.ofNullable(tier);
    }

    /**
     * Only those whose name or display name contains it, in upper or lower case.
     *
     * @return the filter
     */
    public Optional<String> text() {
        return Optional.ofNullable(text);
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
     * The {@code next} of the page before, a customer's name.
     *
     * @return the cursor, empty for the first page
     */
    public Optional<String> after() {
        return Optional.ofNullable(after);
    }

    /** Builds a query. Not thread-safe. */
    public static final class Builder {
        private @Nullable ClusterTenantPhase phase;
        private @Nullable IsolationTier tier;
        private @Nullable String text;
        private int limit = 100;
        private @Nullable String after;

        private Builder() {}

        /**
         * Only this phase.
         *
         * @param value a phase
         * @return this builder
         */
        public Builder phase(ClusterTenantPhase value) {
            phase = value;
            return this;
        }

        /**
         * Only this tier.
         *
         * @param value a tier
         * @return this builder
         */
        public Builder tier(IsolationTier value) {
            tier = value;
            return this;
        }

        /**
         * Only those whose name or display name contains it, in upper or lower case.
         *
         * @param value what people search for
         * @return this builder
         */
        public Builder text(String value) {
            text = value;
            return this;
        }

        /**
         * The most items wanted.
         *
         * @param value 1 to {@value ClusterTenantQuery#MAX_LIMIT}
         * @return this builder
         * @throws IllegalArgumentException if out of range
         */
        public Builder limit(int value) {
            if (value < 1 || value > MAX_LIMIT) {
                throw new IllegalArgumentException(
                        "A page holds 1 to " + MAX_LIMIT + " customers; asked for " + value + ".");
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
        public ClusterTenantQuery build() {
            return new ClusterTenantQuery(this);
        }
    }
}
