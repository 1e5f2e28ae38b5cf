package io.opencrane.core.tenant;

import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantSummary;
import io.opencrane.core.port.TenantRow;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a tenant's custom resource becomes its row, and either of them a line in a list. Pure. */
public final class RowMapping {
    private RowMapping() {}

    /**
     * The row of a tenant.
     *
     * @param tenant the tenant as read from the server
     * @return its row, {@code updatedAt} open
     */
    public static TenantRow row(Tenant tenant) {
        return new TenantRow(
                tenant.id(),
                tenant.metadata().uid(),
                tenant.metadata().resourceVersion(),
                createdAt(tenant),
                tenant.spec().displayName(),
                tenant.spec().email(),
                tenant.spec().team(),
                tenant.spec().openclawVersion(),
                tenant.spec().monthlyBudgetUsd(),
                tenant.spec().configOverrides(),
                tenant.spec().policyRef(),
                tenant.spec().clusterTenantRef(),
                tenant.spec().suspended(),
                phase(tenant),
                tenant.status().ingressHost(),
                null);
    }

    /**
     * A tenant's line in a list.
     *
     * @param tenant the tenant as read from the server
     * @return the line
     */
    public static TenantSummary summary(Tenant tenant) {
        return summary(row(tenant));
    }

    /**
     * A row's line in a list.
     *
     * @param row the row
     * @return the line
     */
    public static TenantSummary summary(TenantRow row) {
        return new TenantSummary(
                row.id().namespace(),
                row.id().name(),
                row.displayName(),
                row.email(),
                row.team(),
                row.phase(),
                row.ingressHost(),
                row.createdAt());
    }

    /**
     * Where a tenant stands.
     *
     * @param tenant the tenant
     * @return its phase; pending before anybody reconciled it
     */
    public static TenantPhase phase(Tenant tenant) {
        TenantPhase observed = tenant.status().phase();
        return observed == null ? TenantPhase.PENDING : observed;
    }

    /** No server leaves it out; where it is missing the row counts as the oldest and so never overwrites another. */
    private static Instant createdAt(Tenant tenant) {
        @Nullable Instant stored = tenant.metadata().creationTimestamp();
        return stored == null ? Instant.EPOCH : stored;
    }
}
