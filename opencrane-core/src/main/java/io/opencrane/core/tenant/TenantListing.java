package io.opencrane.core.tenant;

import io.opencrane.api.resource.Page;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.api.tenant.TenantSummary;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ProjectionStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists tenants from the projection or, where there is none, by a capped scan of the cluster (DECISIONS 40). */
final class TenantListing {
    /** Beyond this many tenants read for one page, a scan would be a load on the API server that nobody asked for. */
    static final int MAX_SCAN = 5_000;

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
        TenantScan scan = TenantScan.of(
                cluster, query.namespace().orElse(null), query.after().orElse(""), chunk(query), MAX_SCAN);
        List<TenantSummary> found = new ArrayList<>();
        while (scan.hasNext()) {
            Tenant tenant = scan.next();
            if (matches(tenant, query)) {
                if (found.size() == query.limit()) {
                    String next = found.get(found.size() - 1).id().toString();
                    return new Page<>(found, next, Page.Source.CLUSTER, clock.instant());
                }
                found.add(RowMapping.summary(tenant));
            }
        }
        return new Page<>(found, null, Page.Source.CLUSTER, clock.instant());
    }

    /** A first page without filter reads no more than it needs: itself and the one that tells whether there is more. */
    private static int chunk(TenantQuery query) {
        boolean plain = query.after().isEmpty()
                && query.team().isEmpty()
                && query.phase().isEmpty()
                && query.clusterTenant().isEmpty();
        return plain ? Math.min(TenantScan.CHUNK, query.limit() + 1) : TenantScan.CHUNK;
    }

    private static boolean matches(Tenant tenant, TenantQuery query) {
        return query.team().map(team -> team.equals(tenant.spec().team())).orElse(true)
                && query.phase().map(phase -> phase == RowMapping.phase(tenant)).orElse(true)
                && query.clusterTenant()
                        .map(name -> name.equals(tenant.spec().clusterTenantRef()))
                        .orElse(true);
    }
}
