package io.opencrane.core.tenant;

import io.opencrane.api.resource.Page;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.api.tenant.TenantSummary;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.resource.ScannedPage;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Lists tenants from the projection or, where there is none, by a capped scan of the cluster (DECISIONS 40). */
final class TenantListing {
    private final Cluster cluster;
    private final @Nullable ProjectionStore projection;
    private final InstantSource clock;

    TenantListing(Cluster cluster, @Nullable ProjectionStore projection, InstantSource clock) {
        this.cluster = cluster;
        this.projection = projection;
        this.clock = clock;
    }

    Page<TenantSummary> page(TenantQuery query) {
        query.namespace().ifPresent(cluster.scope()::require);
        if (projection == null) {
            return scanned(query);
        }
        var rows = projection.tenants().list(query, cluster.scope().namespaces());
        return new Page<>(
                rows.items().stream().map(RowMapping::summary).toList(), rows.next(), rows.source(), rows.asOf());
    }

    private Page<TenantSummary> scanned(TenantQuery query) {
        boolean isPlain = query.after().isEmpty()
                && query.team().isEmpty()
                && query.phase().isEmpty()
                && query.clusterTenant().isEmpty();
        TenantScan scan = TenantScan.of(
                cluster,
                query.namespace().orElse(null),
                query.after().orElse(""),
                ScannedPage.chunk(query.limit(), isPlain),
                ScannedPage.MAX_SCAN);
        return ScannedPage.of(
                scan, tenant -> matches(tenant, query), query.limit(), RowMapping::summary, clock.instant());
    }

    private static boolean matches(Tenant tenant, TenantQuery query) {
        return query.team().map(team -> team.equals(tenant.spec().team())).orElse(true)
                && query.phase().map(phase -> phase == RowMapping.phase(tenant)).orElse(true)
                && query.clusterTenant()
                        .map(name -> name.equals(tenant.spec().clusterTenantRef()))
                        .orElse(true);
    }
}
