package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicyService;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.settings.Settings;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Makes the service of access policies. Hosts get it from {@code OpenCrane}. */
public final class AccessPolicyServices {
    private AccessPolicyServices() {}

    /**
     * The service over a cluster and, where there is one, a projection.
     *
     * @param cluster the cluster
     * @param tenants reads tenants
     * @param projection the projection, or null: rows and audit entries are then nobody's, and previews read the cluster
     * @param settings the default policy and the baseline
     * @param clock tells the time
     * @return a thread-safe service that owns nothing
     */
    public static AccessPolicyService using(
            Cluster cluster,
            TenantService tenants,
            @Nullable ProjectionStore projection,
            Settings settings,
            InstantSource clock) {
        return new DefaultAccessPolicyService(cluster, tenants, projection, settings, clock);
    }
}
