package io.opencrane.k8s.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * When each customer's provisioner is to be asked again. A customer is reconciled whenever something in its namespace changes, and a
 * provisioner need not hear of that. Forgotten by a restart, which costs one question. Thread-safe.
 */
final class Pacing {
    private final Map<String, Answered> last = new ConcurrentHashMap<>();

    /**
     * What the last question led to.
     *
     * @param generation of the spec that it was about
     * @param until when the next makes sense
     * @param stop how the run ended, or null if it went on
     */
    record Answered(
            long generation, Instant until, @Nullable Stop stop) {
        Duration left(Instant now) {
            return Duration.between(now, until);
        }
    }

    /** The last answer, while it is too early for another question about the same spec. */
    Optional<Answered> tooEarly(String uid, long generation, Instant now) {
        return Optional.ofNullable(last.get(uid))
                .filter(answered -> answered.generation == generation && answered.until.isAfter(now));
    }

    void answered(String uid, long generation, Instant until, @Nullable Stop stop) {
        last.put(uid, new Answered(generation, until, stop));
    }

    void forget(String uid) {
        last.remove(uid);
    }
}
