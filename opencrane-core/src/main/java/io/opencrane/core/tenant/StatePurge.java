package io.opencrane.core.tenant;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.tenant.PurgeOutcome;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.audit.RowsBehind;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.TenantRow;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes a tenant with its state. The deletion comes before the wish that the state goes too: cut off in between, a tenant is gone whose
 * state is kept, which a second call mends; the other way round a later, ordinary deletion would take the state along.
 */
final class StatePurge {
    private static final String ACTION = "tenant.purge";
    private static final int ATTEMPTS = 5;

    private static final Logger LOG = LoggerFactory.getLogger(StatePurge.class);

    private final Cluster cluster;
    private final RowsBehind<Tenant, TenantId, TenantRow> rows;

    StatePurge(Cluster cluster, RowsBehind<Tenant, TenantId, TenantRow> rows) {
        this.cluster = cluster;
        this.rows = rows;
    }

    PurgeOutcome purge(TenantId id, String typedName) {
        if (!id.name().equals(typedName)) {
            throw new ValidationException(
                    id.key().toString(),
                    List.of(new Problem(
                            "typedName",
                            Problem.Code.CONTRADICTION,
                            "Type the tenant's name to delete its state for ever; nothing was deleted.")));
        }
        Tenant seen = null;
        for (int attempt = 1; ; attempt++) {
            Optional<Tenant> found = find(id);
            if (found.isEmpty()) {
                PurgeOutcome outcome = deleteNow(id);
                removeRow(id, seen);
                return outcome;
            }
            Tenant tenant = found.get();
            seen = tenant;
            if (!tenant.metadata().isBeingDeleted()) {
                cluster.resources().delete(tenant);
            } else if (PurgeRequest.isConfirmed(tenant) || asked(tenant)) {
                rows.removed(tenant, ACTION);
                return PurgeOutcome.WITH_THE_TENANT;
            }
            if (attempt == ATTEMPTS) {
                throw new OpenCraneException(
                        ErrorCode.CONFLICT,
                        id.key().toString(),
                        "Somebody else kept changing the tenant; purge it again.",
                        OpenCraneException.Retry.MAY_HELP,
                        null);
            }
        }
    }

    private Optional<Tenant> find(TenantId id) {
        return cluster.resources().find(Tenant.class, id.namespace(), id.name());
    }

    /** Of the tenant that was there a moment ago, or of one that went before its row did. */
    private void removeRow(TenantId id, @Nullable Tenant seen) {
        if (seen != null) {
            rows.removed(seen, ACTION);
        } else {
            rows.removeLeftBehind(id, id.key(), ACTION, () -> find(id));
        }
    }

    private PurgeOutcome deleteNow(TenantId id) {
        int deleted = cluster.deleteState(id);
        LOG.atInfo()
                .addKeyValue("name", ACTION)
                .addKeyValue("component", "tenant")
                .addKeyValue("tenant", id)
                .addKeyValue("deleted", deleted)
                .log("Deleted the state of a tenant that was gone");
        return deleted > 0 ? PurgeOutcome.DONE : PurgeOutcome.NOTHING_LEFT;
    }

    /** False when it changed or went in between. */
    private boolean asked(Tenant tenant) {
        try {
            cluster.resources().patch(tenant, PurgeRequest.confirmed(tenant));
            return true;
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.CONFLICT && e.code() != ErrorCode.TENANT_NOT_FOUND) {
                throw e;
            }
            return false;
        }
    }
}
