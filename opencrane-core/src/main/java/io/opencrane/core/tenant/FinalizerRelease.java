package io.opencrane.core.tenant;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.audit.RowsBehind;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.port.TenantRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lets tenants go without cleaning up, where no operator will ever do it. */
final class FinalizerRelease {
    private static final String ACTION = "tenant.release-finalizer";
    private static final int ATTEMPTS = 5;

    private final Cluster cluster;
    private final RowsBehind<Tenant, TenantId, TenantRow> rows;

    FinalizerRelease(Cluster cluster, RowsBehind<Tenant, TenantId, TenantRow> rows) {
        this.cluster = cluster;
        this.rows = rows;
    }

    List<TenantId> release(InstanceScope scope) {
        List<String> namespaces = scope.namespaces();
        if (namespaces.isEmpty() && !cluster.scope().namespaces().isEmpty()) {
            cluster.scope().require(""); // the whole cluster is more than this instance's
        }
        namespaces.forEach(cluster.scope()::require);
        List<TenantId> released = new ArrayList<>();
        List<TenantScan> scans = namespaces.isEmpty()
                ? List.of(TenantScan.of(cluster))
                : namespaces.stream()
                        .map(namespace -> TenantScan.of(cluster, namespace))
                        .toList();
        for (TenantScan scan : scans) {
            while (scan.hasNext()) {
                Tenant tenant = scan.next();
                if (release(tenant)) {
                    released.add(tenant.id());
                }
            }
        }
        return List.copyOf(released);
    }

    private boolean release(Tenant listed) {
        Tenant tenant = listed;
        for (int attempt = 1; ; attempt++) {
            if (!tenant.metadata().finalizers().contains(ResourceStore.FINALIZER)) {
                return false;
            }
            try {
                cluster.resources().removeFinalizer(tenant);
                if (tenant.metadata().isBeingDeleted()) {
                    rows.removed(tenant, ACTION);
                } else {
                    rows.wrote(tenant, ACTION, "released without cleaning up", Map.of());
                }
                return true;
            } catch (OpenCraneException e) {
                if (e.code() != ErrorCode.CONFLICT || attempt == ATTEMPTS) {
                    throw e;
                }
            }
            Optional<Tenant> now = cluster.resources()
                    .find(
                            Tenant.class,
                            tenant.metadata().namespace(),
                            tenant.metadata().name());
            if (now.isEmpty()) {
                return false;
            }
            tenant = now.get();
        }
    }
}
