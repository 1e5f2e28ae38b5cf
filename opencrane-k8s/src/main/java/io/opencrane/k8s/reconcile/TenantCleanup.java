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
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.key.SecretKeyJournal;
import io.opencrane.k8s.object.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Removes what a deleted tenant leaves, where it is; state volume and encryption key stay unless its owner asked for the purge (contract
 * §4). Looks at the server, never at a cache: what a cache misses would be left behind for ever. Used once.
 */
final class TenantCleanup {
    private final Context context;
    private final Tenant tenant;
    private final Children children;
    private boolean atGateway;

    TenantCleanup(Context context, Tenant tenant, Children children) {
        this.context = context;
        this.tenant = tenant;
        this.children = children;
    }

    void execute() {
        Set<String> namespaces = namespaces();
        for (String namespace : namespaces) {
            TenantBlueprint blueprint = blueprint(namespace);
            Sharing sharing = isShared(namespace) ? Sharing.WITH_A_NAMESAKE : Sharing.NONE;
            for (ObjectRef child : goes(blueprint.children())) {
                children.remove(child, context.fresh().get(child), sharing);
            }
            revokeKeys(blueprint, sharing);
        }
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

    private void revokeKeys(TenantBlueprint blueprint, Sharing sharing) {
        ModelKeyLifecycle keys = context.keys();
        if (keys == null) {
            return;
        }
        SecretKeyJournal journal =
                SecretKeyJournal.forCleanup(context.fresh(), blueprint.children(), blueprint.ownership(), sharing);
        if (!children.isPlan()) {
            String instanceId = context.instanceId().get();
            try {
                keys.revoke(KeyOwner.of(tenant, context.settings(), instanceId), journal);
            } catch (OpenCraneException e) {
                atGateway = !journal.caused(e);
                throw e;
            }
        }
        // What the record could not make sense of goes too: its keys were found by their team.
        children.remove(journal.ref(), context.fresh().get(journal.ref()), sharing);
        if (journal.wasDeleted()) {
            children.record(new ChildChange(journal.ref(), Action.PRUNE, List.of()));
        }
    }

    /**
     * Where children may be. Before the first status that is not recorded for a tenant without a customer, and the deployed platform
     * records it for nobody.
     */
    private Set<String> namespaces() {
        Placement placement = tenant.status().placement();
        if (placement != null) {
            return Set.of(placement.namespace());
        }
        Set<String> namespaces = new LinkedHashSet<>(Set.of(tenant.metadata().namespace()));
        Parent.of(context, tenant).map(Parent::namespace).ifPresent(namespaces::add);
        return namespaces;
    }

    /** Objects of the platform do not say for which of two namesakes they were made. */
    private boolean isShared(String namespace) {
        return context.resources().namesakes(tenant).stream()
                .map(namesake -> Parent.of(context, namesake))
                .flatMap(Optional::stream)
                .anyMatch(parent -> parent.namespace().equals(namespace));
    }

    private TenantBlueprint blueprint(String namespace) {
        return new TenantBlueprint(new BlueprintInput(
                tenant,
                context.settings(),
                namespace,
                context.settings().ingress().domain(),
                null,
                null,
                0,
                ComputeResources.NONE,
                RuntimeEntitlements.NONE.of(tenant)));
    }
}
