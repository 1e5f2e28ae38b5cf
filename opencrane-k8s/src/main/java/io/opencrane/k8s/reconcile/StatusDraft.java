package io.opencrane.k8s.reconcile;

import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.Condition.Status;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantStatus;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A status in the making. Times move only with content, so that an idle tenant's status stays the same to the byte (invariant 5). */
final class StatusDraft {
    static final String READY = "Ready";

    private final TenantStatus before;
    private final long generation;
    private final Instant now;
    private final Map<String, Condition> conditions = new LinkedHashMap<>();
    final TenantStatus.Builder fields;

    StatusDraft(TenantStatus before, long generation, InstantSource clock) {
        this.before = before;
        this.generation = generation;
        this.now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        this.fields = before.toBuilder();
        before.conditions().forEach(condition -> conditions.put(condition.type(), condition));
    }

    void holds(String type, String reason, String message) {
        set(type, Status.TRUE, reason, message);
    }

    void fails(String type, String reason, String message) {
        set(type, Status.FALSE, reason, message);
    }

    void forget(String type) {
        conditions.remove(type);
    }

    private void set(String type, Status status, String reason, String message) {
        Condition old = conditions.get(type);
        Instant since = old == null || old.status() != status ? null : old.lastTransitionTime();
        conditions.put(type, new Condition(type, status, reason, message, generation, since == null ? now : since));
    }

    boolean wasTrue(String type) {
        return before.conditions().stream().anyMatch(c -> c.type().equals(type) && c.isTrue());
    }

    /** Whether the status before said exactly this. */
    boolean said(String type, String reason, String message) {
        return before.conditions().stream()
                .anyMatch(c -> c.type().equals(type)
                        && c.reason().equals(reason)
                        && c.message().equals(message));
    }

    boolean hadReason(String type, String reason) {
        return before.conditions().stream()
                .anyMatch(c -> c.type().equals(type) && c.reason().equals(reason));
    }

    /** Ends the draft with the phase; Ready follows from it. */
    TenantStatus finish(TenantPhase phase, String reason, @Nullable String message) {
        String text = message == null ? "" : message;
        if (phase == TenantPhase.RUNNING) {
            holds(READY, reason, text);
        } else {
            fails(READY, reason, text);
        }
        List<Condition> ordered = new ArrayList<>(conditions.values());
        TenantStatus after = fields.phase(phase, message)
                .conditions(ordered)
                .observedGeneration(generation)
                .build();
        return after.equals(before)
                ? before
                : after.toBuilder().lastReconciled(now).build();
    }
}
