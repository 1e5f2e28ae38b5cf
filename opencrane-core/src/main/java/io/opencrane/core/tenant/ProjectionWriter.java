package io.opencrane.core.tenant;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.TenantRow;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows behind a change that has already taken effect: whatever goes wrong here is reported as {@code PENDING} and logged, never
 * thrown, for the caller must learn that the change happened (DECISIONS 40).
 */
final class ProjectionWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectionWriter.class);
    private static final String FOUND_DELETED = "found deleted; its row was removed";

    private final @Nullable ProjectionStore store;
    private final InstantSource clock;

    ProjectionWriter(@Nullable ProjectionStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    ProjectionOutcome wrote(Tenant tenant, String action, String done, Map<String, ?> details) {
        return attempt(
                tenant.id(),
                action,
                target -> target.write(RowMapping.row(tenant), entry(tenant.id(), action, done, details)));
    }

    ProjectionOutcome removed(Tenant tenant, String action) {
        return attempt(
                tenant.id(),
                action,
                target -> target.remove(
                        tenant.id(), tenant.metadata().uid(), entry(tenant.id(), action, "deleted", Map.of())));
    }

    /** Ends what a deletion that was killed between custom resource and row began; {@code now} reads the custom resource. */
    void removeLeftBehind(TenantId id, String action, Supplier<Optional<Tenant>> now) {
        Optional<TenantRow> left = leftBehind(id, action);
        if (left.isPresent()) {
            TenantRow row = left.get();
            // Asked again after the row was read: that row may be of a tenant created meanwhile.
            Optional<Tenant> there = now.get();
            if (there.isEmpty() || !there.get().metadata().uid().equals(row.uid())) {
                attempt(id, action, target -> target.remove(id, row.uid(), entry(id, action, FOUND_DELETED, Map.of())));
            }
        }
    }

    /** The row of a tenant that the server says is gone, if one was left behind and can be read. */
    private Optional<TenantRow> leftBehind(TenantId id, String action) {
        if (store == null) {
            return Optional.empty();
        }
        try {
            return store.find(id);
        } catch (RuntimeException e) {
            warn(id, action, e, "Whether the deleted tenant left a row behind could not be told.");
            return Optional.empty();
        }
    }

    private AuditEntry entry(TenantId id, String action, String done, Map<String, ?> details) {
        String resource = id.key().toString();
        return new AuditEntry(clock.instant(), id, action, resource, resource + " " + done + ".", FreeForm.of(details));
    }

    private ProjectionOutcome attempt(TenantId id, String action, Effect effect) {
        if (store == null) {
            return ProjectionOutcome.NONE;
        }
        try {
            effect.on(store);
            return ProjectionOutcome.WRITTEN;
        } catch (RuntimeException e) {
            warn(id, action, e, "The change took effect, its row could not be written; drift shows it.");
            return ProjectionOutcome.PENDING;
        }
    }

    /** Our own exceptions are free of secrets by contract; of a stranger's only the type is safe to log. */
    private static void warn(TenantId id, String action, RuntimeException e, String sentence) {
        String err = e instanceof OpenCraneException
                ? String.valueOf(e.getMessage())
                : e.getClass().getName();
        LOG.atWarn()
                .addKeyValue("name", action)
                .addKeyValue("component", "projection")
                .addKeyValue("tenant", id)
                .addKeyValue("err", err)
                .log(sentence);
    }

    @FunctionalInterface
    private interface Effect {
        void on(ProjectionStore store);
    }
}
