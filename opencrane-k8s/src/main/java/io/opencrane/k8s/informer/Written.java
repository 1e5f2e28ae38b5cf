package io.opencrane.k8s.informer;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.k8s.object.ObjectRef;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * What was written and the informers may not have seen yet. Of two copies the one with the higher resourceVersion counts, as API servers
 * number them in fact (DECISIONS 39). An entry is forgotten when the informer has caught up, and after half a minute in any case, because
 * an informer that lists anew may miss that the object came and went.
 */
final class Written {
    private static final long KEPT_NANOS = Duration.ofSeconds(30).toNanos();

    private final Map<ObjectRef, Entry> entries = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;
    private volatile long lastSweep;

    Written(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.lastSweep = nanoTime.getAsLong();
    }

    void put(ObjectRef ref, GenericKubernetesResource object) {
        long now = nanoTime.getAsLong();
        // What nobody asks for again would stay for ever.
        if (now - lastSweep > KEPT_NANOS) {
            lastSweep = now;
            entries.values().removeIf(entry -> now - entry.at > KEPT_NANOS);
        }
        // Of two writers the one who wrote first may tell last.
        entries.merge(ref, new Entry(object, now), (one, other) -> isBefore(other.object, one.object) ? one : other);
    }

    int size() {
        return entries.size();
    }

    void deleted(ObjectRef ref, GenericKubernetesResource last) {
        entries.computeIfPresent(ref, (same, entry) -> isBefore(last, entry.object) ? entry : null);
    }

    /** The newer of what was written and what the informer has. */
    Optional<GenericKubernetesResource> newest(ObjectRef ref, Optional<GenericKubernetesResource> cached) {
        Entry entry = entries.get(ref);
        if (entry == null) {
            return cached;
        }
        boolean caughtUp = cached.isPresent() && !isBefore(cached.get(), entry.object);
        if (caughtUp || nanoTime.getAsLong() - entry.at > KEPT_NANOS) {
            entries.remove(ref, entry);
            return cached;
        }
        return Optional.of(entry.object);
    }

    private static boolean isBefore(GenericKubernetesResource one, GenericKubernetesResource other) {
        return version(one).compareTo(version(other)) < 0;
    }

    private static BigInteger version(GenericKubernetesResource object) {
        return new BigInteger(object.getMetadata().getResourceVersion());
    }

    private record Entry(GenericKubernetesResource object, long at) {}
}
