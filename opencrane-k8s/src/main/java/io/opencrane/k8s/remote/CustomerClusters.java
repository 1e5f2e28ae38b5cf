package io.opencrane.k8s.remote;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.object.ObjectStore;

/** The clusters of customers of tier {@code dedicatedCluster}. Thread-safe. */
@FunctionalInterface
public interface CustomerClusters {
    /**
     * Reaches a customer's cluster.
     *
     * @param customer the customer, as read
     * @return its cluster, until closed
     * @throws OpenCraneException {@code DEPENDENCY_NOT_CONFIGURED} if this host reaches no customers' clusters, the customer's status
     *     names no kubeconfig, or what it names is not there or no kubeconfig that may be used; {@code FORBIDDEN},
     *     {@code UPSTREAM_ERROR} or {@code TIMEOUT} if the Secret cannot be read
     */
    Session open(ClusterTenant customer);

    /** A customer's cluster for the time of one run. Used by one thread. */
    interface Session extends AutoCloseable {
        /**
         * Its objects; reads are never cached.
         *
         * @return the store; not to be used once the session is closed
         */
        ObjectStore objects();

        /** Ends the use; a client that is not used any more may then be closed. */
        @Override
        void close();
    }

    /**
     * Reaches none.
     *
     * @return clusters that are refused by name
     */
    static CustomerClusters none() {
        return customer -> {
            throw new OpenCraneException(
                    ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                    customer.key().toString(),
                    "It has a cluster of its own, and this host was not told how to reach customers' clusters.");
        };
    }
}
