package io.opencrane.it.budget;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands before LiteLLM, and answers with what it was sent when it is told to, as a proxy in debug mode does. */
final class EchoingProxy implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI target;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile Manner manner = Manner.FORWARD;

    /** How it answers. */
    enum Manner {
        FORWARD,
        POSTS_PLAIN_502,
        PLAIN_502,
        PLAIN_200,
        ERROR_500,
        ERROR_401,
        ERROR_429,
        DETAIL_400,
        VALIDATION_422,
        NOT_FOUND_404,
        GARBAGE_TYPES,
        GARBAGE_BYTES
    }

    EchoingProxy(URI target) {
        this.target = target;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    void answer(Manner how) {
        manner = how;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String sent = exchange.getRequestHeaders().getFirst("Authorization");
        Manner how = manner;
        boolean post = exchange.getRequestMethod().equals("POST");
        if (how == Manner.FORWARD || how == Manner.POSTS_PLAIN_502 && !post) {
            forward(exchange, body, sent);
            return;
        }
        String echo = "cannot handle " + body + " of " + sent + " at " + exchange.getRequestURI();
        if (sent != null) {
            exchange.getResponseHeaders().set("retry-after", sent);
            exchange.getResponseHeaders().set("location", "http://" + sent);
        }
        respond(exchange, status(how), answer(how, echo, body).getBytes(StandardCharsets.UTF_8));
    }

    private static int status(Manner how) {
        String digits = how.name().replaceAll("\\D", "");
        return digits.isEmpty() ? 200 : Integer.parseInt(digits);
    }

    private static String answer(Manner how, String echo, String body) throws IOException {
        Object answer = switch (how) {
            case ERROR_500, ERROR_401, ERROR_429 ->
                Map.of("error", Map.of("message", echo, "type", echo, "param", echo, "code", echo));
            case DETAIL_400 -> Map.of("detail", Map.of("error", echo));
            case NOT_FOUND_404 -> Map.of("detail", echo);
            case VALIDATION_422 ->
                Map.of("detail", List.of(Map.of("loc", List.of("body", echo), "msg", echo, "input", body)));
            case GARBAGE_TYPES ->
                Map.of(
                        "info",
                        Map.of("token", List.of(echo), "spend", echo, "expires", echo, "team_id", echo),
                        "team_info",
                        Map.of("team_id", echo, "max_budget", echo, "spend", echo, "budget_reset_at", echo),
                        "keys",
                        List.of(Map.of("token", echo, "spend", echo, "expires", echo)),
                        "teams",
                        List.of(Map.of("team_id", echo, "spend", echo, "budget_reset_at", echo)),
                        "total_count",
                        1,
                        "total",
                        1,
                        "total_pages",
                        1,
                        "key",
                        echo,
                        "token_id",
                        echo,
                        "results",
                        List.of(Map.of("date", echo, "metrics", echo)));
            default -> null;
        };
        return answer == null
                ? (how == Manner.GARBAGE_BYTES ? "{\"error\": \"" + body : echo)
                : JSON.writeValueAsString(answer);
    }

    private void forward(HttpExchange exchange, String body, String authorization) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        target.resolve(exchange.getRequestURI().toString()))
                .version(HttpClient.Version.HTTP_1_1)
                .method(exchange.getRequestMethod(), BodyPublishers.ofString(body));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
            respond(exchange, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (IOException e) {
            exchange.close(); // LiteLLM closed its connection, so this one is closed too
        }
    }

    private static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
