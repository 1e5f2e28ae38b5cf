package io.opencrane.core.projection;

import io.opencrane.api.projection.ProjectionService;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ProjectionStore;
import org.jspecify.annotations.Nullable;

/** Makes the projection service. Hosts get it from {@code OpenCrane}. */
public final class ProjectionServices {
    private ProjectionServices() {}

    /**
     * The service over a cluster and a projection. A repair that writes does so while it reads, so the projection's pool needs two
     * connections.
     *
     * @param cluster the cluster
     * @param projection the projection, or null: every call is then refused
     * @return a thread-safe service that owns nothing
     */
    public static ProjectionService using(Cluster cluster, @Nullable ProjectionStore projection) {
        return new DefaultProjectionService(cluster, projection);
    }
}
