package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.blueprint.TenantChildren;
import java.util.Optional;

/** Where a tenant lives. A tenant with state stays where it is (DECISIONS 25). */
final class ParentStep {
    private final Context context;
    private final Tenant tenant;
    private final StatusDraft draft;

    ParentStep(Context context, Tenant tenant, StatusDraft draft) {
        this.context = context;
        this.tenant = tenant;
        this.draft = draft;
    }

    /** A place, and where the tenant comes from if it moves there. */
    record Resolved(Parent parent, Optional<String> movesFrom) {}

    Resolved resolve() {
        String ref = tenant.spec().clusterTenantRef();
        Parent parent = ref == null ? Parent.install(context, tenant) : customer(ref);
        Optional<String> elsewhere = namespaceBefore().filter(namespace -> !namespace.equals(parent.namespace()));
        boolean mayMove = context.mover() != null || AcceptEmptyState.isSaid(tenant, parent.namespace());
        if (elsewhere.isPresent() && !mayMove) {
            throw Stop.failing(
                    draft,
                    TenantRun.PARENT,
                    ErrorCode.MOVE_NEEDS_STATE_PLAN,
                    "Its state is in namespace " + elsewhere.get() + " and a volume cannot move to "
                            + parent.namespace() + "; put clusterTenantRef back, or annotate the tenant with "
                            + AcceptEmptyState.ANNOTATION + "=" + parent.namespace()
                            + " to go there with an empty one.");
        }
        draft.holds(TenantRun.PARENT, "Resolved", "Children go to namespace " + parent.namespace() + ".");
        return new Resolved(parent, elsewhere);
    }

    /**
     * Where it has children already. A tenant without a customer is not recorded before its first status, so one that got a customer
     * in between is looked for; a tenant of a customer is recorded before its first child.
     */
    private Optional<String> namespaceBefore() {
        Placement placement = tenant.status().placement();
        if (placement != null) {
            return Optional.of(placement.namespace());
        }
        boolean mayHaveStarted = tenant.metadata().finalizers().contains(ResourceStore.FINALIZER);
        if (tenant.spec().clusterTenantRef() == null || !mayHaveStarted) {
            return Optional.empty();
        }
        String home = tenant.metadata().namespace();
        Ownership owner = new Ownership(tenant.id(), tenant.metadata().uid());
        return context.fresh()
                .get(new TenantChildren(tenant.metadata().name(), home).encryptionKey())
                .filter(key -> owner.of(key) == Ownership.Claim.OURS)
                .map(key -> home);
    }

    private Parent customer(String name) {
        ClusterTenant customer = context.parents()
                .find(name)
                .orElseThrow(() -> waits("NotFound", "ClusterTenant " + name + " does not exist yet."));
        if (customer.spec().isolationTier() == IsolationTier.DEDICATED_CLUSTER) {
            throw Stop.failing(
                    draft,
                    TenantRun.PARENT,
                    ErrorCode.TIER_UNAVAILABLE,
                    "ClusterTenant " + name + " has a cluster of its own, which this reconciler does not reach.");
        }
        return Parent.customer(context, customer)
                .orElseThrow(() -> waits("NotBound", "ClusterTenant " + name + " has no namespace yet."));
    }

    private Stop waits(String reason, String message) {
        draft.fails(TenantRun.PARENT, reason, message);
        return Stop.waiting(reason, message);
    }
}
