package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.policy.AccessPolicySummary;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.resource.TextFilter;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a policy's custom resource becomes its row, and either of them a line in a list. Pure. */
public final class AccessPolicyRows {
    private AccessPolicyRows() {}

    /**
     * The row of a policy.
     *
     * @param policy the policy as read from the server
     * @return its row, {@code updatedAt} open
     */
    public static PolicyRow row(AccessPolicy policy) {
        return new PolicyRow(
                policy.id(),
                policy.metadata().uid(),
                policy.metadata().resourceVersion(),
                createdAt(policy),
                policy.spec().description(),
                policy.spec().tenantSelector(),
                policy.spec().domains(),
                policy.spec().egressRules(),
                policy.spec().mcpServers(),
                null);
    }

    /**
     * A policy's line in a list.
     *
     * @param policy the policy as read from the server
     * @return the line
     */
    public static AccessPolicySummary summary(AccessPolicy policy) {
        return summary(row(policy));
    }

    /**
     * A row's line in a list.
     *
     * @param row the row
     * @return the line
     */
    public static AccessPolicySummary summary(PolicyRow row) {
        return new AccessPolicySummary(
                row.id().namespace(),
                row.id().name(),
                row.description(),
                row.domains().defaultDeny(),
                row.createdAt());
    }

    /**
     * Whether a policy has the text that a query asks for.
     *
     * @param query the query
     * @param name the policy's name
     * @param description its description, or null
     * @return true if it does, or none is asked for
     */
    public static boolean hasText(AccessPolicyQuery query, String name, @Nullable String description) {
        return query.text()
                .map(text -> TextFilter.contains(name, text)
                        || (description != null && TextFilter.contains(description, text)))
                .orElse(true);
    }

    /** No server leaves it out; where it is missing the row counts as the oldest and so never overwrites another. */
    private static Instant createdAt(AccessPolicy policy) {
        return Objects.requireNonNullElse(policy.metadata().creationTimestamp(), Instant.EPOCH);
    }
}
