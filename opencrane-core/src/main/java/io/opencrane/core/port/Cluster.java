package io.opencrane.core.port;

import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.InstanceScope;

/** A cluster as services see it. Implemented over Kubernetes and in memory. Thread-safe. */
public interface Cluster {
    /**
     * The custom resources.
     *
     * @return the store
     */
    ResourceStore resources();

    /**
     * The namespaces this instance works in.
     *
     * @return the scope
     */
    InstanceScope scope();

    /**
     * Deletes the pods of a tenant, and only its own (DECISIONS 9).
     *
     * @param tenant the tenant as read
     * @return how many were deleted
     */
    int deletePods(Tenant tenant);
}
