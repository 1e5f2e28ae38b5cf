package io.opencrane.core.projection;

import io.opencrane.api.error.Problem;
import io.opencrane.api.projection.Mismatch;
import io.opencrane.api.projection.RepairReport.Action;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.port.TenantRow;
import io.opencrane.core.tenant.RowMapping;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a repair does with one mismatch. The custom resource wins; a row without one is left alone, for it may be mid-deletion (contract
 * §6). Pure.
 *
 * @param mismatch what differs
 * @param action what to do
 * @param reason why: {@code MISSING_PROJECTION}, {@code FIELD_MISMATCH:<fields>}, or for what is skipped {@code MISSING_SOURCE} or
 *     {@code UNPROJECTABLE:<field>}
 * @param row the row to write; null when skipped
 */
public record RepairPlan(
        Mismatch mismatch,
        Action action,
        String reason,
        @Nullable TenantRow row) {
    /** The reason for a row without custom resource. */
    public static final String MISSING_SOURCE = "MISSING_SOURCE";

    /** The reason for a row that was not written because something newer is there. */
    public static final String NEWER_THERE = "NEWER_THERE";

    /** What the reason for a row that PostgreSQL cannot hold begins with (DECISIONS 38). */
    public static final String UNPROJECTABLE = "UNPROJECTABLE:";

    /**
     * Plans.
     *
     * @param mismatch what differs
     * @param source the custom resource; null if there is none
     * @return the plan
     */
    public static RepairPlan of(Mismatch mismatch, @Nullable Tenant source) {
        if (source == null) {
            return new RepairPlan(mismatch, Action.SKIPPED, MISSING_SOURCE, null);
        }
        TenantRow row = RowMapping.row(source);
        List<Problem> problems = Projectable.problems(row);
        if (!problems.isEmpty()) {
            return new RepairPlan(
                    mismatch, Action.SKIPPED, UNPROJECTABLE + problems.get(0).path(), null);
        }
        return mismatch.issue() == Mismatch.Issue.MISSING_PROJECTION
                ? new RepairPlan(mismatch, Action.CREATED, "MISSING_PROJECTION", row)
                : new RepairPlan(
                        mismatch, Action.UPDATED, "FIELD_MISMATCH:" + String.join(",", mismatch.fields()), row);
    }

    /**
     * The same, skipped after all.
     *
     * @param why the reason
     * @return a plan that writes nothing
     */
    public RepairPlan skipped(String why) {
        return new RepairPlan(mismatch, Action.SKIPPED, why, null);
    }
}
