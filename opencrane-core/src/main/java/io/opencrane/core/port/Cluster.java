package io.opencrane.core.port;

import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
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

    /**
     * Deletes the state volume and the encryption key that a tenant left behind, in the namespaces of the scope, and only its own.
     *
     * @param tenant a tenant that the server says is gone
     * @return how many objects were deleted
     */
    int deleteState(TenantId tenant);
}
