package io.opencrane.core.tenant;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.Pause;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.settings.HostingProvider;
import java.time.InstantSource;
import java.util.List;
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
     * @param pause lets it pass while a call waits
     * @return a thread-safe service that owns nothing
     */
    public static TenantService using(
            Cluster cluster,
            @Nullable ProjectionStore projection,
            HostingProvider hosting,
            InstantSource clock,
            Pause pause) {
        return new DefaultTenantService(cluster, projection, hosting, clock, pause);
    }

    /**
     * Removes our finalizer from the tenants of a scope without cleaning up.
     *
     * @param cluster the cluster
     * @param projection the projection, or null
     * @param clock tells the time
     * @param scope which tenants
     * @return the tenants that had it
     * @throws OpenCraneException {@code VALIDATION_ERROR} if the scope is wider than the cluster's
     */
    public static List<TenantId> releaseFinalizers(
            Cluster cluster, @Nullable ProjectionStore projection, InstantSource clock, InstanceScope scope) {
        return new FinalizerRelease(cluster, TenantRows.of(projection, clock)).release(scope);
    }
}
