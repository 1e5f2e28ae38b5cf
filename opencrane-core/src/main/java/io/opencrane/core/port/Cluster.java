package io.opencrane.core.port;

import io.opencrane.api.error.OpenCraneException;
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
     * Deletes the pods of a tenant, and only its own (DECISIONS 9), in the cluster where they are.
     *
     * @param tenant the tenant as read
     * @return how many were deleted
     * @throws OpenCraneException {@code DEPENDENCY_NOT_CONFIGURED} if they are in a customer's own cluster that is not reached
     */
    int deletePods(Tenant tenant);

    /**
     * Deletes the state volume and the encryption key that a tenant left behind, in the namespaces of the scope, and only its own.
     *
     * @param tenant a tenant that the server says is gone
     * @return how many objects were deleted
     */
    int deleteState(TenantId tenant);

    /**
     * The record of a tenant's model key, in the cluster and namespace where the tenant's children are. Nothing is read yet; reading and
     * writing fail with {@code DEPENDENCY_NOT_CONFIGURED} if they are in a customer's own cluster that is not reached.
     *
     * @param tenant the tenant as read
     * @return its record, read and written without a cache
     * @throws OpenCraneException {@code CONFLICT} if the tenant has no place yet, because nobody reconciled it
     */
    KeyJournal modelKey(Tenant tenant);

    /**
     * The revision of the model key that the tenant's pod template asks for (DECISIONS 33). A new key needs a higher one, or pods would
     * keep the old.
     *
     * @param tenant the tenant as read
     * @return the revision; 0 without a workload, or while it asks for none
     * @throws OpenCraneException {@code DEPENDENCY_NOT_CONFIGURED} if its place is in a customer's own cluster that is not reached
     */
    long podKeyRevision(Tenant tenant);

    /**
     * The uid of the install namespace, which never changes while it lives: what tells this instance from others unless
     * {@code OPENCRANE_INSTANCE_ID} does (DECISIONS 12).
     *
     * @return the uid
     * @throws OpenCraneException {@code NOT_FOUND} if the namespace does not exist
     */
    String installUid();
}
