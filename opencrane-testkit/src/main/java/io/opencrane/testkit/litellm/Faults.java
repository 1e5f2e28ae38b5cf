package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Faults that wait for their request, and requests that act late. Guarded by the monitor of the {@link ProxyState}. */
final class Faults {
    static final String ANY_ROUTE = "*";

    private final List<Planned> planned = new ArrayList<>();
    private final List<Planned> afterwards = new ArrayList<>();
    private final List<Late> late = new ArrayList<>();

    void plan(String route, int times, LiteLlmFault fault) {
        if (times < 1) {
            throw new IllegalArgumentException("A fault happens at least once; asked for " + times + ".");
        }
        planned.add(new Planned(route, times, fault));
    }

    /** Hits the request that comes after so many others, whatever it is. */
    void planAfter(int requests, LiteLlmFault fault) {
        if (requests < 0) {
            throw new IllegalArgumentException("A fault comes after 0 or more requests; asked for " + requests + ".");
        }
        afterwards.add(new Planned(ANY_ROUTE, requests, fault));
    }

    void clear() {
        planned.clear();
        afterwards.clear();
    }

    /** Also of requests that would still act. */
    void reset() {
        clear();
        late.clear();
    }

    @Nullable
    LiteLlmFault take(String route) {
        LiteLlmFault now = takeCounted();
        if (now != null) {
            return now;
        }
        for (Iterator<Planned> each = planned.iterator(); each.hasNext(); ) {
            Planned candidate = each.next();
            if (candidate.route.equals(route) || candidate.route.equals(ANY_ROUTE)) {
                if (--candidate.left == 0) {
                    each.remove();
                }
                return candidate.fault;
            }
        }
        return null;
    }

    private @Nullable LiteLlmFault takeCounted() {
        LiteLlmFault now = null;
        for (Iterator<Planned> each = afterwards.iterator(); each.hasNext(); ) {
            Planned candidate = each.next();
            if (candidate.left > 0) {
                candidate.left--;
            } else if (now == null) {
                each.remove();
                now = candidate.fault;
            }
        }
        return now;
    }

    void commitLater(int requests, Runnable act) {
        late.add(new Late(requests, act));
    }

    /** Another request is about to be handled. */
    void countRequest() {
        for (Iterator<Late> each = late.iterator(); each.hasNext(); ) {
            Late waiting = each.next();
            if (waiting.left-- == 0) {
                each.remove();
                waiting.act.run();
            }
        }
    }

    /** What the proxy answers instead, for faults that answer at all. */
    static Answer answer(LiteLlmFault fault, Call call, Instant now) {
        if (fault.kind() == LiteLlmFault.Kind.NOT_FOUND) {
            return call.route().equals("GET /team/info")
                    ? TeamRoutes.infoNotFound(call.query().getOrDefault("team_id", ""))
                    : KeyRoutes.notFound();
        }
        if (fault.kind() == LiteLlmFault.Kind.RATE_LIMIT) {
            return RateLimits.exceeded("api_key", "x", "requests", 1, Duration.ofSeconds(fault.number()), now);
        }
        return switch (fault.number()) {
            case 401 ->
                Answer.proxyError(401, "auth_error", "None", "Authentication Error, Can't reach database server");
            case 422 -> {
                JsonNode input = call.body();
                yield Answer.invalid("body", "key", "Input should be a valid string", input);
            }
            case 429 ->
                Answer.proxyError(429, "None", "None", "Rate limit exceeded for api_key: x.")
                        .with(Map.of("retry-after", "0"));
            case 500 ->
                call.route().equals("POST /key/update")
                        ? KeyWriting.wrapped("Internal Server Error.")
                        : ProxyState.internalError();
            default -> Answer.plain(fault.number(), "<html>proxy error</html>");
        };
    }

    private static final class Planned {
        private final String route;
        private final LiteLlmFault fault;
        private int left;

        private Planned(String route, int times, LiteLlmFault fault) {
            this.route = route;
            this.left = times;
            this.fault = fault;
        }
    }

    private static final class Late {
        private final Runnable act;
        private int left;

        private Late(int requests, Runnable act) {
            this.left = requests;
            this.act = act;
        }
    }
}
