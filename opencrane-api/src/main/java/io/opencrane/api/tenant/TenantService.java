package io.opencrane.api.tenant;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.Page;
import java.time.Duration;
import java.util.Optional;

/**
 * What a host does with tenants. Every call writes the custom resource first and its row second (invariant 1); a call that failed or was
 * cut off may be made again and ends in the same state. Blocking, thread-safe, happy on virtual threads.
 *
 * <p>Besides the codes named at a method, every call may fail with {@code FORBIDDEN}, {@code UPSTREAM_ERROR} or {@code TIMEOUT} from the
 * cluster, and with {@code VALIDATION_ERROR} for a namespace outside the scope.
 */
public interface TenantService {
    /**
     * Creates a tenant. Creating one that exists with the same spec is a success (DECISIONS 41).
     *
     * @param tenant the tenant
     * @return the tenant as stored
     * @throws ValidationException listing everything wrong with it; nothing was written
     * @throws OpenCraneException {@code ALREADY_EXISTS} if another tenant has the name, {@code BEING_DELETED} if one of that name is
     *     on its way out
     */
    TenantChange create(NewTenant tenant);

    /**
     * Reads a tenant's custom resource.
     *
     * @param id the tenant
     * @return the tenant as stored
     * @throws OpenCraneException {@code TENANT_NOT_FOUND} if the server says there is none
     */
    Tenant get(TenantId id);

    /**
     * Reads a tenant's custom resource, if there is one.
     *
     * @param id the tenant
     * @return the tenant, or empty if the server says there is none; an outage is never empty
     */
    Optional<Tenant> find(TenantId id);

    /**
     * Lists tenants in the byte order of {@code namespace/name}, from the projection, or from the cluster where there is none.
     *
     * @param query filters and page
     * @return one page
     * @throws OpenCraneException {@code LIST_TOO_LARGE} without a projection, when a filter would read more than 5,000 tenants
     */
    Page<TenantSummary> list(TenantQuery query);

    /**
     * Changes a tenant's spec.
     *
     * @param id the tenant
     * @param patch what to set and to clear
     * @return the tenant after the change
     * @throws ValidationException listing everything wrong with the result; nothing was written
     * @throws OpenCraneException {@code TENANT_NOT_FOUND}; {@code CONFLICT} if the tenant is not at the patch's version, or somebody
     *     else kept changing it; {@code BEING_DELETED}
     */
    TenantChange update(TenantId id, TenantPatch patch);

    /**
     * Puts a tenant to sleep: no pod, everything else stays.
     *
     * @param id the tenant
     * @return the tenant after the change
     * @throws OpenCraneException as {@link #update}
     */
    TenantChange suspend(TenantId id);

    /**
     * Wakes a tenant up.
     *
     * @param id the tenant
     * @return the tenant after the change
     * @throws OpenCraneException as {@link #update}
     */
    TenantChange resume(TenantId id);

    /**
     * Pins the version a tenant runs.
     *
     * @param id the tenant
     * @param version an image tag
     * @return the tenant after the change
     * @throws OpenCraneException as {@link #update}
     */
    TenantChange pinVersion(TenantId id, String version);

    /**
     * Pins the version that last ran well, as the tenant's status remembers it.
     *
     * @param id the tenant
     * @return the tenant after the change
     * @throws OpenCraneException as {@link #update}; {@code CONFLICT} too if no version ever ran, or it is the one that is pinned
     */
    TenantChange rollBack(TenantId id);

    /**
     * Waits until a tenant is in a phase, judged by a status that is about its present spec. Reads the custom resource again and again,
     * at first after a quarter of a second, later every two seconds, on the caller's thread.
     *
     * @param id the tenant
     * @param phase the phase
     * @param deadline how long to wait
     * @return the tenant in that phase
     * @throws OpenCraneException {@code TIMEOUT} after the deadline, saying what it is instead; {@code TENANT_NOT_FOUND}
     */
    Tenant awaitPhase(TenantId id, TenantPhase phase, Duration deadline);

    /**
     * Waits until a tenant's custom resource is gone, as {@link #awaitPhase} does.
     *
     * @param id the tenant
     * @param deadline how long to wait
     * @throws OpenCraneException {@code TIMEOUT} after the deadline, saying what it waits for
     */
    void awaitDeleted(TenantId id, Duration deadline);

    /**
     * Restarts a tenant by deleting its pods; its Deployment makes a new one (contract §4).
     *
     * @param id the tenant
     * @return how many pods were deleted; 0 for a suspended tenant
     * @throws OpenCraneException {@code TENANT_NOT_FOUND}
     */
    int restart(TenantId id);

    /**
     * Asks for a reconcile that trusts no cache, by the annotation {@code opencrane.io/reconcile-at} (DECISIONS 22).
     *
     * @param id the tenant
     * @return the tenant after the change
     * @throws OpenCraneException as {@link #update}
     */
    TenantChange requestReconcile(TenantId id);

    /**
     * Deletes a tenant. Its workload and model key go, its state volume and encryption key stay (contract §4). A finalizer may hold the
     * custom resource until an operator has cleaned up.
     *
     * @param id the tenant
     * @return the tenant as last seen
     * @throws OpenCraneException {@code TENANT_NOT_FOUND} if the server says there is none
     */
    TenantChange delete(TenantId id);

    /**
     * Deletes a tenant, if it is there, and its state volume and encryption key for ever. Calling it again after a failure is safe. The
     * state of a tenant that is gone is looked for in the namespaces of the scope.
     *
     * @param id the tenant
     * @param typedName its name once more, as a person typed it
     * @return what became of the state
     * @throws ValidationException if the typed name is another; nothing was deleted
     */
    PurgeOutcome purge(TenantId id, String typedName);
}
