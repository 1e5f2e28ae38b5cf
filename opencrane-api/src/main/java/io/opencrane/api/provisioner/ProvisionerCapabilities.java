package io.opencrane.api.provisioner;

import io.opencrane.api.clustertenant.IsolationTier;
import java.time.Duration;
import java.util.Set;

/**
 * What a provisioner can do.
 *
 * @param tiers the tiers it provides; {@code shared} and {@code dedicatedNodes} are built in and cannot be provided from outside
 * @param retainsState whether deprovisioning can keep a customer's data; if not, a customer is only deprovisioned when its data are purged
 * @param timeout how long provisioning may take, positive; after that the customer is {@code failed}, and asked about more rarely
 */
public record ProvisionerCapabilities(Set<IsolationTier> tiers, boolean retainsState, Duration timeout) {
    /** How long provisioning may take when a provisioner says nothing else. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofHours(2);

    /** Copies the tiers; refuses none of them and a time-out that is not positive. */
    public ProvisionerCapabilities {
        tiers = Set.copyOf(tiers);
        if (tiers.isEmpty()) {
            throw new IllegalArgumentException("A provisioner provides at least one tier.");
        }
        if (timeout.isZero() || timeout.isNegative()) {
            throw new IllegalArgumentException("The time-out of a provisioner must be positive.");
        }
    }

    /**
     * What makes clusters, keeps data when told to, and takes at most two hours.
     *
     * @return the usual capabilities
     */
    public static ProvisionerCapabilities dedicatedClusters() {
        return new ProvisionerCapabilities(Set.of(IsolationTier.DEDICATED_CLUSTER), true, DEFAULT_TIMEOUT);
    }
}
