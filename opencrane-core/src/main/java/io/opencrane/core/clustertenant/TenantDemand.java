package io.opencrane.core.clustertenant;

import io.opencrane.api.resource.Quantity;

/** What a tenant asks of its customer's quota when its spec does not say (contract §3). */
public final class TenantDemand {
    /** The cores that the LimitRange of a customer's namespace makes a pod request. */
    public static final Quantity DEFAULT_CPU = Quantity.parse("100m");

    /** The memory that the LimitRange of a customer's namespace makes a pod request. */
    public static final Quantity DEFAULT_MEMORY = Quantity.parse("128Mi");

    /** The size of a tenant's state volume. */
    public static final Quantity STATE_VOLUME = Quantity.parse("1Gi");

    private TenantDemand() {}
}
