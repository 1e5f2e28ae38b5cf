package io.opencrane.k8s.reconcile;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.reconcile.Children.Effect;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Lets a deleted tenant go once its children are gone. */
final class TenantDeletion {
    private final Context uncached;
    private final InstantSource clock;

    TenantDeletion(Context uncached, InstantSource clock) {
        this.uncached = uncached;
        this.clock = clock;
    }

    /** A copy may be old, and the name may belong to a new tenant by now, so the server is asked first. */
    ReconcileResult cleanUp(Tenant copy) {
        Optional<Tenant> now = uncached.resources()
                .find(Tenant.class, copy.metadata().namespace(), copy.metadata().name())
                .filter(found -> found.metadata().uid().equals(copy.metadata().uid()))
                .filter(found -> found.metadata().finalizers().contains(ResourceStore.FINALIZER));
        if (now.isEmpty()) {
            return new ReconcileResult(copy, List.of(), null, null);
        }
        Tenant tenant = now.get();
        StatusDraft draft = draft(tenant);
        Children children = children(tenant, draft, Effect.APPLY);
        try (Sites sites = new Sites(uncached)) {
            return cleanUp(new TenantCleanup(sites, tenant, children), tenant, draft, children);
        }
    }

    private ReconcileResult cleanUp(TenantCleanup cleanup, Tenant tenant, StatusDraft draft, Children children) {
        try {
            cleanup.execute();
        } catch (OpenCraneException e) {
            if (!cleanup.isAtGateway() && !cleanup.isAway(e)) {
                throw e;
            }
            String sentence = "Deletion waits for "
                    + (cleanup.isAtGateway() ? "the model gateway: " : "its customer's cluster: ") + e.getMessage();
            String condition = cleanup.isAtGateway() ? TenantRun.MODEL_KEY : TenantRun.PARENT;
            draft.fails(condition, e.code().name(), sentence);
            TenantStatus status = draft.finish(TenantPhase.PENDING, "DeletionWaits", sentence);
            Tenant after = uncached.resources().patchStatus(tenant, tenant.withStatus(status));
            return new ReconcileResult(after, children.changes(), null, Stop.WAITS);
        }
        uncached.resources().removeFinalizer(tenant);
        return new ReconcileResult(tenant, children.changes(), null, null);
    }

    /** What is left of a tenant, removed or only named. */
    List<ChildChange> changes(Tenant tenant, Effect effect) {
        Children children = children(tenant, draft(tenant), effect);
        try (Sites sites = new Sites(uncached)) {
            new TenantCleanup(sites, tenant, children).execute();
        }
        return children.changes();
    }

    private StatusDraft draft(Tenant tenant) {
        return new StatusDraft(tenant.status(), tenant.metadata().generation(), clock);
    }

    private Children children(Tenant tenant, StatusDraft draft, Effect effect) {
        Ownership owner = new Ownership(tenant.id(), tenant.metadata().uid());
        return new Children(uncached.applier(), owner, draft, TenantRun.WORKLOAD, effect, false, () -> {});
    }
}
