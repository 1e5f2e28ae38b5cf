package io.opencrane.core.clustertenant;

import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.clustertenant.QuotaDimension;
import io.opencrane.api.clustertenant.QuotaUse;
import io.opencrane.api.error.Problem;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether what tenants ask for fits into a quota, before anything is applied, and by how much it does not. Pure. */
public final class QuotaFit {
    private QuotaFit() {}

    /**
     * A demand against a quota.
     *
     * @param asked what all tenants ask for together
     * @param quota what they may have
     * @return a line for each dimension, limited or not
     */
    public static List<QuotaUse> of(TenantDemand asked, Quota quota) {
        return Arrays.stream(QuotaDimension.values())
                .map(dimension -> new QuotaUse(dimension, asked.in(dimension), dimension.limit(quota)))
                .toList();
    }

    /**
     * Whether a quota allows less than another in any dimension, so that it matters who is there.
     *
     * @param before the quota in force
     * @param after the quota to come
     * @return true if a limit is new or lower
     */
    public static boolean isLowered(Quota before, Quota after) {
        return Arrays.stream(QuotaDimension.values()).anyMatch(dimension -> isLowered(dimension, before, after));
    }

    private static boolean isLowered(QuotaDimension dimension, Quota before, Quota after) {
        @Nullable BigDecimal then = dimension.limit(before);
        @Nullable BigDecimal now = dimension.limit(after);
        return now != null && (then == null || now.compareTo(then) < 0);
    }

    /**
     * What is wrong with lowering a quota below what is asked for. A dimension that is not lowered may be overdrawn already: that is no
     * reason to refuse another change.
     *
     * @param asked what all tenants ask for together
     * @param before the quota in force
     * @param after the quota to come
     * @return the problems in the order of the dimensions; empty if everybody still fits
     */
    public static List<Problem> problems(TenantDemand asked, Quota before, Quota after) {
        return of(asked, after).stream()
                .filter(use -> !use.fits() && isLowered(use.dimension(), before, after))
                .map(QuotaFit::problem)
                .toList();
    }

    private static Problem problem(QuotaUse use) {
        QuotaDimension dimension = use.dimension();
        return new Problem(
                "spec.resources.quota." + dimension.wireName(),
                Problem.Code.OUT_OF_RANGE,
                "The attached tenants ask for " + dimension.format(use.asked()) + ", " + dimension.format(use.missing())
                        + " beyond the limit; allow as much, or suspend or move tenants first.");
    }
}
