package io.opencrane.core.budget;

import io.opencrane.api.budget.BudgetEvent;
import io.opencrane.api.budget.BudgetListener;
import io.opencrane.api.budget.ThresholdReport;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.audit.AfterChange;
import io.opencrane.core.port.BudgetMark;
import io.opencrane.core.port.ModelGateway.TeamState;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.tenant.TenantScan;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a listener of crossed thresholds: told first, remembered second, so that a crash repeats an event and loses none. */
final class ThresholdWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ThresholdWatch.class);

    private final InstanceKeys keys;
    private final @Nullable ProjectionStore store;
    private final AfterChange after;
    private final InstantSource clock;
    private final Map<TenantId, BudgetMark> marksWithoutStore = new ConcurrentHashMap<>();

    ThresholdWatch(InstanceKeys keys, @Nullable ProjectionStore store, AfterChange after, InstantSource clock) {
        this.keys = keys;
        this.store = store;
        this.after = after;
        this.clock = clock;
    }

    ThresholdReport check(BudgetListener listener, List<Integer> percents) {
        Thresholds thresholds = new Thresholds(percents);
        Map<TenantId, BudgetMark> marks = marks();
        Map<String, TeamState> teams = new HashMap<>();
        keys.gateway().teams(keys.metadata()).forEach(team -> teams.put(team.teamId(), team));
        List<BudgetEvent> told = new ArrayList<>();
        int failed = 0;
        int pending = 0;
        TenantScan tenants = TenantScan.of(keys.cluster());
        while (tenants.hasNext()) {
            Optional<BudgetEvent> news = news(thresholds, tenants.next(), teams, marks);
            if (news.isPresent()) {
                if (!tell(listener, news.get())) {
                    failed++;
                    continue;
                }
                told.add(news.get());
                pending += remember(news.get()) ? 0 : 1;
            }
        }
        return new ThresholdReport(told, failed, pending);
    }

    private Optional<BudgetEvent> news(
            Thresholds thresholds, Tenant tenant, Map<String, TeamState> teams, Map<TenantId, BudgetMark> marks) {
        KeyOwner owner = keys.owner(tenant);
        TeamState team = teams.get(owner.teamId());
        return team == null || !owner.made(team.metadata())
                ? Optional.empty()
                : thresholds.news(tenant.id(), team, marks.get(tenant.id()), clock.instant());
    }

    private Map<TenantId, BudgetMark> marks() {
        if (store == null) {
            return marksWithoutStore;
        }
        Map<TenantId, BudgetMark> marks = new HashMap<>();
        store.budgetMarks().forEach(mark -> marks.put(mark.tenant(), mark));
        return marks;
    }

    /** A listener is the host's code: whatever it throws must not keep the other tenants from being told of. */
    private static boolean tell(BudgetListener listener, BudgetEvent event) {
        try {
            listener.onBudgetEvent(event);
            return true;
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("component", "budget")
                    .addKeyValue("tenant", event.tenant())
                    .addKeyValue("err", AfterChange.loggable(e))
                    .log("The budget listener failed; the event is told again with the next check.");
            return false;
        }
    }

    private boolean remember(BudgetEvent event) {
        BudgetMark mark = new BudgetMark(event.tenant(), event.percent(), event.resetsAt());
        if (store == null) {
            marksWithoutStore.put(mark.tenant(), mark);
        }
        return after.write(mark.tenant(), "budget.mark", target -> target.markBudget(mark))
                != ProjectionOutcome.PENDING;
    }
}
