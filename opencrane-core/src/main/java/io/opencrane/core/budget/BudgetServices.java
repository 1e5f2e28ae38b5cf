package io.opencrane.core.budget;

import io.opencrane.api.budget.BudgetService;
import io.opencrane.api.tenant.TenantService;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.settings.Settings;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Makes the budget service. Hosts get it from {@code OpenCrane}. */
public final class BudgetServices {
    private BudgetServices() {}

    /**
     * The service over a cluster and, where there are any, a model gateway and a projection.
     *
     * @param cluster the cluster
     * @param tenants the tenants of the same cluster
     * @param gateway the model gateway, or null: whatever needs it is then refused
     * @param store the projection, or null: there is then no history, no audit log and no ceiling
     * @param settings the instance's settings
     * @param clock tells the time
     * @return a thread-safe service that owns nothing
     */
    public static BudgetService using(
            Cluster cluster,
            TenantService tenants,
            @Nullable ModelGateway gateway,
            @Nullable ProjectionStore store,
            Settings settings,
            InstantSource clock) {
        return new DefaultBudgetService(new InstanceKeys(cluster, tenants, gateway, settings, clock), store, clock);
    }
}
