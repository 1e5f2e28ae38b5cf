package io.opencrane.k8s.reconcile;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.ComputeResources;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.budget.KeyOwner;
import io.opencrane.core.budget.ModelKeyLifecycle;
import io.opencrane.core.port.RuntimeEntitlements;
import io.opencrane.core.tenant.PurgeRequest;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.ChildChange.Action;
import io.opencrane.k8s.apply.Ownership.Sharing;
import io.opencrane.k8s.blueprint.BlueprintInput;
import io.opencrane.k8s.blueprint.EffectivePolicy;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.key.SecretKeyJournal;
import io.opencrane.k8s.object.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes what a deleted tenant leaves, where it is; state volume and encryption key stay unless its owner asked for the purge (contract
 * §4). Looks at the server, never at a cache: what a cache misses would be left behind for ever. Used once.
 */
final class TenantCleanup {
    private final Sites sites;
    private final Context context;
    private final Tenant tenant;
    private final Children children;
    private boolean atGateway;
    private boolean away;

    TenantCleanup(Sites sites, Tenant tenant, Children children) {
        this.sites = sites;
        this.context = sites.home();
        this.tenant = tenant;
        this.children = children;
    }

    void execute() {
        for (Placement place : places()) {
            Sharing sharing = Parent.sharing(context, tenant, place);
            String instanceId = children.isPlan() || context.keys() == null
                    ? ""
                    : context.instanceId().get();
            away = !place.cluster().isEmpty();
            clear(sites.at(place.cluster()), blueprint(place.namespace()), sharing, instanceId);
            away = false;
        }
    }

    private void clear(Context there, TenantBlueprint blueprint, Sharing sharing, String instanceId) {
        Children gone = children.in(there.applier());
        for (ObjectRef child : goes(blueprint.children())) {
            gone.remove(child, there.fresh().get(child), sharing);
        }
        revokeKeys(there, gone, blueprint, sharing, instanceId);
    }

    private List<ObjectRef> goes(TenantChildren all) {
        List<ObjectRef> goes = new ArrayList<>(
                List.of(all.ingress(), all.service(), all.deployment(), all.config(), all.serviceAccount()));
        if (PurgeRequest.isConfirmed(tenant)) {
            // The volume first: a key without a volume is harmless, a volume without its key looks like a loss.
            goes.addAll(List.of(all.state(), all.encryptionKey()));
        }
        return goes;
    }

    /** Whether the failure came from the gateway, which may be down for long, rather than from the cluster. */
    boolean isAtGateway() {
        return atGateway;
    }

    /** Whether the failure came from a customer's cluster, or from what should let us reach it; losing a race there is neither. */
    boolean isAway(OpenCraneException failure) {
        return away && !atGateway && !LostRace.is(failure);
    }

    private void revokeKeys(
            Context there, Children gone, TenantBlueprint blueprint, Sharing sharing, String instanceId) {
        ModelKeyLifecycle keys = context.keys();
        if (keys == null) {
            return;
        }
        SecretKeyJournal journal =
                SecretKeyJournal.forCleanup(there.fresh(), blueprint.children(), blueprint.ownership(), sharing);
        if (!children.isPlan()) {
            try {
                keys.revoke(KeyOwner.of(tenant, context.settings(), instanceId), journal);
            } catch (OpenCraneException e) {
                atGateway = !journal.caused(e);
                throw e;
            }
        }
        // What the record could not make sense of goes too: its keys were found by their team.
        gone.remove(journal.ref(), there.fresh().get(journal.ref()), sharing);
        if (journal.wasDeleted()) {
            gone.record(new ChildChange(journal.ref(), Action.PRUNE, List.of()));
        }
    }

    /**
     * Where children may be. Before the first status that is not recorded for a tenant without a customer, and the deployed platform
     * records it for nobody; but in a customer's own cluster there are none before it is recorded.
     */
    private Set<Placement> places() {
        Placement placement = tenant.status().placement();
        if (placement != null) {
            return Set.of(placement);
        }
        Set<Placement> places =
                new LinkedHashSet<>(Set.of(new Placement("", tenant.metadata().namespace())));
        Parent.of(context, tenant)
                .map(Parent::placement)
                .filter(place -> place.cluster().isEmpty())
                .ifPresent(places::add);
        return places;
    }

    private TenantBlueprint blueprint(String namespace) {
        return new TenantBlueprint(new BlueprintInput(
                tenant,
                context.settings(),
                namespace,
                context.settings().ingress().domain(),
                null,
                EffectivePolicy.NONE,
                0,
                ComputeResources.NONE,
                RuntimeEntitlements.NONE.of(tenant)));
    }
}
