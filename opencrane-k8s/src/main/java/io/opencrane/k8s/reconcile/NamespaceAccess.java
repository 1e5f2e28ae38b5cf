package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.k8s.blueprint.RoleGrant;
import java.util.Optional;

/**
 * Who may work in a customer's namespace, for example the ServiceAccount of the instance that serves it. Pure and thread-safe. Whoever
 * runs the reconciler must hold the role itself, or the verb {@code bind} on it: Kubernetes lets nobody grant more.
 */
@FunctionalInterface
public interface NamespaceAccess {
    /** Nobody is granted anything. */
    NamespaceAccess NONE = (customer, spec) -> Optional.empty();

    /**
     * The grant of one customer.
     *
     * @param customer the customer's name
     * @param spec what is wanted of it
     * @return the role and its subjects; empty for none, and then an earlier grant is removed
     */
    Optional<RoleGrant> of(String customer, ClusterTenantSpec spec);
}
