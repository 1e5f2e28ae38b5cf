package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.Provisioning.State;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.clustertenant.AttachedTenants;
import io.opencrane.core.clustertenant.ClusterTenantNames;
import io.opencrane.core.clustertenant.CustomerPurge;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.provisioner.GuardedProvisioner;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.CustomerOwnership;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.reconcile.Children.Effect;
import io.opencrane.k8s.reconcile.CustomerNamespace.Removal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Lets a deleted customer go once nobody is attached to it and what was made for it is gone, or kept for its state (DECISIONS 26). Looks
 * at the server, never at a cache: what a cache misses would be left behind for ever.
 */
final class CustomerDeletion {
    private static final String DEPROVISIONED = "Deprovisioned";
    private static final String TENANTS_GONE = "TenantsGone";
    private static final int MOST_NAMES = 5;

    private final CustomerContext uncached;

    CustomerDeletion(CustomerContext uncached) {
        this.uncached = uncached;
    }

    /** A copy may be old, and the name may belong to a new customer by now, so the server is asked first. */
    ClusterTenantResult cleanUp(ClusterTenant copy) {
        Optional<ClusterTenant> now = uncached.resources()
                .find(ClusterTenant.class, "", copy.metadata().name())
                .filter(found -> found.metadata().uid().equals(copy.metadata().uid()))
                .filter(found -> found.metadata().finalizers().contains(ResourceStore.FINALIZER));
        if (now.isEmpty()) {
            return new ClusterTenantResult(copy, List.of(), null);
        }
        ClusterTenant customer = now.get();
        CustomerDraft draft =
                new CustomerDraft(customer.status(), customer.metadata().generation(), uncached.clock());
        List<ChildChange> changes = new ArrayList<>();
        try {
            requireNobodyAttached(customer, draft);
            removeWhatWasMade(customer, draft, changes);
        } catch (Stop stop) {
            boolean waits = stop.phase == TenantPhase.PENDING;
            ClusterTenantPhase phase = waits
                    ? Objects.requireNonNullElse(customer.status().phase(), ClusterTenantPhase.PENDING)
                    : ClusterTenantPhase.FAILED;
            ClusterTenantStatus status = draft.stopped(phase, stop.reason, stop.sentence());
            ClusterTenant after = uncached.resources().patchStatus(customer, customer.withStatus(status));
            return new ClusterTenantResult(after, changes, stop.requeueAfter);
        }
        uncached.resources().removeFinalizer(customer);
        uncached.pacing().forget(customer.metadata().uid());
        return new ClusterTenantResult(customer, changes, null);
    }

    private void removeWhatWasMade(ClusterTenant customer, CustomerDraft draft, List<ChildChange> changes) {
        if (CustomerRun.isExternal(customer.status(), uncached.provisioners())) {
            deprovision(customer, draft);
            return;
        }
        try {
            remove(customer, draft, changes);
        } catch (OpenCraneException e) {
            if (Stop.cannotExplain(e)) {
                throw e;
            }
            String sentence = String.valueOf(e.getMessage());
            draft.fails(DEPROVISIONED, e.code().name(), sentence);
            throw e.isRetryable()
                    ? Stop.waiting(e.code().name(), sentence)
                    : Stop.error(e.code().name(), sentence);
        }
    }

    private void requireNobodyAttached(ClusterTenant customer, CustomerDraft draft) {
        List<TenantId> attached = AttachedTenants.ids(uncached.resources(), customer);
        if (attached.isEmpty()) {
            draft.holds(TENANTS_GONE, "Gone", "");
            return;
        }
        String names =
                attached.stream().limit(MOST_NAMES).map(TenantId::toString).collect(Collectors.joining(", "));
        String sentence = attached.size() + (attached.size() == 1 ? " tenant is" : " tenants are") + " attached to it: "
                + names + (attached.size() > MOST_NAMES ? " and others" : "") + "; delete or move them.";
        draft.fails(TENANTS_GONE, ErrorCode.IN_USE.name(), sentence);
        throw Stop.waiting(ErrorCode.IN_USE.name(), sentence);
    }

