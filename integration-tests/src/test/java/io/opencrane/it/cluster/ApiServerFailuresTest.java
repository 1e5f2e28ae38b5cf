package io.opencrane.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.KubernetesCluster;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An API server in trouble never looks like an empty cluster, and never keeps a caller waiting. */
@Timeout(60)
class ApiServerFailuresTest {
    private static final String SECRET_BODY =
            "{\"kind\":\"Status\",\"status\":\"Failure\",\"reason\":\"BadRequest\",\"message\":\"cannot read |hunter2|\",\"code\":400}";

    private static OpenCraneException failureOf(String url, Duration timeout, Consumer<KubernetesCluster> call) {
        Config config = new ConfigBuilder(Config.empty()).withMasterUrl(url).build();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build()) {
            KubernetesCluster cluster = KubernetesCluster.using(client, InstanceScope.namespace("opencrane"), timeout);
            return catchThrowableOfType(OpenCraneException.class, () -> call.accept(cluster));
        }
    }

    private static void find(KubernetesCluster cluster) {
        cluster.resources().find(Tenant.class, "opencrane", "acme");
    }

    /** Runs a call against a server that answers everything the same way, and counts the requests. */
    private static OpenCraneException answered(
            int code, String body, AtomicInteger requests, Consumer<KubernetesCluster> call) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            return failureOf("http://127.0.0.1:" + server.getAddress().getPort() + "/", Duration.ofSeconds(30), call);
        } finally {
            server.stop(0);
        }
    }

    private static OpenCraneException answered(int code, String body) throws IOException {
        return answered(code, body, new AtomicInteger(), ApiServerFailuresTest::find);
    }

    @Test
    void aClosedPortIsAnUpstreamErrorWithinSeconds() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        long before = System.nanoTime();
        OpenCraneException failure =
                failureOf("http://127.0.0.1:" + port + "/", Duration.ofSeconds(10), ApiServerFailuresTest::find);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
        assertThat(failure.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
        assertThat(failure.isRetryable()).isTrue();
        assertThat(failure.subject()).isEqualTo("Tenant opencrane/acme");
        assertThat(failure).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aSilentServerIsATimeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            OpenCraneException failure = failureOf(
                    "http://127.0.0.1:" + silent.getLocalPort() + "/",
                    Duration.ofMillis(300),
                    ApiServerFailuresTest::find);
            assertThat(failure.code()).isEqualTo(ErrorCode.TIMEOUT);
            assertThat(failure.isRetryable()).isTrue();
        }
    }

    @Test
    void aServerThatIsDownIsAskedThreeTimes() throws IOException {
        AtomicInteger requests = new AtomicInteger();
        OpenCraneException failure = answered(503, "busy", requests, ApiServerFailuresTest::find);
        assertThat(failure.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
        assertThat(failure.isRetryable()).isTrue();
        assertThat(requests).hasValue(3);
    }

    @Test
    void aProxysNotFoundIsNotAbsence() throws IOException {
        assertThat(answered(404, "<html>404 page not found</html>").code())
                .isEqualTo(ErrorCode.DEPENDENCY_NOT_CONFIGURED);
        assertThat(answered(404, "").code()).isEqualTo(ErrorCode.DEPENDENCY_NOT_CONFIGURED);
    }

    @Test
    void aPageThatIsNoObjectIsAnUpstreamError() throws IOException {
        assertThat(answered(200, "<html>Sign in</html>").code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
        assertThat(answered(200, "{\"kind\":\"Status\"}").code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
        assertThat(answered(200, "").code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void whatTheServerSaysAboutASecretIsNotRepeated() throws IOException {
        GenericKubernetesResource secret = new GenericKubernetesResourceBuilder()
                .withApiVersion("v1")
                .withKind("Secret")
                .withNewMetadata()
                .withNamespace("opencrane")
                .withName("s")
                .endMetadata()
                .build();
        secret.setAdditionalProperties(Map.of("data", Map.of("apiKey", "hunter2")));
        for (int code : new int[] {400, 422, 409, 403, 500, 200}) {
            OpenCraneException failure = answered(
                    code,
                    SECRET_BODY,
                    new AtomicInteger(),
                    cluster -> cluster.objects().create(secret));
            assertThat(failure).hasMessageNotContaining("hunter2").hasNoCause();
        }
    }

    @Test
    void anExpiredListSaysStartAgain() throws IOException {
        OpenCraneException failure = answered(
                410,
                "{\"kind\":\"Status\",\"reason\":\"Expired\",\"message\":\"too old\",\"code\":410}",
                new AtomicInteger(),
                cluster -> cluster.resources().page(Tenant.class, "opencrane", 10, "old"));
        assertThat(failure.code()).isEqualTo(ErrorCode.EXPIRED);
    }
}
