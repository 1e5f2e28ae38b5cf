package io.opencrane.core.projection;

import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.Row;
import io.opencrane.core.port.RowStore;
import io.opencrane.core.port.TenantRow;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * What every {@link RowStore} needs to know of a kind of rows, fake and database alike: how they are named, screened and paged.
 *
 * @param kind the kind of the custom resources behind them
 * @param key what an id names
 * @param fitting a row as the projection will hand it back; refuses one that it cannot hold
 * @param screen refuses a query that no row can match
 * @param limit the most rows of a page
 * @param after what a page begins behind
 * @param <I> what names a row
 * @param <R> the rows
 * @param <Q> which of them to list
 */
public record RowKind<I, R extends Row, Q>(
        ResourceKind kind,
        Function<I, ResourceKey> key,
        UnaryOperator<R> fitting,
        Consumer<Q> screen,
        ToIntFunction<Q> limit,
        Function<Q, Optional<String>> after) {
    /** The rows of tenants. */
    public static final RowKind<TenantId, TenantRow, TenantQuery> TENANTS = new RowKind<>(
            ResourceKind.TENANT,
            TenantId::key,
            Projectable::require,
            Projectable::require,
            TenantQuery::limit,
            TenantQuery::after);

    /** The rows of access policies. */
    public static final RowKind<AccessPolicyId, PolicyRow, AccessPolicyQuery> POLICIES = new RowKind<>(
            ResourceKind.ACCESS_POLICY,
            AccessPolicyId::key,
            Projectable::require,
            Projectable::require,
            AccessPolicyQuery::limit,
            AccessPolicyQuery::after);
}
