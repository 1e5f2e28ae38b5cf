package io.opencrane.core.clustertenant;

import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;

/**
 * Which changes of a customer's tier are allowed. Nodes can be changed under a customer, its cluster cannot: state volumes do not move
 * from one cluster to another (DECISIONS 25). Pure.
 */
public enum TierChange {
    /** The tier stays. */
    SAME,
    /** Allowed at any time; pods are rolled to other nodes. */
    ALWAYS,
    /** Allowed only while nothing was provisioned. */
    BEFORE_PROVISIONING;

    /** What to do instead of a change that is refused. */
    public static final String INSTEAD =
            "make another ClusterTenant of the new tier and move the tenants to it by clusterTenantRef.";

    /**
     * The table of changes.
     *
     * @param from the tier now
     * @param to the tier wanted
     * @return when it is allowed
     */
    public static TierChange of(IsolationTier from, IsolationTier to) {
        if (from == to) {
            return SAME;
        }
        boolean ownCluster = from == IsolationTier.DEDICATED_CLUSTER || to == IsolationTier.DEDICATED_CLUSTER;
        return ownCluster ? BEFORE_PROVISIONING : ALWAYS;
    }

    /**
     * Whether a customer in this state may make the change.
     *
     * @param status the customer's status
     * @return false only where something was provisioned that cannot follow
     */
    public boolean isAllowed(ClusterTenantStatus status) {
        return this != BEFORE_PROVISIONING || !isProvisioned(status);
    }

    /**
     * Whether anything was made for a customer, or asked of a provisioner.
     *
     * @param status the customer's status
     * @return true once it has a namespace or provisioning began
     */
    public static boolean isProvisioned(ClusterTenantStatus status) {
        String namespace = status.boundNamespace();
        boolean isBound = namespace != null && !namespace.isEmpty();
        return isBound || status.provisionStartedAt() != null;
    }

    /**
     * Refuses a change that is not allowed.
     *
     * @param name the customer's name
     * @param from the tier now
     * @param to the tier wanted
     * @param status the customer's status
     * @throws OpenCraneException {@code MOVE_NEEDS_STATE_PLAN}, saying what to do instead
     */
    public static void require(String name, IsolationTier from, IsolationTier to, ClusterTenantStatus status) {
        if (!of(from, to).isAllowed(status)) {
            throw new OpenCraneException(
                    ErrorCode.MOVE_NEEDS_STATE_PLAN,
                    "ClusterTenant " + name,
                    "Tier " + from.wireName() + " cannot become " + to.wireName()
                            + " once provisioning began, because state does not move between clusters; " + INSTEAD);
        }
    }
}
