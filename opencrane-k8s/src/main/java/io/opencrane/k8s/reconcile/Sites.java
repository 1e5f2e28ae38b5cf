package io.opencrane.k8s.reconcile;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.remote.CustomerClusters.Session;
import io.opencrane.k8s.remote.CustomerObjects;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The clusters that one run works in: home, and customers' own, each opened when the run comes to it and closed at its end. A customer is
 * read once in a run. Used by one thread.
 */
final class Sites implements AutoCloseable {
    private final Context home;
    private final Map<String, Context> customers = new HashMap<>();
    private final List<Session> sessions = new ArrayList<>();

    Sites(Context context) {
        Map<String, Optional<ClusterTenant>> read = new HashMap<>();
        home = context.with(name -> read.computeIfAbsent(name, context.parents()::find));
    }

    Context home() {
        return home;
    }

    /**
     * What to work with in a cluster.
     *
     * @param cluster the name of the ClusterTenant whose cluster it is; empty for home
     * @throws OpenCraneException {@code DEPENDENCY_NOT_CONFIGURED} if there is no way to reach it; see {@code CustomerClusters}
     */
    Context at(String cluster) {
        if (cluster.isEmpty()) {
            return home;
        }
        Context known = customers.get(cluster);
        if (known != null) {
            return known;
        }
        ClusterTenant customer = home.parents()
                .find(cluster)
                .orElseThrow(
                        () -> new OpenCraneException(
                                ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                                "ClusterTenant " + cluster,
                                "It does not exist any more, so its cluster, which has children of the tenant, cannot be reached."));
        Session session = home.clusters().open(customer);
        sessions.add(session);
        Context there = home.in(cluster, CustomerObjects.of(customer, session));
        customers.put(cluster, there);
        return there;
    }

    @Override
    public void close() {
        sessions.forEach(Session::close);
    }
}
