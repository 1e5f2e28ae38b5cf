package io.opencrane.core.tenant;

import io.opencrane.api.tenant.TenantService;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.settings.HostingProvider;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Makes the tenant service. Hosts get it from {@code OpenCrane}. */
public final class TenantServices {
    private TenantServices() {}

    /**
     * The service over a cluster and, where there is one, a projection.
     *
     * @param cluster the cluster
     * @param projection the projection, or null: rows and audit entries are then nobody's
     * @param hosting where tenants are hosted, which limits their names
     * @param clock tells the time
     * @return a thread-safe service that owns nothing
     */
    public static TenantService using(
            Cluster cluster, @Nullable ProjectionStore projection, HostingProvider hosting, InstantSource clock) {
        return new DefaultTenantService(cluster, projection, hosting, clock);
    }
}
