package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.testkit.litellm.SpendBook.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests and tokens a minute, of keys and teams (litellm.md §3, F22). Guarded by the monitor of the {@link ProxyState}. */
final class RateLimits {
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final DateTimeFormatter RESET_AT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);

    private final Map<List<String>, Window> windows = new HashMap<>();

    /** Refuses a call beyond a limit, of the key first; any other counts. */
    void count(ObjectNode key, @Nullable ObjectNode team, Instant now) {
        require("api_key", key.path("token").asText(), key, now);
        if (team != null) {
            require("team", team.path("team_id").asText(), team, now);
            add("team", team.path("team_id").asText(), now);
        }
        add("api_key", key.path("token").asText(), now);
    }

    private void require(String scope, String id, ObjectNode row, Instant now) {
        requireBelow(scope, id, "requests", row.path("rpm_limit").asLong(Long.MAX_VALUE), now);
        requireBelow(scope, id, "tokens", row.path("tpm_limit").asLong(Long.MAX_VALUE), now);
    }

    private void requireBelow(String scope, String id, String type, long limit, Instant now) {
        if (window(scope, id, type, now).count >= limit) {
            throw exceeded(scope, id, type, limit, WINDOW, now).refuse();
        }
    }

    private void add(String scope, String id, Instant now) {
        window(scope, id, "requests", now).count++;
        window(scope, id, "tokens", now).count += Entry.PROMPT_TOKENS + Entry.COMPLETION_TOKENS;
    }

    private Window window(String scope, String id, String type, Instant now) {
        Window known = windows.get(List.of(scope, id, type));
        if (known != null && now.isBefore(known.end)) {
            return known;
        }
        Window begun = new Window(now.plus(WINDOW));
        windows.put(List.of(scope, id, type), begun);
        return begun;
    }

    /** The headers tell it from an exceeded budget, which is a 429 of some releases too. */
    static Answer exceeded(String scope, String id, String type, long limit, Duration retryAfter, Instant now) {
        String resetAt = RESET_AT.format(now.plus(retryAfter).truncatedTo(ChronoUnit.SECONDS));
        String message = "Rate limit exceeded for " + scope + ": " + id + ". Limit type: " + type + ". Current limit: "
                + limit + ", Remaining: 0. Limit resets at: " + resetAt;
        return Answer.proxyError(429, "None", "None", message)
                .with(Map.of(
                        "retry-after", String.valueOf(retryAfter.toSeconds()),
                        "rate_limit_type", type,
                        "reset_at", resetAt));
    }

    void clear() {
        windows.clear();
    }

    private static final class Window {
        private final Instant end;
        private long count;

        private Window(Instant end) {
            this.end = end;
        }
    }
}
