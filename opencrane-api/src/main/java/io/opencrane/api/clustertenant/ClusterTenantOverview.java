package io.opencrane.api.clustertenant;

import io.opencrane.api.tenant.TenantId;
import java.util.List;

/**
 * A customer with who is attached to it.
 *
 * @param clusterTenant the customer
 * @param attached the tenants that name it, or whose children are still with it, in the byte order of {@code namespace/name}
 * @param quota its quota and what the attached tenants ask for, a line for each dimension
 */
public record ClusterTenantOverview(ClusterTenant clusterTenant, List<TenantId> attached, List<QuotaUse> quota) {
    /** Copies the lists. */
    public ClusterTenantOverview {
        attached = List.copyOf(attached);
        quota = List.copyOf(quota);
    }
}
