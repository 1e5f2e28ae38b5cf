package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ComputeMode;
import io.opencrane.api.tenant.Tenant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant takes from where it lives: its customer, or the install itself.
 *
 * @param namespace where the children go
 * @param baseDomain the domain of its host
 * @param nodePool the dedicated node pool, or null for shared nodes
 * @param hasLimitRange whether our LimitRange is in force in the namespace
 */
record Parent(String namespace, String baseDomain, @Nullable String nodePool, boolean hasLimitRange) {
    /** The install itself, for a tenant without a customer. */
    static Parent install(Context context, Tenant tenant) {
        return new Parent(
                tenant.metadata().namespace(), context.settings().ingress().domain(), null, false);
    }

    /** A customer; empty while it has no namespace. */
    static Optional<Parent> customer(Context context, ClusterTenant customer) {
        String namespace = customer.status().boundNamespace();
        if (namespace == null || namespace.isEmpty()) {
            return Optional.empty();
        }
        String baseDomain = customer.spec().baseDomain();
        boolean dedicated = customer.spec().compute().mode() == ComputeMode.DEDICATED;
        return Optional.of(new Parent(
                namespace,
                baseDomain == null ? context.settings().ingress().domain() : baseDomain,
                dedicated ? customer.spec().compute().nodePool() : null,
                true));
    }

    /** Where a tenant belongs; empty while that cannot be said. */
    static Optional<Parent> of(Context context, Tenant tenant) {
        String ref = tenant.spec().clusterTenantRef();
        return ref == null
                ? Optional.of(install(context, tenant))
                : context.parents().find(ref).flatMap(customer -> customer(context, customer));
    }
}
