package io.opencrane.core.clustertenant;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantChange;
import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantQuery;
import io.opencrane.core.audit.AfterChange;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.TenantRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The audit entry behind a change of a customer, which has no row yet, and the rows of its tenants. */
final class ClusterTenantProjection {
    private final AfterChange after;

    ClusterTenantProjection(AfterChange after) {
        this.after = after;
    }

    ClusterTenantChange changed(ClusterTenant customer, String action, String done, Map<String, ?> details) {
        return new ClusterTenantChange(
                customer,
                after.write(
                        customer.key(),
                        action,
                        store -> store.append(after.entry(customer.key(), action, done, details))));
    }

    /** The tenants whose rows name a customer; none where there is no projection, or it does not answer. */
    List<TenantId> rowsNaming(ResourceKey customer, String action) {
        return after.read(customer, action, store -> rowsNaming(store, customer.name()))
                .orElse(List.of());
    }

    private static List<TenantId> rowsNaming(ProjectionStore store, String name) {
        List<TenantId> ids = new ArrayList<>();
        @Nullable String next = null;
        do {
            Page<TenantRow> page = store.tenants()
                    .list(
                            TenantQuery.builder()
                                    .clusterTenant(name)
                                    .limit(TenantQuery.MAX_LIMIT)
                                    .after(next)
                                    .build(),
                            List.of());
            page.items().forEach(row -> ids.add(row.id()));
            next = page.next();
        } while (next != null);
        return ids;
    }
}
