package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.blueprint.TenantChildren;
import java.util.Optional;

/** Where a tenant lives. A tenant with state stays where it is (DECISIONS 25). */
final class ParentStep {
    private final Sites sites;
    private final Context context;
    private final Tenant tenant;
    private final StatusDraft draft;

    ParentStep(Sites sites, Tenant tenant, StatusDraft draft) {
        this.sites = sites;
        this.context = sites.home();
        this.tenant = tenant;
        this.draft = draft;
    }

    /** A place, what to work with there, and where the tenant comes from if it moves there. */
    record Resolved(Parent parent, Context there, Optional<Placement> movesFrom) {}

    Resolved resolve() {
        String ref = tenant.spec().clusterTenantRef();
        Parent parent = ref == null ? Parent.install(context, tenant) : customer(ref);
        Placement here = parent.placement();
        Optional<Placement> elsewhere = placeBefore().filter(place -> !place.equals(here));
        boolean mayMove = context.mover() != null || AcceptEmptyState.isSaid(tenant, here);
        if (elsewhere.isPresent() && !mayMove) {
            throw Stop.failing(
                    draft,
                    TenantRun.PARENT,
                    ErrorCode.MOVE_NEEDS_STATE_PLAN,
                    "Its state is in " + Parent.describe(elsewhere.get()) + " and a volume cannot move to "
                            + Parent.describe(here) + "; put clusterTenantRef back, or annotate the tenant with "
                            + AcceptEmptyState.ANNOTATION + "=" + AcceptEmptyState.value(here)
                            + " to go there with an empty one.");
        }
        Context there = reach(parent);
        draft.holds(TenantRun.PARENT, "Resolved", "Children go to " + Parent.describe(here) + ".");
        return new Resolved(parent, there, elsewhere);
    }

    /** A kubeconfig that cannot be used is the customer's to mend, and nobody tells us when it was; a cluster that is down is not. */
    private Context reach(Parent parent) {
        try {
            return sites.at(parent.cluster());
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.DEPENDENCY_NOT_CONFIGURED) {
                throw e;
            }
            draft.fails(TenantRun.PARENT, e.code().name(), String.valueOf(e.getMessage()));
            throw Stop.errorThatMayPass(e.code().name(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Where it has children already. A tenant without a customer is not recorded before its first status, so one that got a customer
     * in between is looked for; a tenant of a customer is recorded before its first child.
     */
    private Optional<Placement> placeBefore() {
        Placement placement = tenant.status().placement();
        if (placement != null) {
            return Optional.of(placement);
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
                .map(key -> new Placement("", home));
    }

    private Parent customer(String name) {
        ClusterTenant customer = context.parents()
                .find(name)
                .orElseThrow(() -> waits("NotFound", "ClusterTenant " + name + " does not exist yet."));
        boolean ownCluster = Parent.hasOwnCluster(customer);
        Parent parent = Parent.customer(context, customer)
                .orElseThrow(() -> waits(
                        "NotBound",
                        "ClusterTenant " + name + " has no " + (ownCluster ? "cluster and " : "") + "namespace yet."));
        boolean isThere = parent.placement().equals(tenant.status().placement());
        if (customer.metadata().isBeingDeleted() && !isThere) {
            throw waits("CustomerLeaves", "ClusterTenant " + name + " is being deleted and takes nobody in any more.");
        }
        return parent;
    }

    private Stop waits(String reason, String message) {
        draft.fails(TenantRun.PARENT, reason, message);
        return Stop.waiting(reason, message);
    }
}
