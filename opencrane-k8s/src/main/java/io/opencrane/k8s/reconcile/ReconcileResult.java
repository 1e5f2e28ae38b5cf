package io.opencrane.k8s.reconcile;

import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.k8s.apply.ChildChange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a reconcile did. Immutable; prints no Secret. */
public final class ReconcileResult {
    private final Tenant tenant;
    private final List<ChildChange> children;
    private final @Nullable ModelKeyMetadata modelKey;
    private final @Nullable Duration requeueAfter;

    ReconcileResult(
            Tenant tenant,
            List<ChildChange> children,
            @Nullable ModelKeyMetadata modelKey,
            @Nullable Duration requeueAfter) {
        this.tenant = tenant;
        this.children = List.copyOf(children);
        this.modelKey = modelKey;
        this.requeueAfter = requeueAfter;
    }

    /**
     * The tenant afterwards, with the status written.
     *
     * @return the tenant; for a finished deletion as last seen
     */
    public Tenant tenant() {
        return tenant;
    }

    /**
     * What became of each child that was looked at, in the order of contract §4: what {@link TenantReconciler#plan(Tenant)} said.
     *
     * @return the children; unchanged ones included
     */
    public List<ChildChange> children() {
        return children;
    }

    /**
     * What is known of the model key in use; a host with a projection records it there.
     *
     * @return the metadata, never the key; empty when the run did not get to a live key
     */
    public Optional<ModelKeyMetadata> modelKey() {
        return Optional.ofNullable(modelKey);
    }

    /**
     * When to look again although nothing changed: something waits for a parent, a gateway or a person.
     *
     * @return the delay, or empty when the next event is enough
     */
    public Optional<Duration> requeueAfter() {
        return Optional.ofNullable(requeueAfter);
    }

    @Override
    public String toString() {
        return "ReconcileResult[" + tenant.id() + ", " + tenant.status().phase() + ", " + children + "]";
    }
}
