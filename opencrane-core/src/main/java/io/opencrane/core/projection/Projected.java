package io.opencrane.core.projection;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.policy.AccessPolicyRows;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.Row;
import io.opencrane.core.port.RowStore;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.resource.ResourceScan;
import io.opencrane.core.tenant.RowMapping;
import io.opencrane.core.tenant.ScopeScan;
import io.opencrane.core.tenant.TenantScan;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A kind that is projected: where its two sides are read, and how they are compared and mended.
 *
 * @param kind the kind
 * @param repairAction the action of a repair's audit entries
 * @param scan reads the custom resources in scope, in the byte order of {@code namespace/name}
 * @param rows the rows of a projection
 * @param row the row of a custom resource
 * @param problems what keeps a row out of the projection
 * @param comparison compares the two
 * @param <S> the custom resources
 * @param <W> the rows
 */
record Projected<S extends Resource, W extends Row>(
        ResourceKind kind,
        String repairAction,
        Function<Cluster, Iterator<S>> scan,
        Function<ProjectionStore, RowStore<?, W, ?>> rows,
        Function<S, W> row,
        Function<W, List<Problem>> problems,
        Comparison<S, W> comparison) {
    private static final List<Projected<?, ?>> ALL = List.of(
            new Projected<Tenant, TenantRow>(
                    ResourceKind.TENANT,
                    "tenant.repair",
                    TenantScan::of,
                    ProjectionStore::tenants,
                    RowMapping::row,
                    Projectable::problems,
                    TenantDrift.COMPARISON),
            new Projected<AccessPolicy, PolicyRow>(
                    ResourceKind.ACCESS_POLICY,
                    "access-policy.repair",
                    cluster -> everything(cluster, AccessPolicy.class),
                    ProjectionStore::policies,
                    AccessPolicyRows::row,
                    Projectable::problems,
                    new PolicyDrift()));

    /** Fails with {@code VALIDATION_ERROR} for a kind that is not projected. */
    static Projected<?, ?> of(ResourceKind kind) {
        return ALL.stream().filter(each -> each.kind() == kind).findFirst().orElseThrow(() -> {
            String projected = ALL.stream().map(each -> each.kind().kind()).collect(Collectors.joining(" and "));
            return new ValidationException(
                    kind.kind(),
                    List.of(new Problem(
                            "kind", Problem.Code.UNKNOWN, "Only " + projected + " are projected in this release.")));
        });
    }

    private static <S extends Resource> Iterator<S> everything(Cluster cluster, Class<S> type) {
        return ScopeScan.of(cluster, type, null, "", ResourceScan.CHUNK, Integer.MAX_VALUE);
    }
}