    private void remove(ClusterTenant customer, CustomerDraft draft, List<ChildChange> changes) {
        String name = customer.metadata().name();
        String namespace = Objects.requireNonNullElseGet(
                customer.status().boundNamespace(), () -> ClusterTenantNames.boundNamespace(name));
        CustomerOwnership owner = new CustomerOwnership(name);
        Children children =
                new Children(uncached.applier(), owner, draft, CustomerRun.NAMESPACE, Effect.APPLY, false, () -> {});
        CustomerNamespace bound = new CustomerNamespace(
                uncached.fresh(), children, new CustomerChildren(name, namespace), uncached.rules());
        Removal removal;
        try {
            if (bound.close()) {
                // Who came in before it was closed is registered by now.
                requireNobodyAttached(customer, draft);
            }
            removal = bound.remove(
                    CustomerRemains.in(uncached.fresh(), namespace),
                    !CustomerPurge.isConfirmed(customer),
                    draft.now.toString());
        } finally {
            changes.addAll(children.changes());
        }
        if (removal == Removal.GOING) {
            throw Stop.waiting("NamespaceEnds", "Namespace " + namespace + " is on its way out.");
        }
    }

    private void deprovision(ClusterTenant customer, CustomerDraft draft) {
        GuardedProvisioner provisioner = provisioner(customer, draft);
        // One that never was ready may have been given what an earlier customer of its name left.
        boolean retainsState = provisioner.capabilities().retainsState();
        boolean mayHaveState = retainsState || customer.status().boundNamespace() != null;
        boolean retain = mayHaveState && !CustomerPurge.isConfirmed(customer);
        if (retain && !retainsState) {
            throw Stop.failing(
                    draft,
                    DEPROVISIONED,
                    ErrorCode.STATE_LOST,
                    "Provisioner " + provisioner.id()
                            + " cannot keep the tenants' state, and nobody confirmed that it may go;"
                            + " confirm the purge by the customer's name.");
        }
        Provisioning answer;
        try {
            answer = provisioner.deprovision(new DeprovisionRequest(
                    customer.metadata().name(), retain, customer.status().operationId()));
        } catch (OpenCraneException e) {
            throw noAnswer(draft, e);
        }
        draft.fields.operationId(answer.operationId());
        String sentence = Objects.requireNonNullElse(
                answer.message(), "Provisioner " + provisioner.id() + " has not removed everything yet.");
        if (answer.state() == State.IN_PROGRESS) {
            draft.fails(DEPROVISIONED, "InProgress", sentence);
            Duration delay = Objects.requireNonNullElse(answer.askAgainAfter(), Stop.WAITS);
            throw new Stop(TenantPhase.PENDING, "Deprovisioning", sentence, delay);
        }
        if (answer.state() == State.FAILED) {
            draft.fails(DEPROVISIONED, "Failed", sentence);
            throw Stop.error("Failed", sentence);
        }
    }

    private GuardedProvisioner provisioner(ClusterTenant customer, CustomerDraft draft) {
        String id = Objects.requireNonNullElse(customer.status().provisioner(), "");
        return uncached.provisioners()
                .byId(id)
                .orElseThrow(
                        () -> Stop.failing(
                                draft,
                                DEPROVISIONED,
                                ErrorCode.TIER_UNAVAILABLE,
                                "Provisioner " + id
                                        + ", which made its cluster, is not registered; register it again, so that it can remove it."));
    }

    private static Stop noAnswer(CustomerDraft draft, OpenCraneException e) {
        String reason = e.code().name();
        String sentence = draft.inTheSameWords(DEPROVISIONED, reason, String.valueOf(e.getMessage()));
        draft.fails(DEPROVISIONED, reason, sentence);
        return e.isRetryable() ? Stop.waiting(reason, sentence) : Stop.error(reason, sentence);
    }
}
