package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ComputeMode;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.k8s.apply.Ownership.Sharing;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant takes from where it lives: its customer, or the install itself.
 *
 * @param cluster the customer whose own cluster the children go to; empty for home
 * @param namespace where the children go
 * @param baseDomain the domain of its host
 * @param nodePool the dedicated node pool, or null for shared nodes
 * @param hasLimitRange whether our LimitRange is in force in the namespace
 */
record Parent(
        String cluster,
        String namespace,
        String baseDomain,
        @Nullable String nodePool,
        boolean hasLimitRange) {
    /** The install itself, for a tenant without a customer. */
    static Parent install(Context context, Tenant tenant) {
        return new Parent(
                "", tenant.metadata().namespace(), context.settings().ingress().domain(), null, false);
    }

    /** A customer; empty while it has no namespace, or is to have a cluster and nobody says how to reach it. */
    static Optional<Parent> customer(Context context, ClusterTenant customer) {
        String namespace = customer.status().boundNamespace();
        boolean ownCluster = hasOwnCluster(customer);
        boolean awaited = ownCluster && customer.status().kubeconfigSecretRef() == null;
        if (namespace == null || namespace.isEmpty() || awaited) {
            return Optional.empty();
        }
        String baseDomain = customer.spec().baseDomain();
        boolean dedicated = customer.spec().compute().mode() == ComputeMode.DEDICATED;
        return Optional.of(new Parent(
                ownCluster ? customer.metadata().name() : "",
                namespace,
                baseDomain == null ? context.settings().ingress().domain() : baseDomain,
                dedicated ? customer.spec().compute().nodePool() : null,
                true));
    }

    /** Also one whose tier was changed since it was provisioned, which it refuses: its namespace is one of that cluster, not of home. */
    static boolean hasOwnCluster(ClusterTenant customer) {
        return customer.spec().isolationTier() == IsolationTier.DEDICATED_CLUSTER
                || CustomerRun.wasAskedFor(customer.status());
    }

    Placement placement() {
        return new Placement(cluster, namespace);
    }

    /** For people. */
    static String describe(Placement place) {
        return "namespace " + place.namespace()
                + (place.cluster().isEmpty() ? "" : " of the cluster of ClusterTenant " + place.cluster());
    }

    /** Where a tenant belongs; empty while that cannot be said. */
    static Optional<Parent> of(Context context, Tenant tenant) {
        String ref = tenant.spec().clusterTenantRef();
        return ref == null
                ? Optional.of(install(context, tenant))
                : context.parents().find(ref).flatMap(customer -> customer(context, customer));
    }

    /** Whether a namesake belongs there too: objects of the platform do not say for which of the two they were made. */
    static Sharing sharing(Context context, Tenant tenant, Placement place) {
        boolean isShared = context.resources().namesakes(tenant).stream()
                .map(namesake -> of(context, namesake))
                .flatMap(Optional::stream)
                .anyMatch(parent -> parent.placement().equals(place));
        return isShared ? Sharing.WITH_A_NAMESAKE : Sharing.NONE;
    }
}
