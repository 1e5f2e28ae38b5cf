package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.policy.AccessPolicySummary;
import io.opencrane.api.resource.Page;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.resource.ResourceScan;
import io.opencrane.core.resource.ScannedPage;
import io.opencrane.core.tenant.ScopeScan;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Lists policies from the projection or, where there is none, by a capped scan of the cluster (DECISIONS 40). */
final class PolicyListing {
    private final Cluster cluster;
    private final @Nullable ProjectionStore projection;
    private final InstantSource clock;

    PolicyListing(Cluster cluster, @Nullable ProjectionStore projection, InstantSource clock) {
        this.cluster = cluster;
        this.projection = projection;
        this.clock = clock;
    }

    Page<AccessPolicySummary> page(AccessPolicyQuery query) {
        query.namespace().ifPresent(cluster.scope()::require);
        if (projection == null) {
            return scanned(query);
        }
        Page<PolicyRow> rows = projection.policies().list(query, cluster.scope().namespaces());
        return new Page<>(
                rows.items().stream().map(AccessPolicyRows::summary).toList(), rows.next(), rows.source(), rows.asOf());
    }

    private Page<AccessPolicySummary> scanned(AccessPolicyQuery query) {
        boolean isPlain = query.after().isEmpty() && query.text().isEmpty();
        ResourceScan<AccessPolicy> scan = ScopeScan.of(
                cluster,
                AccessPolicy.class,
                query.namespace().orElse(null),
                query.after().orElse(""),
                ScannedPage.chunk(query.limit(), isPlain),
                ScannedPage.MAX_SCAN);
        return ScannedPage.of(
                scan,
                policy -> AccessPolicyRows.hasText(
                        query, policy.metadata().name(), policy.spec().description()),
                query.limit(),
                AccessPolicyRows::summary,
                clock.instant());
    }
}
