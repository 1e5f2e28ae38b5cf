package io.opencrane.core.projection;

import io.opencrane.api.error.Problem;
import io.opencrane.api.projection.Mismatch;
import io.opencrane.api.projection.RepairReport.Action;
import io.opencrane.api.resource.Resource;
import io.opencrane.core.port.Row;
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
 * @param <W> the rows
 */
record RepairPlan<W extends Row>(
        Mismatch mismatch,
        Action action,
        String reason,
        @Nullable W row) {
    /** The reason for a row without custom resource. */
    static final String MISSING_SOURCE = "MISSING_SOURCE";

    /** The reason for a row that was not written because something newer is there. */
    static final String NEWER_THERE = "NEWER_THERE";

    /** What the reason for a row that PostgreSQL cannot hold begins with (DECISIONS 38). */
    static final String UNPROJECTABLE = "UNPROJECTABLE:";

    /**
     * Plans.
     *
     * @param mismatch what differs
     * @param source the custom resource; null if there is none
     * @param kind its kind
     * @return the plan
     */
    static <S extends Resource, W extends Row> RepairPlan<W> of(
            Mismatch mismatch, @Nullable S source, Projected<S, W> kind) {
        if (source == null) {
            return new RepairPlan<>(mismatch, Action.SKIPPED, MISSING_SOURCE, null);
        }
        W row = kind.row().apply(source);
        List<Problem> problems = kind.problems().apply(row);
        if (!problems.isEmpty()) {
            return new RepairPlan<>(
                    mismatch, Action.SKIPPED, UNPROJECTABLE + problems.get(0).path(), null);
        }
        return mismatch.issue() == Mismatch.Issue.MISSING_PROJECTION
                ? new RepairPlan<>(mismatch, Action.CREATED, "MISSING_PROJECTION", row)
                : new RepairPlan<>(
                        mismatch, Action.UPDATED, "FIELD_MISMATCH:" + String.join(",", mismatch.fields()), row);
    }

    /**
     * The same, skipped after all.
     *
     * @param why the reason
     * @return a plan that writes nothing
     */
    RepairPlan<W> skipped(String why) {
        return new RepairPlan<>(mismatch, Action.SKIPPED, why, null);
    }
}
