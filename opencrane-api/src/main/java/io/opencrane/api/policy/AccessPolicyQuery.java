package io.opencrane.api.policy;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which policies to list. Without a filter, all of the scope. Immutable. */
public final class AccessPolicyQuery {
    /** The most items a page holds. */
    public static final int MAX_LIMIT = 500;

    private final @Nullable String namespace;
    private final @Nullable String text;
    private final int limit;
    private final @Nullable String after;

    private AccessPolicyQuery(Builder builder) {
        namespace = builder.namespace;
        text = builder.text;
        limit = builder.limit;
        after = builder.after;
    }

    /**
     * Every policy, a page of 100 at a time.
     *
     * @return a query without filters
     */
    public static AccessPolicyQuery all() {
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
     * Only those whose name or description contains it, in upper or lower case.
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
     * The {@code next} of the page before.
     *
     * @return the cursor, empty for the first page
     */
    public Optional<String> after() {
        return Optional.ofNullable(after);
    }

    /** Builds a query. Not thread-safe. */
    public static final class Builder {
        private @Nullable String namespace;
        private @Nullable String text;
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
         * Only those whose name or description contains it, in upper or lower case.
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
         * @param value 1 to {@value AccessPolicyQuery#MAX_LIMIT}
         * @return this builder
         * @throws IllegalArgumentException if out of range
         */
        public Builder limit(int value) {
            if (value < 1 || value > MAX_LIMIT) {
                throw new IllegalArgumentException(
                        "A page holds 1 to " + MAX_LIMIT + " policies; asked for " + value + ".");
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
        public AccessPolicyQuery build() {
            return new AccessPolicyQuery(this);
        }
    }
}
