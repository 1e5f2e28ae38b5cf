package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.opencrane.api.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with a certificate of the host's own, and a proxy, both for real. */
class RouteToLiteLlmTest {
    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Test
    void aCertificateOfTheHostsOwnIsTrustedAndNoOther(@TempDir Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        SSLContext context = context(store(folder, "ip:127.0.0.1"));
        HttpsServer server = HttpsServer.create(ANY_PORT, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", RouteToLiteLlmTest::ready);
        server.start();
        try {
            URI endpoint = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
            assertThat(LiteLlmGateway.builder(endpoint, ScriptedServer.MASTER)
                            .sslContext(context)
                            .build()
                            .health()
                            .isReady())
                    .isTrue();
            LiteLlmGateway stranger = LiteLlmGateway.builder(endpoint, ScriptedServer.MASTER)
                    .attempts(1, Duration.ofMillis(1))
                    .build();
            assertThat(stranger.health().reachable()).isFalse();
            Failing.mayPass(() -> stranger.teams(Map.of()), ErrorCode.UPSTREAM_ERROR);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused(@TempDir Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        SSLContext context = context(store(folder, "dns:elsewhere.example"));
        HttpsServer server = HttpsServer.create(ANY_PORT, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext("/", RouteToLiteLlmTest::ready);
        server.start();
        try {
            URI endpoint = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
            assertThat(LiteLlmGateway.builder(endpoint, ScriptedServer.MASTER)
                            .sslContext(context)
                            .build()
                            .health()
                            .reachable())
                    .isFalse();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void requestsGoThroughTheProxy() throws IOException {
        List<String> forwarded = new CopyOnWriteArrayList<>();
        HttpServer proxy = HttpServer.create(ANY_PORT, 0);
        proxy.createContext("/", exchange -> forward(exchange, forwarded));
        proxy.start();
        try (ScriptedServer server = new ScriptedServer()) {
            server.always("GET /team/info", 200, "{\"team_id\":\"t\",\"team_info\":{\"spend\":1}}");
            LiteLlmGateway gateway =
                    server.builder().proxy(ProxySelector.of(proxy.getAddress())).build();

            assertThat(gateway.findTeam("t")).isPresent();

            assertThat(forwarded).containsExactly(server.endpoint() + "/team/info?team_id=t");
        } finally {
            proxy.stop(0);
        }
    }

    @Test
    void aClientOfTheHostsOwnHasItsOwnTlsAndProxy() throws GeneralSecurityException {
        HttpClient client = HttpClient.newHttpClient();
        for (LiteLlmGatewayBuilder builder : List.of(
                LiteLlmGateway.builder(URI.create("https://litellm"), ScriptedServer.MASTER)
                        .sslContext(SSLContext.getDefault())
                        .httpClient(client),
                LiteLlmGateway.builder(URI.create("https://litellm"), ScriptedServer.MASTER)
                        .httpClient(client)
                        .proxy(ProxySelector.of(null)))) {
            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not both");
        }
    }

    private static void ready(HttpExchange exchange) throws IOException {
        byte[] body = "{\"status\":\"healthy\",\"db\":\"connected\"}".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** To a proxy, the whole URL is the request's target. */
    private static void forward(HttpExchange exchange, List<String> forwarded) throws IOException {
        forwarded.add(exchange.getRequestURI().toString());
        HttpRequest request = HttpRequest.newBuilder(exchange.getRequestURI())
                .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
                .build();
        try {
            HttpResponse<byte[]> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    /** A key with a certificate that it signed itself. */
    private static KeyStore store(Path folder, String name)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve("litellm.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "litellm",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=litellm",
                        "-ext",
                        "san=" + name,
                        "-validity",
                        "1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue())
                .as(() -> read(folder.resolve("keytool.log")))
                .isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static SSLContext context(KeyStore store) throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
