package io.opencrane.core.projection;

import static io.opencrane.core.projection.Comparison.absent;
import static io.opencrane.core.projection.Comparison.add;
import static io.opencrane.core.projection.Comparison.sameText;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.DriftReport;
import io.opencrane.api.projection.FieldDifference;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.core.port.TenantRow;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares tenants with their rows (DECISIONS 36, 37). Null and absent are equal, as are an empty text and none; the order of members in
 * free-form JSON is noise; money is compared at the scale of its column. A tenant that is being deleted is neither missing nor
 * different, whether its row is still there or not. Pure.
 */
public final class TenantDrift {
    /** The wire names of the fields compared, in the order of a report. */
    public static final List<String> COMPARED_FIELDS = List.of(
            "displayName",
            "email",
            "team",
            "configOverrides",
            "clusterTenantRef",
            "suspended",
            "openclawVersion",
            "monthlyBudgetUsd",
            "policyRef");

    static final Comparison<Tenant, TenantRow> COMPARISON = new Fields();

    private TenantDrift() {}

    /**
     * Compares, without holding more than one tenant and one row.
     *
     * @param source custom resources, ascending
     * @param projection rows, ascending
     * @param sink takes the mismatches, ascending
     * @return the counts
     * @throws OpenCraneException {@code UPSTREAM_ERROR} if a stream does not ascend: a merge would then report drift that is none
     */
    public static DriftReport.Summary compare(
            Iterator<Tenant> source, Iterator<TenantRow> projection, DriftSink<Tenant> sink) {
        return Drift.compare(COMPARISON, source, projection, sink);
    }

    private static final class Fields implements Comparison<Tenant, TenantRow> {
        @Override
        public List<String> fields() {
            return COMPARED_FIELDS;
        }

        @Override
        public boolean isSame(Tenant tenant, TenantRow row) {
            TenantSpec spec = tenant.spec();
            return spec.displayName().equals(row.displayName())
                    && spec.email().equals(row.email())
                    && sameText(spec.team(), row.team())
                    && spec.configOverrides().equals(row.configOverrides())
                    && sameText(spec.clusterTenantRef(), row.clusterTenantRef())
                    && spec.suspended() == row.suspended()
                    && sameText(spec.openclawVersion(), row.openclawVersion())
                    && sameMoney(spec.monthlyBudgetUsd(), row.monthlyBudgetUsd())
                    && sameText(spec.policyRef(), row.policyRef());
        }

        @Override
        public List<FieldDifference> differences(Tenant tenant, TenantRow row) {
            TenantSpec spec = tenant.spec();
            List<FieldDifference> found = new ArrayList<>();
            add(found, "displayName", spec.displayName(), row.displayName());
            add(found, "email", spec.email(), row.email());
            add(found, "team", absent(spec.team()), absent(row.team()));
            add(found, "configOverrides", unlessEmpty(spec.configOverrides()), unlessEmpty(row.configOverrides()));
            add(found, "clusterTenantRef", absent(spec.clusterTenantRef()), absent(row.clusterTenantRef()));
            add(found, "suspended", spec.suspended(), row.suspended());
            add(found, "openclawVersion", absent(spec.openclawVersion()), absent(row.openclawVersion()));
            add(
                    found,
                    "monthlyBudgetUsd",
                    Projectable.atScale(spec.monthlyBudgetUsd()),
                    Projectable.atScale(row.monthlyBudgetUsd()));
            add(found, "policyRef", absent(spec.policyRef()), absent(row.policyRef()));
            return found;
        }
    }

    private static @Nullable FreeForm unlessEmpty(FreeForm value) {
        return value.isEmpty() ? null : value;
    }

    private static boolean sameMoney(@Nullable BigDecimal a, @Nullable BigDecimal b) {
        return Objects.equals(a, b) || Objects.equals(Projectable.atScale(a), Projectable.atScale(b));
    }
}
