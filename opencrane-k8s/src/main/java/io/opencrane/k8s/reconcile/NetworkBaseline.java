package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.blueprint.NetworkFence;
import java.util.List;

/**
 * The network policies that are in force in a customer's namespace whatever its tenants' access policies say. Pure and thread-safe;
 * equal questions get equal answers.
 */
@FunctionalInterface
public interface NetworkBaseline {
    /** No baseline. */
    NetworkBaseline NONE = (customer, namespace) -> List.of();

    /**
     * The instance's fence around every pod of a customer's namespace.
     *
     * @param fence the fence, for example {@code NetworkFence.of(settings)}
     * @return a baseline of one NetworkPolicy
     */
    static NetworkBaseline of(NetworkFence fence) {
        return (customer, namespace) -> List.of(fence.aroundNamespace(namespace));
    }

    /**
     * The policies of one namespace.
     *
     * @param customer the customer's name
     * @param namespace its bound namespace
     * @return NetworkPolicies as desired, of different names; their names and specs count, and namespace and labels are the customer's. One
     *     that is no longer returned is removed
     */
    List<GenericKubernetesResource> policies(String customer, String namespace);
}
