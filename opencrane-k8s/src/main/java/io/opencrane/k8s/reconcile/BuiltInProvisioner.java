package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.ProvisionerCapabilities;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.StatusRequest;
import io.opencrane.core.clustertenant.ClusterTenantNames;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.apply.CustomerOwnership;
import io.opencrane.k8s.apply.Ownership.Claim;
import io.opencrane.k8s.blueprint.CustomerBlueprint;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.reconcile.Children.Effect;
import io.opencrane.k8s.reconcile.CustomerNamespace.Removal;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The tiers {@code shared} and {@code dedicatedNodes} behind the same SPI as a vendor's: a namespace of the home cluster and what is in
 * force there. {@link ClusterTenantReconciler} does these tiers by itself and needs none registered; this is for tools, and shows that the
 * SPI can be kept. Not for customers that a reconciler looks after: it knows of no network baseline and no grants, and so takes those away
 * that are in force. Thread-safe.
 */
public final class BuiltInProvisioner implements ClusterTenantProvisioner {
    private final ObjectStore objects;
    private final Applier applier;
    private final InstantSource clock;
    private final CustomerRules rules = new CustomerRules(NetworkBaseline.NONE, NamespaceAccess.NONE);

    private BuiltInProvisioner(ObjectStore objects, InstantSource clock) {
        this.objects = objects;
        this.clock = clock;
        applier = new Applier(objects, clock);
    }

    /**
     * Provisions in a cluster.
     *
     * @param objects the cluster's objects
     * @param clock dates what is retained
     * @return the provisioner
     */
    public static BuiltInProvisioner over(ObjectStore objects, InstantSource clock) {
        return new BuiltInProvisioner(objects, clock);
    }

    @Override
    public String id() {
        return Provisioners.BUILT_IN_ID;
    }

    @Override
    public ProvisionerCapabilities capabilities() {
        return new ProvisionerCapabilities(
                Set.of(IsolationTier.SHARED, IsolationTier.DEDICATED_NODES),
                true,
                ProvisionerCapabilities.DEFAULT_TIMEOUT);
    }

    @Override
    public Provisioning provision(ProvisionRequest request) {
        CustomerChildren names = names(request.name());
        try {
            LostRace.mayPass(() -> {
                namespace(names).bring(request.spec());
                return names;
            });
            return Provisioning.readyAtHome(names.namespace());
        } catch (Stop stop) {
            return Provisioning.failed(stop.sentence());
        }
    }

    @Override
    public Provisioning status(StatusRequest request) {
        CustomerChildren names = names(request.name());
        Optional<GenericKubernetesResource> found = objects.get(names.boundNamespace())
                .filter(live -> new CustomerOwnership(request.name()).of(live) == Claim.OURS)
                .filter(live -> !isRetained(live));
        if (found.isEmpty()) {
            return Provisioning.absent();
        }
        return found.get().getMetadata().getDeletionTimestamp() == null
                ? Provisioning.readyAtHome(names.namespace())
                : Provisioning.inProgress(null);
    }

    private static boolean isRetained(GenericKubernetesResource namespace) {
        return Objects.requireNonNullElse(namespace.getMetadata().getAnnotations(), Map.<String, String>of())
                .containsKey(CustomerBlueprint.RETAINED_SINCE);
    }

    @Override
    public Provisioning deprovision(DeprovisionRequest request) {
        CustomerChildren names = names(request.name());
        try {
            Removal removal = LostRace.mayPass(() -> namespace(names)
                    .remove(
                            CustomerRemains.in(objects, names.namespace()),
                            request.retainState(),
                            Conditions.unremembered(clock).now.toString()));
            return removal == Removal.GOING ? Provisioning.inProgress(null) : Provisioning.absent();
        } catch (Stop stop) {
            return Provisioning.failed(stop.sentence());
        }
    }

    private static CustomerChildren names(String customer) {
        return new CustomerChildren(customer, ClusterTenantNames.boundNamespace(customer));
    }

    private CustomerNamespace namespace(CustomerChildren names) {
        CustomerOwnership owner = new CustomerOwnership(names.customer());
        Children children = new Children(
                applier, owner, Conditions.unremembered(clock), CustomerRun.NAMESPACE, Effect.APPLY, false, () -> {});
        return new CustomerNamespace(objects, children, names, rules);
    }
}
