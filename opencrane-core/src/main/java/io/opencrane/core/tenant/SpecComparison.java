package io.opencrane.core.tenant;

import io.opencrane.api.tenant.TenantSpec;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether two specs ask for the same once the server has filled in defaults (DECISIONS 41). Pure. */
final class SpecComparison {
    private static final String DEFAULT_VERSION = "latest";

    private SpecComparison() {}

    static boolean isSame(TenantSpec a, TenantSpec b) {
        return a.displayName().equals(b.displayName())
                && a.email().equals(b.email())
                && sameText(a.team(), b.team())
                && sameText(a.openclawImage(), b.openclawImage())
                && version(a).equals(version(b))
                && sameMoney(a.monthlyBudgetUsd(), b.monthlyBudgetUsd())
                && a.resources().equals(b.resources())
                && a.skillAllowlist().equals(b.skillAllowlist())
                && a.mcpPolicy().equals(b.mcpPolicy())
                && a.channels().equals(b.channels())
                && a.configOverrides().equals(b.configOverrides())
                && sameText(a.policyRef(), b.policyRef())
                && sameText(a.clusterTenantRef(), b.clusterTenantRef())
                && a.suspended() == b.suspended();
    }

    private static boolean sameText(@Nullable String a, @Nullable String b) {
        return Objects.requireNonNullElse(a, "").equals(Objects.requireNonNullElse(b, ""));
    }

    private static boolean sameMoney(@Nullable BigDecimal a, @Nullable BigDecimal b) {
        return a == null || b == null ? a == b : a.compareTo(b) == 0;
    }

    private static String version(TenantSpec spec) {
        return spec.openclawVersion() == null ? DEFAULT_VERSION : spec.openclawVersion();
    }
}
