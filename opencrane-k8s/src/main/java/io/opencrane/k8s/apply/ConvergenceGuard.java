package io.opencrane.k8s.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.object.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Notices that the same apply to the same object is needed again and again, because somebody undoes it each time. Remembers only what was
 * applied within the last minutes; after a restart of the process it counts anew. Thread-safe.
 */
final class ConvergenceGuard {
    private static final int APPLIES = 3;
    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final Map<Place, Attempts> recent = new LinkedHashMap<>();

    ConvergenceGuard(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether one more apply is worth it. */
    synchronized boolean admits(String cluster, ObjectRef ref, GenericKubernetesResource desired) {
        forgetBefore(clock.instant().minus(WINDOW));
        Attempts before = recent.get(new Place(cluster, ref));
        return before == null || before.hash != desired.hashCode() || before.count < APPLIES;
    }

    /** Notes an apply that had an effect. */
    synchronized void applied(String cluster, ObjectRef ref, GenericKubernetesResource desired) {
        Place place = new Place(cluster, ref);
        int hash = desired.hashCode();
        Attempts before = recent.get(place);
        if (before == null || before.hash != hash) {
            recent.remove(place); // so that the order stays that of the times
            recent.put(place, new Attempts(hash, 1, clock.instant()));
        } else {
            recent.put(place, new Attempts(hash, before.count + 1, before.since));
        }
    }

    synchronized void forget(String cluster, ObjectRef ref) {
        recent.remove(new Place(cluster, ref));
    }

    private void forgetBefore(Instant oldest) {
        for (Iterator<Attempts> all = recent.values().iterator(); all.hasNext(); ) {
            if (!all.next().since.isBefore(oldest)) {
                return;
            }
            all.remove();
        }
    }

    /** Two clusters may have objects of one name. */
    private record Place(String cluster, ObjectRef ref) {}

    private record Attempts(int hash, int count, Instant since) {}
}
