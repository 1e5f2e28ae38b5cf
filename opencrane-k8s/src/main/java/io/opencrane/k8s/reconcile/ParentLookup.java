package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.clustertenant.ClusterTenantNames;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.k8s.apply.CustomerOwnership;
import io.opencrane.k8s.apply.Ownership.Claim;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.object.ObjectReader;
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
     * Reads the custom resource, or, where that is forbidden, what the platform wrote into the customer's namespace for instances without
     * a ClusterRole. Such an instance finds customers of the home cluster only.
     *
     * @param resources the cluster's resources
     * @param objects the cluster's objects
     * @return a lookup by GET
     */
    static ParentLookup byWhatMayBeRead(ResourceStore resources, ObjectReader objects) {
        ParentLookup custom = byCustomResource(resources);
        ParentLookup written = byConfigMap(objects);
        return name -> {
            try {
                return custom.find(name);
            } catch (OpenCraneException e) {
                if (e.code() != ErrorCode.FORBIDDEN) {
                    throw e;
                }
                return written.find(name);
            }
        };
    }

    /**
     * Reads the ConfigMap {@code opencrane-cluster-tenant} that the platform writes into the customer's namespace.
     *
     * @param objects the cluster's objects
     * @return a lookup by GET
     */
    static ParentLookup byConfigMap(ObjectReader objects) {
        return name -> {
            CustomerChildren names = new CustomerChildren(name, ClusterTenantNames.boundNamespace(name));
            CustomerOwnership owner = new CustomerOwnership(name);
            return objects.get(names.parent())
                    .filter(found -> owner.of(found) == Claim.OURS)
                    .map(found -> ParentFile.read(names, found));
        };
    }

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
