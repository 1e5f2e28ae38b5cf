package io.opencrane.core.clustertenant;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.ClusterTenantQuery;
import io.opencrane.api.clustertenant.ClusterTenantSummary;
import io.opencrane.api.resource.Page;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.resource.ResourceScan;
import io.opencrane.core.resource.ScannedPage;
import io.opencrane.core.resource.TextFilter;
import io.opencrane.core.tenant.ByteOrder;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/** Lists customers by a capped scan of the cluster (DECISIONS 40). */
final class ClusterTenantListing {
    private final ResourceStore store;
    private final InstantSource clock;

    ClusterTenantListing(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    Page<ClusterTenantSummary> page(ClusterTenantQuery query) {
        boolean isPlain = query.after().isEmpty()
                && query.phase().isEmpty()
                && query.tier().isEmpty()
                && query.text().isEmpty();
        ResourceScan<ClusterTenant> scan = new ResourceScan<>(
                store,
                ClusterTenant.class,
                List.of(""),
                ByteOrder::compareTexts,
                new ResourceScan.Bounds(
                        query.after().orElse(""),
                        ScannedPage.chunk(query.limit(), isPlain),
                        ScannedPage.MAX_SCAN,
                        "filter less, or read them with a Kubernetes client."));
        return ScannedPage.of(
                scan,
                customer -> matches(customer, query),
                query.limit(),
                ClusterTenantListing::summary,
                clock.instant());
    }

    private static boolean matches(ClusterTenant customer, ClusterTenantQuery query) {
        return query.phase().map(phase -> phase == phase(customer)).orElse(true)
                && query.tier()
                        .map(tier -> tier == customer.spec().isolationTier())
                        .orElse(true)
                && query.text()
                        .map(text -> TextFilter.contains(customer.metadata().name(), text)
                                || TextFilter.contains(customer.spec().displayName(), text))
                        .orElse(true);
    }

    private static ClusterTenantPhase phase(ClusterTenant customer) {
        return Objects.requireNonNullElse(customer.status().phase(), ClusterTenantPhase.PENDING);
    }

    private static ClusterTenantSummary summary(ClusterTenant customer) {
        return new ClusterTenantSummary(
                customer.metadata().name(),
                customer.spec().displayName(),
                customer.spec().isolationTier(),
                phase(customer),
                customer.status().boundNamespace(),
                customer.spec().baseDomain(),
                Objects.requireNonNullElse(customer.metadata().creationTimestamp(), Instant.EPOCH));
    }
}
