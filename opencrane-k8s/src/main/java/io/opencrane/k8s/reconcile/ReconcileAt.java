package io.opencrane.k8s.reconcile;

import io.opencrane.api.tenant.Tenant;
import org.jspecify.annotations.Nullable;

/** The annotation by which somebody asks for a reconcile that believes nothing (DECISIONS 22). */
final class ReconcileAt {
    private static final String ANNOTATION = "opencrane.io/reconcile-at";

    private ReconcileAt() {}

    static @Nullable String of(Tenant tenant) {
        return tenant.metadata().annotations().get(ANNOTATION);
    }

    /** Whether it is there and was not honoured yet. */
    static boolean isAsked(Tenant tenant) {
        String wanted = of(tenant);
        return wanted != null && !wanted.equals(tenant.status().observedReconcileAt());
    }
}
