package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The key rows that one pod of several remembers from their last lookup (F16). Guarded by the monitor of the {@link ProxyState}. */
final class KeyCache {
    private static final Duration TIME_TO_LIVE = Duration.ofSeconds(60);

    private final Map<String, Cached> rows = new HashMap<>();

    /** Null unless it was looked up less than a minute ago. */
    @Nullable
    ObjectNode find(String hash, Instant now) {
        Cached cached = rows.get(hash);
        return cached == null || !now.isBefore(cached.until) ? null : cached.row;
    }

    void put(String hash, ObjectNode row, Instant now) {
        rows.put(hash, new Cached(row.deepCopy(), now.plus(TIME_TO_LIVE)));
    }

    void clear() {
        rows.clear();
    }

    private record Cached(ObjectNode row, Instant until) {}
}
