package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.tenant.ComputeResources;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.budget.ModelKeyLifecycle;
import io.opencrane.core.port.RuntimeEntitlements;
import io.opencrane.core.tenant.PurgeRequest;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.ChildChange.Action;
import io.opencrane.k8s.blueprint.BlueprintInput;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        Optional<String> namespace = namespace();
        if (namespace.isPresent()) {
            TenantBlueprint blueprint = blueprint(namespace.get());
            for (ObjectRef child : goes(blueprint.children())) {
                children.remove(child, context.fresh().get(child));
            }
            revokeKeys(blueprint);
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

    private void revokeKeys(TenantBlueprint blueprint) {
        ModelKeyLifecycle keys = context.keys();
        if (keys != null) {
            SecretKeyJournal journal = SecretKeyJournal.fresh(context, blueprint);
            if (children.isPlan()) {
                if (journal.read().isPresent()) {
                    children.record(new ChildChange(journal.ref(), Action.PRUNE, List.of()));
                }
                return;
            }
            String instanceId = context.identity().get();
            atGateway = true;
            boolean revoked = keys.revoke(KeyOwners.of(tenant, context.settings(), instanceId), journal);
            atGateway = false;
            if (revoked) {
                children.record(new ChildChange(journal.ref(), Action.PRUNE, List.of()));
            }
        }
    }

    /** Where the children are; empty when the customer never had a namespace and so nothing was ever made. */
    private Optional<String> namespace() {
        Placement placement = tenant.status().placement();
        if (placement != null) {
            return Optional.of(placement.namespace());
        }
        String ref = tenant.spec().clusterTenantRef();
        if (ref == null) {
            return Optional.of(tenant.metadata().namespace());
        }
        return context.parents().find(ref).map(ClusterTenant::status).map(status -> status.boundNamespace());
    }

    private TenantBlueprint blueprint(String namespace) {
        return new TenantBlueprint(new BlueprintInput(
                tenant,
                context.settings(),
                namespace,
                "",
                null,
                null,
                0,
                ComputeResources.NONE,
                RuntimeEntitlements.NONE.of(tenant)));
    }
}
