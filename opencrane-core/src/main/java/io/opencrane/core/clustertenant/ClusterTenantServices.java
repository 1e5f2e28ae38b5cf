package io.opencrane.core.clustertenant;

import io.opencrane.api.clustertenant.ClusterTenantService;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.Pause;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.core.settings.HostingProvider;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Makes the service of customers. Hosts get it from {@code OpenCrane}. */
public final class ClusterTenantServices {
    private ClusterTenantServices() {}

    /**
     * The service over a cluster and, where there is one, a projection.
     *
     * @param cluster the cluster; unless its scope is the whole cluster, every call is refused
     * @param tenants deletes a customer's tenants with it
     * @param provisioners say which tiers there are
     * @param projection the projection, or null: audit entries are then nobody's
     * @param hosting where tenants are hosted, which decides whether their state counts
     * @param clock tells the time
     * @param pause lets it pass while a call waits
     * @return a thread-safe service that owns nothing
     */
    public static ClusterTenantService using(
            Cluster cluster,
            TenantService tenants,
            Provisioners provisioners,
            @Nullable ProjectionStore projection,
            HostingProvider hosting,
            InstantSource clock,
            Pause pause) {
        return new DefaultClusterTenantService(cluster, tenants, provisioners, projection, hosting, clock, pause);
    }
}
