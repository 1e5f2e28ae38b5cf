package io.opencrane.testkit.provisioner;

import com.sun.net.httpserver.HttpExchange;
import io.opencrane.api.resource.SecretText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which requests fail, and the failures that need no effect. Thread-safe. */
final class BackendFaults {
    private final Map<Integer, BackendFault> planned = new HashMap<>();
    private @Nullable BackendFault always;
    private int last = Integer.MAX_VALUE;

    synchronized void plan(int number, BackendFault fault) {
        planned.put(number, fault);
    }

    synchronized void always(@Nullable BackendFault fault) {
        always = fault;
        planned.clear();
        last = Integer.MAX_VALUE;
    }

    /** The request of this number is the last one that may arrive. */
    synchronized void cutAfter(int number) {
        last = number;
    }

    synchronized @Nullable BackendFault of(int number) {
        return number > last ? BackendFault.CUT_BEFORE : planned.getOrDefault(number, always);
    }

    /** Whether the request ends here; otherwise it takes effect first. */
    static boolean fails(BackendFault fault, HttpExchange exchange, SecretText token) throws IOException {
        switch (fault) {
            case OUTAGE -> exchange.sendResponseHeaders(503, -1);
            case SERVER_ERROR -> {
                byte[] body = ("Bearer " + token.reveal()).getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(500, body.length);
                exchange.getResponseBody().write(body);
            }
            case RATE_LIMITED -> {
                exchange.getResponseHeaders().set("Retry-After", "1");
                exchange.sendResponseHeaders(429, -1);
            }
            case NOT_FOUND -> exchange.sendResponseHeaders(404, -1);
            case UNAUTHORIZED -> exchange.sendResponseHeaders(401, -1);
            case FORBIDDEN -> exchange.sendResponseHeaders(403, -1);
            case CUT_BEFORE -> {
                // The connection is closed without an answer.
            }
            case REDIRECT -> {
                exchange.getResponseHeaders().set("Location", "/elsewhere");
                exchange.sendResponseHeaders(307, -1);
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
