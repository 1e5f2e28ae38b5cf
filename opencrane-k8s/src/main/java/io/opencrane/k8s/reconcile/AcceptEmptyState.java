package io.opencrane.k8s.reconcile;

import io.opencrane.api.tenant.Tenant;

/** The annotation by which a tenant's owner gives its state up: its value is the namespace in which an empty one is accepted. */
final class AcceptEmptyState {
    static final String ANNOTATION = "opencrane.io/accept-empty-state";

    private AcceptEmptyState() {}

    static boolean isSaid(Tenant tenant, String namespace) {
        return namespace.equals(tenant.metadata().annotations().get(ANNOTATION));
    }
}
