package io.opencrane.k8s.reconcile;

import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.tenant.Placement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A policy's status in the making. */
final class PolicyDraft extends Conditions {
    private final AccessPolicyStatus before;

    PolicyDraft(AccessPolicyStatus before, long generation, InstantSource clock) {
        super(before.conditions(), generation, clock);
        this.before = before;
    }

    /** Ready says whether every other condition holds, in the words of the first that does not. */
    AccessPolicyStatus finish(List<Placement> placements) {
        forget(READY);
        conditions().stream()
                .filter(condition -> !condition.isTrue())
                .findFirst()
                .ifPresentOrElse(this::notReady, () -> holds(READY, "Ready", ""));
        AccessPolicyStatus after = status(before.lastReconciled(), placements);
        return after.equals(before) ? before : status(now, placements);
    }

    boolean isWaitingForCilium() {
        return conditions().stream().anyMatch(condition -> condition.reason().equals(DomainsCondition.CILIUM_ABSENT));
    }

    private void notReady(Condition condition) {
        fails(READY, condition.reason(), condition.message());
    }

    private AccessPolicyStatus status(@Nullable Instant at, List<Placement> placements) {
        return new AccessPolicyStatus(at, conditions(), generation, placements);
    }
}
