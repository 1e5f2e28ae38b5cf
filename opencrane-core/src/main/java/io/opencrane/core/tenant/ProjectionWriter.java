package io.opencrane.core.tenant;

import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.audit.AfterChange;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.TenantRow;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A tenant's row and audit entry behind a change of its custom resource. */
final class ProjectionWriter {
    private static final String FOUND_DELETED = "found deleted; its row was removed";

    private final AfterChange after;

    ProjectionWriter(@Nullable ProjectionStore store, InstantSource clock) {
        after = new AfterChange(store, clock);
    }

    ProjectionOutcome wrote(Tenant tenant, String action, String done, Map<String, ?> details) {
        return after.write(
                tenant.id(),
                action,
                store ->
                        store.tenants().write(RowMapping.row(tenant), after.entry(tenant.id(), action, done, details)));
    }

    ProjectionOutcome removed(Tenant tenant, String action) {
        return after.write(
                tenant.id(),
                action,
                store -> store.tenants()
                        .remove(
                                tenant.id(),
                                tenant.metadata().uid(),
                                after.entry(tenant.id(), action, "deleted", Map.of())));
    }

    /** Ends what a deletion that was killed between custom resource and row began; {@code now} reads the custom resource. */
    void removeLeftBehind(TenantId id, String action, Supplier<Optional<Tenant>> now) {
        Optional<TenantRow> left =
                after.read(id, action, store -> store.tenants().find(id)).flatMap(row -> row);
        if (left.isPresent()) {
            TenantRow row = left.get();
            // Asked again after the row was read: that row may be of a tenant created meanwhile.
            Optional<Tenant> there = now.get();
            if (there.isEmpty() || !there.get().metadata().uid().equals(row.uid())) {
                after.write(
                        id,
                        action,
                        store -> store.tenants()
                                .remove(id, row.uid(), after.entry(id, action, FOUND_DELETED, Map.of())));
            }
        }
    }
}
