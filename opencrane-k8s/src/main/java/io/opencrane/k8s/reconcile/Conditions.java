package io.opencrane.k8s.reconcile;

import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.Condition.Status;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Conditions in the making. Times move only with content, so that an idle object's status stays the same to the byte (invariant 5). */
class Conditions {
    static final String READY = "Ready";

    private final List<Condition> before;
    private final Map<String, Condition> conditions = new LinkedHashMap<>();
    final long generation;
    final Instant now;

    Conditions(List<Condition> before, long generation, InstantSource clock) {
        this.before = before;
        this.generation = generation;
        this.now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        before.forEach(condition -> conditions.put(condition.type(), condition));
    }

    /** Conditions that nobody keeps: a change that does not last is tried again when the applier has forgotten it. */
    static Conditions unremembered(InstantSource clock) {
        return new Conditions(List.of(), 0, clock);
    }

    final void holds(String type, String reason, String message) {
        set(type, Status.TRUE, reason, message, generation);
    }

    final void fails(String type, String reason, String message) {
        set(type, Status.FALSE, reason, message, generation);
    }

    final void forget(String type) {
        conditions.remove(type);
    }

    /** @param observed the generation that the condition is about, which need not be the present one */
    final void set(String type, Status status, String reason, String message, long observed) {
        // What was set before in this run does not count: a status that swings within it and comes out the same has not
        // moved.
        Instant since = before(type)
                .filter(old -> old.status() == status)
                .map(Condition::lastTransitionTime)
                .orElse(null);
        conditions.put(type, new Condition(type, status, reason, message, observed, since == null ? now : since));
    }

    /** The condition as it was before. */
    final Optional<Condition> before(String type) {
        return before.stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst();
    }

    final boolean wasTrue(String type) {
        return before(type).filter(Condition::isTrue).isPresent();
    }

    /** Whether the status before said exactly this. */
    final boolean said(String type, String reason, String message) {
        return before(type)
                .filter(c -> c.reason().equals(reason) && c.message().equals(message))
                .isPresent();
    }

    /** The sentence that the status has for this reason already: what is said in the same words each time costs one write and not one a look. */
    final String inTheSameWords(String type, String reason, String sentence) {
        return before(type)
                .filter(condition -> condition.reason().equals(reason))
                .map(Condition::message)
                .orElse(sentence);
    }

    final boolean hadReason(String type, String reason) {
        return before(type).filter(c -> c.reason().equals(reason)).isPresent();
    }

    final List<Condition> conditions() {
        return List.copyOf(conditions.values());
    }
}
