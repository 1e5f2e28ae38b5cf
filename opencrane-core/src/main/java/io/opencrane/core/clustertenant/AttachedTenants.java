package io.opencrane.core.clustertenant;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.tenant.TenantScan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The tenants of a whole cluster that are attached to a customer: those that name it, and those whose children are still in its namespace
 * or cluster although they name another by now.
 */
public final class AttachedTenants {
    private AttachedTenants() {}

    /**
     * Whether a tenant is attached to a customer.
     *
     * @param tenant the tenant as read, possibly on its way out
     * @param customer the customer as read
     * @return true if it names the customer, or its children are where the customer's are
     */
    public static boolean isAttached(Tenant tenant, ClusterTenant customer) {
        String name = customer.metadata().name();
        if (name.equals(tenant.spec().clusterTenantRef())) {
            return true;
        }
        Placement placement = tenant.status().placement();
        if (placement == null) {
            return false;
        }
        if (!placement.cluster().isEmpty()) {
            return placement.cluster().equals(name);
        }
        // The namespace of a customer with a kubeconfig is in its own cluster, and one at home may have the same name.
        return customer.status().kubeconfigSecretRef() == null
                && !placement.namespace().isEmpty()
                && placement.namespace().equals(customer.status().boundNamespace());
    }

    /**
     * Reads every tenant of the cluster in pages, in the byte order of {@code namespace/name}, holding one page, and tells those that are
     * attached.
     *
     * @param store reads the whole cluster
     * @param customer the customer as read
     * @param visitor is told each of them once
     * @throws OpenCraneException as {@link ResourceStore#page}; a list that expires is taken up again where it was
     */
    public static void forEach(ResourceStore store, ClusterTenant customer, Consumer<Tenant> visitor) {
        TenantScan scan = TenantScan.ofEverything(store);
        while (scan.hasNext()) {
            Tenant tenant = scan.next();
            if (isAttached(tenant, customer)) {
                visitor.accept(tenant);
            }
        }
    }

    /**
     * Names them.
     *
     * @param store reads the whole cluster
     * @param customer the customer as read
     * @return the attached tenants in the byte order of {@code namespace/name}
     * @throws OpenCraneException as {@link #forEach}
     */
    public static List<TenantId> ids(ResourceStore store, ClusterTenant customer) {
        List<TenantId> ids = new ArrayList<>();
        forEach(store, customer, tenant -> ids.add(tenant.id()));
        return List.copyOf(ids);
    }
}
