package io.opencrane.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.SecretText;
import io.opencrane.webhook.WebhookClient.Repeat;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookClientTest {
    private static final SecretText TOKEN = SecretText.of("t0ken-of-the-webhook");
    private static final FreeForm BODY = FreeForm.of(Map.of("name", "acme", "quota", Map.of("pods", 3)));

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch done = new CountDownLatch(1);
    private final List<String> seen = new CopyOnWriteArrayList<>();
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
    void theBodyAndTheTokenArriveAndTheAnswerIsRead() {
        server.createContext("/hook/provision", exchange -> {
            seen.add(exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type"));
            byte[] body = exchange.getRequestBody().readAllBytes();
            answer(exchange, 200, body);
        });
        assertThat(client().post("provision", BODY, Repeat.NEVER)).isEqualTo(BODY);
        assertThat(seen).containsExactly("POST Bearer " + TOKEN.reveal() + " application/json");
    }

    @Test
    void noTokenMeansNoHeader() {
        server.createContext("/hook", exchange -> {
            seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            answer(exchange, 204, new byte[0]);
        });
        WebhookClient open = WebhookClient.builder(WebhookEndpoint.of(url())).build();
        assertThat(open.post("", BODY, Repeat.NEVER).isEmpty()).isTrue();
        assertThat(seen).containsExactly("null");
    }

    @ParameterizedTest
    @CsvSource({
        "301, UPSTREAM_ERROR, false",
        "400, UPSTREAM_ERROR, false",
        "401, UNAUTHORIZED, false",
        "403, FORBIDDEN, false",
        "404, NOT_FOUND, false",
        "408, TIMEOUT, true",
        "409, CONFLICT, false",
        "413, PAYLOAD_TOO_LARGE, false",
        "429, UPSTREAM_ERROR, true",
        "500, UPSTREAM_ERROR, true",
        "501, UPSTREAM_ERROR, false",
        "503, UPSTREAM_ERROR, true",
        "505, UPSTREAM_ERROR, false",
        "522, UPSTREAM_ERROR, true",
        "504, TIMEOUT, true"
    })
    void aRefusalHasItsCode(int status, ErrorCode code, boolean retryable) {
        serve(status, "{\"echo\":\"" + TOKEN.reveal() + "\"}");
        assertFails(client(), Repeat.NEVER, code, retryable);
        assertThat(seen).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "\"ok\"",
                "null",
                "{",
                "{} {}",
                "{\"a\":1,\"a\":2}",
                "<html>",
                "NaN",
                "{\"n\":1000E2147483647}"
            })
    void anAnswerThatIsNotOneJsonObjectIsAFailure(String body) {
        serve(200, body);
        assertFails(client(), Repeat.SAFE, ErrorCode.UPSTREAM_ERROR, false);
    }

    @Test
    void whatIsSafeToRepeatIsRepeatedBoundedly() {
        serve(503, "");
        assertFails(client(), Repeat.SAFE, ErrorCode.UPSTREAM_ERROR, true);
        assertThat(seen).hasSize(3);
    }

    @Test
    void aPassingFailureIsSurvivedWhereRepeatingIsSafe() {
        server.createContext("/hook", exchange -> {
            seen.add("");
            answer(exchange, seen.size() < 3 ? 503 : 200, "{\"phase\":\"ready\"}".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(client().post("", BODY, Repeat.SAFE)).isEqualTo(FreeForm.of(Map.of("phase", "ready")));
    }

    @Test
    void aReceiverThatAsksForPatienceIsNotAskedAgainBefore() {
        server.createContext("/hook", exchange -> {
            seen.add("");
            exchange.getResponseHeaders().set("Retry-After", seen.size() == 1 ? "1" : "3600");
            answer(exchange, 429, new byte[0]);
        });
        long before = System.nanoTime();
        assertFails(client(), Repeat.SAFE, ErrorCode.UPSTREAM_ERROR, true);
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(9));
        assertThat(seen).hasSize(2);
    }

    @Test
    void aLastingFailureIsNotRepeated() {
        serve(401, "");
        assertFails(client(), Repeat.SAFE, ErrorCode.UNAUTHORIZED, false);
        assertThat(seen).hasSize(1);
    }

    @Test
    void aRedirectIsNotFollowed() {
        server.createContext("/elsewhere", exchange -> {
            seen.add("elsewhere");
            answer(exchange, 200, new byte[0]);
        });
        server.createContext("/hook", exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            answer(exchange, 307, new byte[0]);
        });
        assertFails(client(), Repeat.SAFE, ErrorCode.UPSTREAM_ERROR, false);
        assertThat(seen).isEmpty();
    }

    @Test
    void aReceiverThatTricklesIsATimeout() {
        server.createContext("/hook", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            await();
        });
        WebhookClient hasty = builder().timeout(Duration.ofMillis(300)).build();
        assertFails(hasty, Repeat.NEVER, ErrorCode.TIMEOUT, true);
    }

    @Test
    void anAnswerOverTheLimitIsCutOff() {
        serve(200, "{\"a\":\"" + "x".repeat(2000) + "\"}");
        assertFails(builder().responseLimitBytes(1000).build(), Repeat.SAFE, ErrorCode.UPSTREAM_ERROR, false);
        assertThat(seen).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"503, UPSTREAM_ERROR, true", "429, UPSTREAM_ERROR, true", "404, NOT_FOUND, false"})
    void aRefusalIsOneHoweverLongItsPageIs(int status, ErrorCode code, boolean retryable) {
        serve(status, "<html>" + "x".repeat(5_000));
        assertFails(builder().responseLimitBytes(100).build(), Repeat.NEVER, code, retryable);
    }

    @Test
    void aReceiverThatCannotBeReachedIsAPassingFailure() {
        WebhookClient client = client();
        server.stop(0);
        assertFails(client, Repeat.SAFE, ErrorCode.UPSTREAM_ERROR, true);
    }

    @Test
    void anInterruptEndsItAndStays() {
        server.createContext("/hook", exchange -> await());
        Thread.currentThread().interrupt();
        try {
            assertFails(client(), Repeat.SAFE, ErrorCode.TIMEOUT, true);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aClientThatFollowsRedirectsIsRefused() {
        HttpClient follower = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.ALWAYS)
                .build();
        assertThatThrownBy(() -> builder().httpClient(follower)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theClientNamesItsEndpointOnly() {
        assertThat(client()).hasToString("WebhookClient[" + url() + "]");
    }

    private void serve(int status, String body) {
        server.createContext("/hook", exchange -> {
            seen.add("");
            answer(exchange, status, body.getBytes(StandardCharsets.UTF_8));
        });
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
    }

    private WebhookClient.Builder builder() {
        return WebhookClient.builder(WebhookEndpoint.of(url(), TOKEN)).attempts(3, Duration.ofMillis(1));
    }

    private WebhookClient client() {
        return builder().build();
    }

    private void await() {
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Whatever fails, the token does not show. */
    private static void assertFails(WebhookClient client, Repeat repeat, ErrorCode code, boolean retryable) {
        assertThatThrownBy(() -> client.post("", BODY, repeat)).isInstanceOfSatisfying(OpenCraneException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.isRetryable()).as(e.getMessage()).isEqualTo(retryable);
            StringWriter text = new StringWriter();
            e.printStackTrace(new PrintWriter(text, true));
            assertThat(text.toString()).doesNotContain(TOKEN.reveal());
        });
    }
}
