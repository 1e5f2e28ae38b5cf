package io.opencrane.testkit.provisioner;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.resource.FreeForm;
import io.opencrane.api.resource.SecretText;
import io.opencrane.testkit.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The backend of a webhook provisioner (contract §6) over a {@link FakeProvisioner}, on the loopback interface and a port of the system, by
 * plain http. A request without the token is refused, and one in another form than the contract's too. Thread-safe.
 *
 * <p>It needs jackson-databind on the class path.
 */
public final class FakeProvisionerBackend implements AutoCloseable {
    /** The credential of {@link BackendFault#INLINE_CREDENTIALS}, to look for where it must not be. */
    public static final String INLINE_CREDENTIAL = "client-key-of-the-fake-backend";

    private static final String PREFIX = "/provisioner/";

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final FakeCloud cloud = new FakeCloud(clock);
    private final FakeProvisioner provisioner = new FakeProvisioner(clock, cloud);
    private final List<BackendRequest> requests = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BackendFaults faults = new BackendFaults();
    private final SecretText token;
    private final HttpServer server;
    private volatile CountDownLatch held = new CountDownLatch(1);
    private volatile @Nullable String answer;

    private FakeProvisionerBackend(SecretText token) throws IOException {
        this.token = Objects.requireNonNull(token, "token");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Starts a backend without customers.
     *
     * @param token the bearer token that it wants
     * @return the running backend
     */
    public static FakeProvisionerBackend start(SecretText token) {
        try {
            return new FakeProvisionerBackend(token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Where it listens, for {@code CLUSTER_TENANT_PROVISIONER_WEBHOOK_URL}.
     *
     * @return for example {@code http://127.0.0.1:40123/provisioner}
     */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/provisioner");
    }

    /**
     * What makes its clusters, to be told to misbehave.
     *
     * @return the same one always
     */
    public FakeProvisioner provisioner() {
        return provisioner;
    }

    /**
     * By which its clusters take their time.
     *
     * @return the same one always
     */
    public TestClock clock() {
        return clock;
    }

    /**
     * The requests so far, those that failed too.
     *
     * @return a copy, in order
     */
    public List<BackendRequest> requests() {
        return List.copyOf(requests);
    }

    /**
     * Makes one request fail.
     *
     * @param number which one from now, from 1
     * @param fault how
     */
    public void failRequest(int number, BackendFault fault) {
        faults.plan(requests.size() + number, fault);
    }

    /**
     * Makes every request fail.
     *
     * @param fault how, or null to let them pass again
     */
    public void failWhile(@Nullable BackendFault fault) {
        faults.always(fault);
    }

    /**
     * Answers every request that succeeds, or finds nothing, with 200 and this text after doing what it was asked to do.
     *
     * @param body the text, or null for the right answer again
     */
    public void answerWith(@Nullable String body) {
        answer = body;
    }

    /** Sends the answers that are held back. */
    public void release() {
        CountDownLatch before = held;
        held = new CountDownLatch(1);
        before.countDown();
    }

    /**
     * This backend as the world of {@link ClusterTenantProvisionerTck}, where an outside call is a request. Clusters take an hour, and
     * closing the world closes the backend.
     *
     * @param process makes the provisioner under test anew, which talks to {@link #url}
     * @return the world
     */
    public ProvisionerUnderTest underTest(Supplier<? extends ClusterTenantProvisioner> process) {
        return new BackendWorld(this, cloud, token, process);
    }

    /** Whoever asks dies with that request: nothing it says later arrives, until the faults are taken away. */
    void dieAfterRequest(int number) {
        faults.cutAfter(requests.size() + number);
    }

    /** Stops listening and lets go what is held. */
    @Override
    public void close() {
        server.stop(0);
        held.countDown();
        provisioner.release();
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String route = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path;
            byte[] body = exchange.getRequestBody().readAllBytes();
            FreeForm read = readable(body);
            int number = number(new BackendRequest(route, read));
            BackendFault fault = faults.of(number);
            if (fault != null && BackendFaults.fails(fault, exchange, token)) {
                return;
            }
            Reply reply = reply(exchange, route, body);
            if (fault == null) {
                send(exchange, reply.status(), reply.body());
            } else {
                failAfter(fault, exchange);
            }
        }
    }

    private synchronized int number(BackendRequest request) {
        requests.add(request);
        return requests.size();
    }

    private record Reply(int status, byte[] body) {
        static Reply of(int status) {
            return new Reply(status, new byte[0]);
        }
    }

    private Reply reply(HttpExchange exchange, String route, byte[] body) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (!("Bearer " + token.reveal()).equals(authorization)) {
            return Reply.of(401);
        }
        if (!exchange.getRequestMethod().equals("POST") || !route.matches("provision|status|deprovision")) {
            return Reply.of(404);
        }
        try {
            Map<String, Object> wire = BackendWire.answer(BackendWire.ask(provisioner, route, BackendWire.read(body)));
            String other = answer;
            if (other != null) {
                return new Reply(200, other.getBytes(StandardCharsets.UTF_8));
            }
            if (wire == null) {
                return route.equals("status") ? Reply.of(404) : new Reply(200, BackendWire.write(Map.of()));
            }
            return new Reply(200, BackendWire.write(wire));
        } catch (BackendWire.Malformed e) {
            return new Reply(400, BackendWire.write(Map.of("error", String.valueOf(e.getMessage()))));
        } catch (OpenCraneException e) {
            return Reply.of(e.code() == ErrorCode.CONFLICT ? 409 : e.isRetryable() ? 503 : 500);
        } catch (RuntimeException e) {
            return Reply.of(500);
        }
    }

    private static FreeForm readable(byte[] body) {
        try {
            return BackendWire.read(body);
        } catch (BackendWire.Malformed e) {
            return FreeForm.empty();
        }
    }

    private void failAfter(BackendFault fault, HttpExchange exchange) throws IOException {
        switch (fault) {
            case CONFLICT -> send(exchange, 409, new byte[0]);
            case GARBAGE -> send(exchange, 200, "<html>It works!</html>".getBytes(StandardCharsets.UTF_8));
            case OVERSIZED ->
                send(exchange, 200, ("{\"message\":\"" + "x".repeat(4 << 20) + "\"}").getBytes(StandardCharsets.UTF_8));
            case INLINE_CREDENTIALS ->
                send(
                        exchange,
                        200,
                        BackendWire.write(
                                Map.of("phase", "ready", "kubeconfig", "client-key-data: " + INLINE_CREDENTIAL)));
            case WITHHELD -> await();
            case TRICKLES -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write('{');
                exchange.getResponseBody().flush();
                await();
            }
            default -> {
                // The connection is closed without an answer.
            }
        }
    }

    private void await() {
        try {
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
