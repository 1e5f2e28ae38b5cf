package io.opencrane.litellm;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opencrane.api.resource.SecretText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Answers what a test says, and remembers what it was asked. What it was not told to answer is an unknown route, as FastAPI tells it. */
final class ScriptedServer implements AutoCloseable {
    static final SecretText MASTER = SecretText.of("sk-master-of-the-script");
    static final String NO_ROUTE = "{\"detail\":\"Not Found\"}";

    private final HttpServer server;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, Deque<Answer>> next = new ConcurrentHashMap<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    ScriptedServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
        databaseIs("connected");
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    LiteLlmGatewayBuilder builder() {
        return LiteLlmGateway.builder(endpoint(), MASTER)
                .requestTimeout(Duration.ofSeconds(5))
                .attempts(3, Duration.ofMillis(1))
                .circuit(1000, Duration.ofSeconds(30));
    }

    LiteLlmGateway gateway() {
        return builder().build();
    }

    void databaseIs(String state) {
        always("GET /health/readiness", 200, "{\"status\":\"healthy\",\"db\":\"" + state + "\"}");
    }

    /** @param route method and path, with the query if only that is meant */
    void always(String route, int status, String body) {
        answers.put(route, new Answer(status, body));
    }

    /** Once, before whatever is answered always. A status of 0 closes the connection without an answer. */
    void once(String route, int status, String body) {
        next.computeIfAbsent(route, any -> new ArrayDeque<>()).add(new Answer(status, body));
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** Methods and paths, without health. */
    List<String> routes() {
        return asked.stream()
                .map(Asked::route)
                .filter(route -> !route.equals("GET /health/readiness"))
                .toList();
    }

    Asked last(String route) {
        return asked.stream()
                .filter(each -> each.route().equals(route))
                .reduce((one, other) -> other)
                .orElseThrow();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String route =
                exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        String query = exchange.getRequestURI().getRawQuery();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(new Asked(
                route,
                String.valueOf(query),
                body,
                exchange.getRequestURI().getRawPath(),
                Map.copyOf(exchange.getRequestHeaders())));
        Answer answer = find(route + "?" + query);
        if (answer == null) {
            answer = find(route);
        }
        if (answer == null) {
            answer = new Answer(404, NO_ROUTE);
        }
        if (answer.status() != 0) {
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private @Nullable Answer find(String route) {
        Deque<Answer> first = next.get(route);
        Answer once = first == null ? null : first.poll();
        return once == null ? answers.get(route) : once;
    }

    /** What was asked. */
    record Asked(String route, String query, String body, String rawPath, Map<String, List<String>> headers) {
        String header(String name) {
            return headers.getOrDefault(name, List.of("")).get(0);
        }
    }

    private record Answer(int status, String body) {}
}
