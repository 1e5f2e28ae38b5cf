package io.opencrane.core.clustertenant;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantChange;
import io.opencrane.core.audit.AfterChange;
import java.util.Map;

/** The audit entry behind a change of a customer. It has no row yet. */
final class ClusterTenantAudit {
    private final AfterChange after;

    ClusterTenantAudit(AfterChange after) {
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
}
