package io.opencrane.samples.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Answers the kubelet's probes and nothing else: 200 or 503. */
final class HealthPage implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, BooleanSupplier> pages;

    HealthPage(int port, BooleanSupplier healthy, BooleanSupplier ready) throws IOException {
        pages = Map.of("/healthz", healthy, "/readyz", ready);
        server = HttpServer.create(new InetSocketAddress(port), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        BooleanSupplier page = pages.get(exchange.getRequestURI().getPath());
        if (page == null || !exchange.getRequestMethod().equals("GET")) {
            reply(exchange, page == null ? 404 : 405, "{}");
        } else if (page.getAsBoolean()) {
            reply(exchange, 200, "{\"status\":\"ok\"}");
        } else {
            reply(exchange, 503, "{\"status\":\"unavailable\"}");
        }
    }

    private static void reply(HttpExchange exchange, int code, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
