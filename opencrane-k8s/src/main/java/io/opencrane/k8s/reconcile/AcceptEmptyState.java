package io.opencrane.k8s.reconcile;

import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;

/**
 * The annotation by which a tenant's owner gives its state up: its value is the namespace in which an empty one is accepted, or
 * {@code <customer>/<namespace>} in a customer's own cluster.
 */
final class AcceptEmptyState {
    static final String ANNOTATION = "opencrane.io/accept-empty-state";

    private AcceptEmptyState() {}

    /** The annotation's value that accepts it there; unambiguous, as neither name has a slash. */
    static String value(Placement place) {
        return place.cluster().isEmpty() ? place.namespace() : place.cluster() + "/" + place.namespace();
    }

    static boolean isSaid(Tenant tenant, Placement place) {
        return value(place).equals(tenant.metadata().annotations().get(ANNOTATION));
    }
}
