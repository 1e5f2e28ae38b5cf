package io.opencrane.api.policy;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.Page;
import io.opencrane.api.tenant.TenantId;
import java.util.List;
import java.util.Optional;

/**
 * What a host does with access policies: makes and changes them, asks beforehand whom a change would hit, and afterwards why a tenant
 * reaches what it reaches. Every write changes the custom resource first, row and audit entry second (invariant 1); a call that failed or
 * was cut off may be made again and ends in the same state. The network is made by the operator's reconciler. Blocking, thread-safe,
 * happy on virtual threads.
 *
 * <p>Besides the codes named at a method, every call may fail with {@code VALIDATION_ERROR} for a namespace outside the instance's scope
 * and with {@code FORBIDDEN}, {@code UPSTREAM_ERROR} or {@code TIMEOUT} from the cluster.
 */
public interface AccessPolicyService {
    /**
     * Creates a policy. Creating one that exists with the same spec is a success (DECISIONS 41).
     *
     * @param policy the policy
     * @return the policy as stored
     * @throws ValidationException listing everything wrong with it; nothing was written
     * @throws OpenCraneException {@code ALREADY_EXISTS} if another policy has the name; {@code BEING_DELETED} if one of that name is on its
     *     way out
     */
    AccessPolicyChange create(NewAccessPolicy policy);

    /**
     * Reads a policy's custom resource.
     *
     * @param id the policy
     * @return the policy as stored
     * @throws OpenCraneException {@code POLICY_NOT_FOUND} if the server says there is none
     */
    AccessPolicy get(AccessPolicyId id);

    /**
     * Reads a policy's custom resource, if there is one.
     *
     * @param id the policy
     * @return the policy, or empty if the server says there is none; an outage is never empty
     */
    Optional<AccessPolicy> find(AccessPolicyId id);

    /**
     * Lists policies in the byte order of {@code namespace/name}: from the projection, or where there is none from the cluster.
     *
     * @param query filters and page
     * @return one page, which says where it is from and how old it is
     * @throws OpenCraneException {@code LIST_TOO_LARGE} when a page without a projection would read more than 5,000 policies
     */
    Page<AccessPolicySummary> list(AccessPolicyQuery query);

    /**
     * Changes a policy's spec. The result is validated whole, as for {@link #create}.
     *
     * @param id the policy
     * @param patch what to set and to clear
     * @return the policy after the change
     * @throws ValidationException listing everything wrong with the result; nothing was written
     * @throws OpenCraneException {@code POLICY_NOT_FOUND}; {@code CONFLICT} if the policy is not at the patch's version, or somebody else
     *     kept changing it; {@code BEING_DELETED}
     */
    AccessPolicyChange update(AccessPolicyId id, AccessPolicyPatch patch);

    /**
     * Deletes a policy that no tenant asks for: by its {@code policyRef}, or by following the default that the settings name. Tenants that
     * it selects go on under what then resolves for them; {@link #previewDelete} tells. A tenant that begins to ask for it while the call
     * runs is not seen. The operator takes the policy's network objects away first, so that the custom resource may stay for a while.
     *
     * @param id the policy
     * @return the policy as last seen
     * @throws OpenCraneException {@code POLICY_NOT_FOUND}; {@code IN_USE} naming ten of the tenants whose {@code policyRef} it is, or who
     *     follow it because {@code DEFAULT_TENANT_POLICY_REF} does; {@code CONFLICT} if another policy has the name meanwhile
     */
    AccessPolicyChange delete(AccessPolicyId id);

    /**
     * Tells which tenants are under a policy: those it resolves for, and those that keep it because none resolves for them any more.
     * Reads every tenant of its namespace.
     *
     * @param id the policy
     * @return the tenants in byte order
     * @throws OpenCraneException {@code POLICY_NOT_FOUND}
     */
    List<TenantId> tenantsUnder(AccessPolicyId id);

    /**
     * Tells why a tenant is under the policy it is under, or under none.
     *
     * @param tenant the tenant
     * @return the policy and how it was found
     * @throws OpenCraneException {@code TENANT_NOT_FOUND}
     */
    PolicyExplanation explain(TenantId tenant);

    /**
     * Tells who would gain or lose what if a policy were created; writes nothing.
     *
     * @param policy the policy
     * @return the tenants it would touch, and what changes for them; nobody if it is there already
     * @throws ValidationException as {@link #create}
     * @throws OpenCraneException as {@link #create}
     */
    BlastRadius previewCreate(NewAccessPolicy policy);

    /**
     * Tells who would gain or lose what if a policy were changed; writes nothing.
     *
     * @param id the policy
     * @param patch what to set and to clear
     * @return the tenants it would touch, and what changes for them
     * @throws ValidationException as {@link #update}
     * @throws OpenCraneException {@code POLICY_NOT_FOUND}; {@code CONFLICT} if the policy is not at the patch's version;
     *     {@code BEING_DELETED}
     */
    BlastRadius previewUpdate(AccessPolicyId id, AccessPolicyPatch patch);

    /**
     * Tells who would gain or lose what if a policy were deleted; writes nothing, and does not mind that it is in use.
     *
     * @param id the policy
     * @return the tenants it would touch, and what changes for them
     * @throws OpenCraneException {@code POLICY_NOT_FOUND}
     */
    BlastRadius previewDelete(AccessPolicyId id);

    /**
     * Tells whether a tenant reaches a destination over TCP, and the rule that decides it. Nothing is connected to and no name is resolved.
     * Names that are closed in one of the places where the policy's tenants run count as closed in all of them, which the message says.
     *
     * @param tenant the tenant
     * @param destination where to
     * @param port 1 to 65535
     * @return the decision
     * @throws ValidationException for a port out of range, and an address that is none
     * @throws OpenCraneException {@code TENANT_NOT_FOUND}; {@code POLICY_NOT_FOUND} if the tenant runs on under a policy that is gone, so
     *     that nobody can tell what it said
     */
    EgressDecision decide(TenantId tenant, Destination destination, int port);

    /**
     * Tells what the author of a policy probably did not mean.
     *
     * @param id the policy
     * @return in the order of the spec; empty if there is nothing to say
     * @throws OpenCraneException {@code POLICY_NOT_FOUND}
     */
    List<PolicyFinding> findings(AccessPolicyId id);
}
