package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransportTest {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch done = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        done.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void anEndlessBodyIsCutOff() {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] chunk = "x".repeat(1000).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < 100_000; i++) {
                exchange.getResponseBody().write(chunk);
            }
        });
        assertFails(gateway(Duration.ofSeconds(10)), ErrorCode.UPSTREAM_ERROR, false);
    }

    @Test
    void aBodyThatTricklesIsATimeout() {
        serve(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await();
        });
        assertFails(gateway(Duration.ofMillis(300)), ErrorCode.TIMEOUT, true);
    }

    @Test
    void aRedirectIsNotFollowed() {
        AtomicInteger followed = new AtomicInteger();
        server.createContext("/elsewhere", exchange -> {
            followed.incrementAndGet();
            exchange.close();
        });
        serve(exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        assertFails(gateway(Duration.ofSeconds(10)), ErrorCode.UPSTREAM_ERROR, false);
        assertThat(followed).hasValue(0);
    }

    @Test
    void aDateToComeBackAtIsTakenByTheClock() {
        serve(exchange -> {
            exchange.getResponseHeaders().set("Retry-After", "Thu, 01 Jan 2026 00:01:07 GMT");
            exchange.sendResponseHeaders(429, -1);
            exchange.close();
        });
        LiteLlmGateway gateway = LiteLlmGateway.builder(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()), SecretText.of("sk-master"))
                .clock(() -> Instant.parse("2026-01-01T00:00:00Z"))
                .build();
        assertThatThrownBy(() -> gateway.keysOf("t"))
                .isInstanceOfSatisfying(
                        LiteLlmException.class, e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(67)));
    }

    @Test
    void aPageThatIsNotJsonIsALastingFailure() {
        serve(exchange -> {
            byte[] page = "<html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        assertFails(gateway(Duration.ofSeconds(10)), ErrorCode.UPSTREAM_ERROR, false);
    }

    @Test
    void anInterruptIsAFailureAndStays() {
        serve(exchange -> await());
        Thread.currentThread().interrupt();
        try {
            assertFails(gateway(Duration.ofSeconds(10)), ErrorCode.TIMEOUT, true);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    private void serve(HttpHandler handler) {
        server.createContext("/key/list", handler);
    }

    private LiteLlmGateway gateway(Duration timeout) {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return LiteLlmGateway.builder(endpoint, SecretText.of("sk-master"))
                .requestTimeout(timeout)
                .responseLimitBytes(100_000)
                .attempts(1, Duration.ofMillis(1))
                .build();
    }

    private void await() {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void assertFails(LiteLlmGateway gateway, ErrorCode code, boolean retryable) {
        assertThatThrownBy(() -> gateway.keysOf("t")).isInstanceOfSatisfying(OpenCraneException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.isRetryable()).as(e.getMessage()).isEqualTo(retryable);
        });
    }
}
