package io.opencrane.testkit.cluster;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.remote.CustomerClusters;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Customers' own clusters in memory, one for each customer whose status names a kubeconfig; what the kubeconfig says does not matter.
 * Thread-safe.
 */
public final class InMemoryCustomerClusters implements CustomerClusters {
    private final InstantSource clock;
    private final Map<String, InMemoryCluster> clusters = new ConcurrentHashMap<>();

    /**
     * No clusters yet.
     *
     * @param clock what time objects are stamped with
     */
    public InMemoryCustomerClusters(InstantSource clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * A customer's cluster; made when it is first asked for, with a namespace {@code default} and nothing else.
     *
     * @param customer the name of the ClusterTenant
     * @return the same one each time
     */
    public InMemoryCluster of(String customer) {
        return clusters.computeIfAbsent(
                customer, name -> InMemoryCluster.create(InstanceScope.namespace("default"), clock));
    }

    @Override
    public Session open(ClusterTenant customer) {
        if (customer.status().kubeconfigSecretRef() == null) {
            throw new OpenCraneException(
                    ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                    customer.key().toString(),
                    "Its status names no Secret with a kubeconfig.");
        }
        ObjectStore objects = of(customer.metadata().name()).objects();
        return new Session() {
            @Override
            public ObjectStore objects() {
                return objects;
            }

            @Override
            public void close() {}
        };
    }
}
