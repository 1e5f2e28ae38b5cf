package io.opencrane.core.tenant;

import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.audit.AfterChange;
import io.opencrane.core.audit.RowsBehind;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.TenantRow;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The rows of tenants behind changes of their custom resources. */
final class TenantRows {
    private TenantRows() {}

    static RowsBehind<Tenant, TenantId, TenantRow> of(@Nullable ProjectionStore projection, InstantSource clock) {
        return new RowsBehind<>(
                new AfterChange(projection, clock), ProjectionStore::tenants, Tenant::id, RowMapping::row);
    }
}
