package io.opencrane.core.projection;

import io.opencrane.api.error.ValidationException;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.projection.RepairReport;
import io.opencrane.api.projection.RepairReport.Action;
import io.opencrane.core.port.ProjectionStore.Written;
import io.opencrane.core.port.Row;
import io.opencrane.core.port.RowStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One repair on its way: plans come in, full chunks of writes go out, one transaction each, and entries gather in the order of the
 * plans. Not thread-safe.
 */
final class RepairRun<W extends Row> {
    /** Rows in one transaction. */
    static final int CHUNK = 500;

    private final Projected<?, W> kind;
    private final @Nullable RowStore<?, W, ?> target;
    private final List<RepairReport.Entry> entries = new ArrayList<>();
    /** Plans whose entry is not settled yet, skipped ones among them so that order is kept. */
    private final List<RepairPlan<W>> open = new ArrayList<>();

    private int writes;
    private long repaired;
    private long skipped;

    /** Writes to {@code target}; without one it is a dry run. */
    RepairRun(Projected<?, W> kind, @Nullable RowStore<?, W, ?> target) {
        this.kind = kind;
        this.target = target;
    }

    void add(RepairPlan<W> plan) {
        open.add(plan);
        if (plan.row() != null) {
            writes++;
        }
        if (writes == CHUNK) {
            settle();
        }
    }

    RepairReport report() {
        settle();
        return new RepairReport(
                kind.kind(), target == null ? RepairMode.DRY_RUN : RepairMode.APPLY, repaired, skipped, entries);
    }

    private void settle() {
        if (target != null && writes > 0) {
            List<Integer> wanted = new ArrayList<>();
            for (int i = 0; i < open.size(); i++) {
                if (open.get(i).row() != null) {
                    wanted.add(i);
                }
            }
            write(target, wanted);
        }
        open.forEach(this::enter);
        open.clear();
        writes = 0;
    }

    /** A chunk that is refused is halved until the row to blame stands alone (DECISIONS 38). */
    private void write(RowStore<?, W, ?> store, List<Integer> at) {
        List<W> rows =
                at.stream().map(i -> Objects.requireNonNull(open.get(i).row())).toList();
        List<Written> written;
        try {
            written = store.writeAll(rows, kind.repairAction());
        } catch (ValidationException e) {
            if (at.size() == 1) {
                skip(at.get(0), RepairPlan.UNPROJECTABLE + e.problems().get(0).path());
            } else {
                write(store, at.subList(0, at.size() / 2));
                write(store, at.subList(at.size() / 2, at.size()));
            }
            return;
        }
        for (int i = 0; i < at.size(); i++) {
            if (written.get(i) == Written.NEWER_THERE) {
                skip(at.get(i), RepairPlan.NEWER_THERE);
            }
        }
    }

    private void skip(int at, String reason) {
        open.set(at, open.get(at).skipped(reason));
    }

    private void enter(RepairPlan<W> plan) {
        if (plan.action() == Action.SKIPPED) {
            skipped++;
        } else {
            repaired++;
        }
        entries.add(new RepairReport.Entry(
                plan.mismatch().namespace(), plan.mismatch().name(), plan.action(), plan.reason(), target == null));
    }
}
