package io.opencrane.core.clustertenant;

import io.opencrane.api.clustertenant.QuotaDimension;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.core.settings.HostingProvider;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What tenants ask of their customer's quota (contract §3): what their pods request, or what the LimitRange of the namespace makes them
 * request, and their state volumes. A tenant that sleeps has no pod and keeps its volume. Pure.
 *
 * @param cpu cores
 * @param memory bytes
 * @param storage bytes
 * @param pods how many
 */
public record TenantDemand(BigDecimal cpu, BigDecimal memory, BigDecimal storage, long pods) {
    /** The cores that the LimitRange of a customer's namespace makes a pod request. */
    public static final Quantity DEFAULT_CPU = Quantity.parse("100m");

    /** The memory that the LimitRange of a customer's namespace makes a pod request. */
    public static final Quantity DEFAULT_MEMORY = Quantity.parse("128Mi");

    /** The size of a tenant's state volume. */
    public static final Quantity STATE_VOLUME = Quantity.parse("1Gi");

    /** No tenant. */
    public static final TenantDemand NOTHING = new TenantDemand(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO, 0);

    /**
     * What one tenant asks for.
     *
     * @param spec its spec
     * @param hosting where its state is: a volume, or a bucket that no quota counts
     * @return its demand
     */
    public static TenantDemand of(TenantSpec spec, HostingProvider hosting) {
        BigDecimal storage = hosting == HostingProvider.GCP ? BigDecimal.ZERO : STATE_VOLUME.amount();
        if (spec.suspended()) {
            return new TenantDemand(BigDecimal.ZERO, BigDecimal.ZERO, storage, 0);
        }
        return new TenantDemand(
                requested(spec.resources().cpu(), DEFAULT_CPU),
                requested(spec.resources().memory(), DEFAULT_MEMORY),
                storage,
                1);
    }

    /** A request below zero never becomes a pod, so it frees nothing for others. */
    private static BigDecimal requested(@Nullable Quantity asked, Quantity otherwise) {
        return asked == null ? otherwise.amount() : asked.amount().max(BigDecimal.ZERO);
    }

    /**
     * What both ask for together.
     *
     * @param other another demand
     * @return the sum
     */
    public TenantDemand plus(TenantDemand other) {
        return new TenantDemand(
                cpu.add(other.cpu), memory.add(other.memory), storage.add(other.storage), pods + other.pods);
    }

    /**
     * What is asked for in one dimension. No tenant asks for GPUs.
     *
     * @param dimension which one
     * @return cores, bytes or a count
     */
    public BigDecimal in(QuotaDimension dimension) {
        return switch (dimension) {
            case CPU -> cpu;
            case MEMORY -> memory;
            case STORAGE -> storage;
            case PODS -> BigDecimal.valueOf(pods);
            case GPU -> BigDecimal.ZERO;
        };
    }
}
