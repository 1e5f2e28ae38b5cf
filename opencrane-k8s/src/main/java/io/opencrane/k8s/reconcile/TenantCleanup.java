package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.tenant.ComputeResources;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.budget.ModelKeyLifecycle;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.blueprint.BlueprintInput;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import java.util.List;
import java.util.Optional;

/** Removes what a deleted tenant leaves, where it is; state volume and encryption key stay (contract §4). Used once. */
final class TenantCleanup {
    private final Context context;
    private final Tenant tenant;
    private boolean atGateway;

    TenantCleanup(Context context, Tenant tenant) {
        this.context = context;
        this.tenant = tenant;
    }

    void execute() {
        Optional<String> namespace = namespace();
        if (namespace.isPresent()) {
            TenantBlueprint blueprint = blueprint(namespace.get());
            TenantChildren children = blueprint.children();
            Applier applier = context.applier();
            for (ObjectRef child : List.of(
                    children.ingress(),
                    children.service(),
                    children.deployment(),
                    children.config(),
                    children.serviceAccount())) {
                applier.deleteOwn(child, blueprint.ownership());
            }
            revokeKeys(blueprint);
        }
    }

    /** Whether the failure came from the gateway, which may be down for long, rather than from the cluster. */
    boolean isAtGateway() {
        return atGateway;
    }

    private void revokeKeys(TenantBlueprint blueprint) {
        ModelKeyLifecycle keys = context.keys();
        if (keys != null) {
            SecretKeyJournal journal = new SecretKeyJournal(context.objects(), blueprint);
            String instanceId = context.identity().get();
            atGateway = true;
            keys.revoke(KeyOwners.of(tenant, context.settings(), instanceId), journal);
            atGateway = false;
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
        return new TenantBlueprint(
                new BlueprintInput(tenant, context.settings(), namespace, "", null, null, 0, ComputeResources.NONE));
    }
}
