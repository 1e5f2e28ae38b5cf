package io.opencrane.api.clustertenant;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for in one dimension of a customer's quota, and what the quota allows.
 *
 * @param dimension which one
 * @param asked cores, bytes or a count that the tenants ask for together
 * @param limit what the quota allows, or null for no limit
 */
public record QuotaUse(
        QuotaDimension dimension,
        BigDecimal asked,
        @Nullable BigDecimal limit) {
    /**
     * By how much it does not fit.
     *
     * @return zero when it fits
     */
    public BigDecimal missing() {
        return limit == null ? BigDecimal.ZERO : asked.subtract(limit).max(BigDecimal.ZERO);
    }

    /**
     * Whether it fits.
     *
     * @return true up to and at the limit, and without one
     */
    public boolean fits() {
        return missing().signum() == 0;
    }

    /**
     * Reads like {@code memory: 3Gi of 2Gi, 1Gi missing}.
     *
     * @return the line for people
     */
    @Override
    public String toString() {
        return dimension.wireName() + ": " + dimension.format(asked)
                + (limit == null ? " of no limit" : " of " + dimension.format(limit))
                + (fits() ? "" : ", " + dimension.format(missing()) + " missing");
    }
}
