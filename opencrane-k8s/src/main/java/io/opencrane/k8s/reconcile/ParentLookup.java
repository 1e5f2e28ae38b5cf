package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.port.ResourceStore;
import java.util.Optional;

/**
 * Finds the customer that a tenant names (DECISIONS 11). An instance without a ClusterRole cannot read ClusterTenants and supplies its own
 * lookup.
 */
@FunctionalInterface
public interface ParentLookup {
    /**
     * Finds a customer.
     *
     * @param clusterTenant its name
     * @return the customer, or empty if there is surely none
     * @throws OpenCraneException if it cannot be told
     */
    Optional<ClusterTenant> find(String clusterTenant);

    /**
     * Reads the custom resource.
     *
     * @param resources the cluster's resources
     * @return a lookup by GET
     */
    static ParentLookup byCustomResource(ResourceStore resources) {
        return name -> resources.find(ClusterTenant.class, "", name);
    }
}
