package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.opencrane.testkit.litellm.Flights.Flight;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** From an HTTP exchange to a route and back, with the planned faults in between. */
final class Proxy implements HttpHandler {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ProxyState state;
    private final String pathPrefix;
    private final Access access;
    private final Faults faults = new Faults();
    private final Routing routing;
    private final List<String> requests = new ArrayList<>();
    private CountDownLatch withheld = new CountDownLatch(1);

    Proxy(ProxyState state, String pathPrefix) {
        this.state = state;
        this.pathPrefix = pathPrefix;
        access = new Access(state);
        routing = new Routing(state, access);
        routing.addForAdministrators(new ControlRoutes(state, this).routes());
    }

    Access access() {
        return access;
    }

    void plan(String route, int times, LiteLlmFault fault) {
        synchronized (state) {
            faults.plan(route, times, fault);
        }
    }

    void planAfter(int requests, LiteLlmFault fault) {
        synchronized (state) {
            faults.planAfter(requests, fault);
        }
    }

    void clearFaults() {
        synchronized (state) {
            faults.clear();
        }
    }

    /** What an administrator's request would do, without being one. */
    JsonNode administer(String route, ObjectNode body) {
        synchronized (state) {
            state.settle();
            Answer answer = routing.handle(new Call(route, Map.of(), body, null, null, null));
            if (answer.status() != 200 || answer.json() == null) {
                throw new IllegalArgumentException("LiteLLM refuses that: " + answer.json());
            }
            return answer.json();
        }
    }

    List<String> requests() {
        synchronized (state) {
            return List.copyOf(requests);
        }
    }

    void reset() {
        synchronized (state) {
            releaseAnswers();
            state.reset();
            faults.reset();
            requests.clear();
        }
    }

    void releaseAnswers() {
        synchronized (state) {
            withheld.countDown();
            withheld = new CountDownLatch(1);
        }
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            boolean inside = path.startsWith(pathPrefix);
            ObjectNode json = object(body);
            Flight flight = begin();
            Call call = Routing.call(
                    exchange.getRequestMethod(),
                    inside ? path.substring(pathPrefix.length()) : path,
                    query(exchange.getRequestURI().getRawQuery()),
                    json == null ? Rows.object() : json,
                    credential(exchange.getRequestHeaders()),
                    flight);
            Outcome outcome;
            synchronized (state) {
                state.settle();
                if (inside && Routing.isControl(call)) {
                    outcome = new Outcome(answer(call, json != null), null);
                } else {
                    requests.add(call.route());
                    faults.countRequest();
                    outcome = inside ? decide(call, json != null) : new Outcome(Answer.routeMissing(), null);
                }
            }
            awaitItsTurn(outcome, flight);
            if (outcome.answer != null) {
                send(exchange, outcome.answer);
            }
        } catch (InterruptedException e) {
            // The server is closing; closing the exchange is the answer.
            Thread.currentThread().interrupt();
        }
    }

    private Flight begin() {
        synchronized (state) {
            return state.flights.begin();
        }
    }

    /** Whoever has the answer can rely on the request being over. */
    private void awaitItsTurn(Outcome outcome, Flight flight) throws InterruptedException {
        try {
            if (outcome.gate != null) {
                outcome.gate.open.await(outcome.gate.millis, TimeUnit.MILLISECONDS);
            }
        } finally {
            synchronized (state) {
                state.flights.end(flight);
            }
        }
    }

    /** Under the lock. No answer means that the connection is closed instead. */
    private Outcome decide(Call call, boolean readable) {
        LiteLlmFault fault = faults.take(call.route());
        if (fault == null) {
            return new Outcome(answer(call, readable), null);
        }
        return switch (fault.kind()) {
            case ANSWER_STATUS, NOT_FOUND, RATE_LIMIT -> new Outcome(Faults.answer(fault, call, state.now()), null);
            case REFUSE_CONNECTION -> new Outcome(null, null);
            case LOSE_ANSWER -> {
                answer(call, readable);
                yield new Outcome(null, null);
            }
            case WITHHOLD_ANSWER -> new Outcome(answer(call, readable), new Gate(withheld, Long.MAX_VALUE));
            case ANSWER_LATE -> new Outcome(answer(call, readable), new Gate(withheld, fault.number()));
            case COMMIT_LATER -> {
                faults.commitLater(fault.number(), () -> answer(call, readable));
                yield new Outcome(null, null);
            }
        };
    }

    private Answer answer(Call call, boolean readable) {
        return readable ? routing.answer(call) : Answer.invalid("body", "0", "JSON decode error", null);
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        JsonNode json = answer.json();
        byte[] body = json == null ? answer.text().getBytes(StandardCharsets.UTF_8) : MAPPER.writeValueAsBytes(json);
        exchange.getResponseHeaders().set("Content-Type", json == null ? "text/plain" : "application/json");
        // The JDK's server sends head and body apart; on a connection that is kept, Nagle's algorithm then costs 40 ms
        // a request.
        exchange.getResponseHeaders().set("Connection", "close");
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static @Nullable ObjectNode object(byte[] body) {
        if (body.length == 0) {
            return Rows.object();
        }
        try {
            return MAPPER.readTree(body) instanceof ObjectNode object ? object : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                int equals = pair.indexOf('=');
                if (equals > 0) {
                    query.put(
                            pair.substring(0, equals),
                            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
                }
            }
        }
        return query;
    }

    /** LiteLLM's own header wins over the standard one. */
    private static @Nullable String credential(Headers headers) {
        String own = headers.getFirst("x-litellm-api-key");
        String standard = headers.getFirst("Authorization");
        String credential = own != null ? own : standard;
        return credential == null ? null : credential.replaceFirst("^(?i)bearer ", "");
    }

    /** What to do once the lock is free: maybe wait, then answer or hang up. */
    private record Outcome(
            @Nullable Answer answer, @Nullable Gate gate) {}

    /** What an answer waits for, and how long at most. */
    private record Gate(CountDownLatch open, long millis) {}
}
