package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.k8s.apply.ChildChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a reconcile of a customer did. Immutable; prints no Secret. */
public final class ClusterTenantResult {
    private final ClusterTenant customer;
    private final List<ChildChange> changes;
    private final @Nullable Duration requeueAfter;

    ClusterTenantResult(ClusterTenant customer, List<ChildChange> changes, @Nullable Duration requeueAfter) {
        this.customer = customer;
        this.changes = List.copyOf(changes);
        this.requeueAfter = requeueAfter;
    }

    /**
     * The customer afterwards, with the status written.
     *
     * @return the customer; for a finished deletion as last seen
     */
    public ClusterTenant customer() {
        return customer;
    }

    /**
     * What became of each object that was looked at: the namespace and what is in force in it.
     *
     * @return the objects, unchanged ones included
     */
    public List<ChildChange> changes() {
        return changes;
    }

    /**
     * When to look again although nothing changed: a provisioner is at work, or something waits for somebody.
     *
     * @return the delay, or empty when the next event is enough
     */
    public Optional<Duration> requeueAfter() {
        return Optional.ofNullable(requeueAfter);
    }

    @Override
    public String toString() {
        return "ClusterTenantResult[" + customer.metadata().name() + ", "
                + customer.status().phase() + ", " + changes + "]";
    }
}
