package io.opencrane.core.tenant;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ResourceStore;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads, edits and writes a tenant's custom resource under its {@code resourceVersion}. */
final class TenantChanges {
    private static final int MAX_ATTEMPTS = 3;

    private final ResourceStore store;

    TenantChanges(Cluster cluster) {
        store = cluster.resources();
    }

    Optional<Tenant> find(TenantId id) {
        return store.find(Tenant.class, id.namespace(), id.name());
    }

    Tenant get(TenantId id) {
        return find(id).orElseThrow(() -> notFound(id));
    }

    static OpenCraneException notFound(TenantId id) {
        return new OpenCraneException(ErrorCode.TENANT_NOT_FOUND, id.key().toString(), "There is no such tenant.");
    }

    /**
     * Applies an edit to the tenant as it is. Without a version to insist on, a concurrent change is met by reading again; with one, it
     * is the caller's to decide.
     */
    Tenant change(TenantId id, @Nullable String expectedVersion, UnaryOperator<Tenant> edit) {
        for (int attempt = 1; ; attempt++) {
            Tenant current = get(id);
            requireVersion(current, expectedVersion);
            requireAlive(current);
            Tenant desired = edit.apply(current);
            try {
                return store.patch(current, desired);
            } catch (OpenCraneException e) {
                if (e.code() != ErrorCode.CONFLICT) {
                    throw e;
                }
                Optional<Tenant> own = ownWrite(id, current, desired);
                if (own.isPresent()) {
                    return own.get();
                }
                if (expectedVersion != null) {
                    throw e;
                }
                if (attempt == MAX_ATTEMPTS) {
                    throw new OpenCraneException(
                            ErrorCode.CONFLICT,
                            id.key().toString(),
                            "Somebody else kept changing the tenant; try again.",
                            Retry.MAY_HELP,
                            e);
                }
            }
        }
    }

    /**
     * The conflict may be with ourselves: the write took effect, its response was lost, and the client below sent it again. Then the
     * tenant is exactly what was asked for.
     */
    private Optional<Tenant> ownWrite(TenantId id, Tenant before, Tenant desired) {
        return find(id).filter(now -> now.metadata()
                        .uid()
                        .equals(before.metadata().uid())
                && SpecComparison.isSame(now.spec(), desired.spec())
                && !SpecComparison.isSame(before.spec(), desired.spec())
                && now.metadata().annotations().equals(desired.metadata().annotations()));
    }

    static void requireAlive(Tenant tenant) {
        if (tenant.metadata().isBeingDeleted()) {
            throw new OpenCraneException(
                    ErrorCode.BEING_DELETED,
                    tenant.key().toString(),
                    "The tenant is on its way out; wait until it is gone.",
                    Retry.MAY_HELP,
                    null);
        }
    }

    private static void requireVersion(Tenant current, @Nullable String expected) {
        if (expected != null && !expected.equals(current.metadata().resourceVersion())) {
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    current.key().toString(),
                    "The tenant changed since it was read; read it again and decide.");
        }
    }
}
