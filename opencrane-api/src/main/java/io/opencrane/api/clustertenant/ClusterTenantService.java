package io.opencrane.api.clustertenant;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.Page;
import io.opencrane.api.tenant.TenantSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a host does with customers. Every call writes the custom resource first and an audit entry second (invariant 1); a call that failed
 * or was cut off may be made again and ends in the same state. Namespace, quota and network are made by the platform's reconciler. Blocking,
 * thread-safe, happy on virtual threads.
 *
 * <p>A customer's tenants may be anywhere in the cluster, so the host's scope has to be the whole cluster; otherwise every call is refused
 * with {@code DEPENDENCY_NOT_CONFIGURED} and asks nothing. Besides the codes named at a method, every call may fail with {@code FORBIDDEN},
 * {@code UPSTREAM_ERROR} or {@code TIMEOUT} from the cluster.
 */
public interface ClusterTenantService {
    /**
     * Creates a customer. Creating one that exists with the same spec is a success (DECISIONS 41).
     *
     * @param customer the customer
     * @return the customer as stored
     * @throws ValidationException listing everything wrong with it; nothing was written
     * @throws OpenCraneException {@code TIER_UNAVAILABLE} if no provisioner offers its tier; {@code ALREADY_EXISTS} if another customer has
     *     the name; {@code BEING_DELETED} if one of that name is on its way out
     */
    ClusterTenantChange create(NewClusterTenant customer);

    /**
     * Reads a customer's custom resource.
     *
     * @param name the customer
     * @return the customer as stored
     * @throws OpenCraneException {@code CLUSTER_TENANT_NOT_FOUND} if the server says there is none
     */
    ClusterTenant get(String name);

    /**
     * Reads a customer's custom resource, if there is one.
     *
     * @param name the customer
     * @return the customer, or empty if the server says there is none; an outage is never empty
     */
    Optional<ClusterTenant> find(String name);

    /**
     * Lists customers in the byte order of their names, from the cluster.
     *
     * @param query filters and page
     * @return one page
     * @throws OpenCraneException {@code LIST_TOO_LARGE} when a page would read more than 5,000 customers
     */
    Page<ClusterTenantSummary> list(ClusterTenantQuery query);

    /**
     * Changes a customer's spec. The result is validated whole, as for {@link #create}; a limit is lowered only to what the attached
     * tenants ask for.
     *
     * @param name the customer
     * @param patch what to set and to clear
     * @return the customer after the change
     * @throws ValidationException listing everything wrong with the result, and by how much the attached tenants would not fit; nothing was
     *     written
     * @throws OpenCraneException {@code CLUSTER_TENANT_NOT_FOUND}; {@code MOVE_NEEDS_STATE_PLAN} if the tier cannot be changed any more;
     *     {@code TIER_UNAVAILABLE} if no provisioner offers the new one; {@code CONFLICT} if the customer is not at the patch's version, or
     *     somebody else kept changing it; {@code BEING_DELETED}
     */
    ClusterTenantChange update(String name, ClusterTenantPatch patch);

    /**
     * Tells who is attached to a customer and how much of its quota they ask for. Reads every tenant of the cluster in pages.
     *
     * @param name the customer
     * @return the customer, its tenants and its quota
     * @throws OpenCraneException {@code CLUSTER_TENANT_NOT_FOUND}
     */
    ClusterTenantOverview status(String name);

    /**
     * Tells, before anything is applied, whether further tenants would fit beside those that are attached. Reads as {@link #status}. The
     * cluster has the last word: volumes that deleted tenants left behind count there too, and are not seen here.
     *
     * @param name the customer
     * @param further the specs of the tenants to come
     * @return a line for each dimension
     * @throws OpenCraneException {@code CLUSTER_TENANT_NOT_FOUND}
     */
    List<QuotaUse> quotaFit(String name, List<TenantSpec> further);

    /**
     * Tells, before anything is applied, whether the attached tenants would fit into another quota, as {@link #quotaFit(String, List)}.
     *
     * @param name the customer
     * @param other the quota to come
     * @return a line for each dimension
     * @throws OpenCraneException {@code CLUSTER_TENANT_NOT_FOUND}
     */
    List<QuotaUse> quotaFit(String name, Quota other);

    /**
     * Waits until a customer is in a phase, judged by a status that is about its present spec. Reads the custom resource again and again,
     * at first after a quarter of a second, later every two seconds, on the caller's thread.
     *
     * @param name the customer
     * @param phase the phase
     * @param deadline how long to wait; a cluster of its own may take an hour
     * @return the customer in that phase
     * @throws OpenCraneException {@code TIMEOUT} after the deadline, saying what it is instead; {@code CLUSTER_TENANT_NOT_FOUND}
     */
    ClusterTenant awaitPhase(String name, ClusterTenantPhase phase, Duration deadline);

    /**
     * Waits until a customer's custom resource is gone, as {@link #awaitPhase} does.
     *
     * @param name the customer
     * @param deadline how long to wait
     * @throws OpenCraneException {@code TIMEOUT} after the deadline, saying what it waits for
     */
    void awaitDeleted(String name, Duration deadline);

    /**
     * Deletes a customer carefully: {@link #delete(String, ClusterTenantDeletion)} with {@link ClusterTenantDeletion#careful}.
     *
     * @param name the customer
     * @return the customer as last seen
     * @throws OpenCraneException as there
     */
    ClusterTenantChange delete(String name);

    /**
     * Deletes a customer. A finalizer holds the custom resource until the platform has cleaned up; its namespace stays while a state volume
     * or an encryption key is in it, unless the deletion purges. A tenant that names another customer already, while its children are still
     * with this one, is never deleted along: the deletion is refused until it has moved.
     *
     * @param name the customer
     * @param how with its tenants or not, with their state or not
     * @return the customer as last seen
     * @throws ValidationException if another name was typed to purge; nothing was deleted
     * @throws OpenCraneException {@code CLUSTER_TENANT_NOT_FOUND}; {@code IN_USE} naming the attached tenants; {@code CONFLICT} if somebody
     *     else kept changing the customer, or made another one of its name
     */
    ClusterTenantChange delete(String name, ClusterTenantDeletion how);
}
