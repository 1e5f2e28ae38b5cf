package io.opencrane.samples.dedicatedcluster;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.provisioner.DeprovisionRequest;
import io.opencrane.api.provisioner.ProvisionRequest;
import io.opencrane.api.provisioner.Provisioning;
import io.opencrane.api.provisioner.StatusRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Serves a provisioner over HTTPS, in the shape of contract §6. */
final class Backend implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final ClusterTenantProvisioner provisioner;
    private final byte[] authorization;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpsServer server;

    Backend(ClusterTenantProvisioner provisioner, String token, SSLContext tls, int port) throws IOException {
        this.provisioner = provisioner;
        authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        server = HttpsServer.create(new InetSocketAddress(port), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Runs until the process ends. */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        SSLContext tls = tls(Path.of(setting("ACME_KEYSTORE")), setting("ACME_KEYSTORE_PASSWORD"));
        Backend backend = new Backend(new AcmeClusters(), setting("ACME_BACKEND_TOKEN"), tls, 8443);
        System.out.println("The backend listens on https://localhost:" + backend.port());
    }

    private static String setting(String name) {
        return Objects.requireNonNull(System.getenv(name), name + " is not set");
    }

    static SSLContext tls(Path keystore, String password) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(keystore)) {
            keys.load(file, password.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, password.toCharArray());
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        return tls;
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String given = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            if (!MessageDigest.isEqual(authorization, given.getBytes(StandardCharsets.UTF_8))) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            String route = exchange.getRequestURI().getPath();
            Supplier<Provisioning> question;
            try {
                question = question(route, JSON.readValue(exchange.getRequestBody(), OBJECT));
            } catch (IOException | IllegalArgumentException e) {
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            try {
                answer(exchange, route, question.get());
            } catch (OpenCraneException e) {
                exchange.sendResponseHeaders(e.isRetryable() ? 503 : 422, -1);
            } catch (RuntimeException e) {
                exchange.sendResponseHeaders(500, -1);
            }
        }
    }

    /** Nothing there is a 404; nothing left after a removal is a success without a body. */
    private static void answer(HttpExchange exchange, String route, Provisioning answer) throws IOException {
        if (answer.state() == Provisioning.State.ABSENT) {
            exchange.sendResponseHeaders(route.equals("/deprovision") ? 204 : 404, -1);
            return;
        }
        byte[] body = JSON.writeValueAsBytes(wire(answer));
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private Supplier<Provisioning> question(String route, Map<String, Object> body) {
        String operation = body.get("operationId") instanceof String text ? text : null;
        if (!(body.get("name") instanceof String name)) {
            throw new IllegalArgumentException("name is a text");
        }
        switch (route) {
            case "/provision" -> {
                ProvisionRequest request = new ProvisionRequest(name, spec(name, body), operation);
                return () -> provisioner.provision(request);
            }
            case "/status" -> {
                return () -> provisioner.status(new StatusRequest(name, operation));
            }
            case "/deprovision" -> {
                boolean retainState = !Boolean.FALSE.equals(body.get("retainState")); // an older caller does not say
                return () -> provisioner.deprovision(new DeprovisionRequest(name, retainState, operation));
            }
            default -> throw new IllegalArgumentException("no such route");
        }
    }

    private static ClusterTenantSpec spec(String name, Map<String, Object> body) {
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("displayName", name);
        spec.put("isolationTier", body.get("isolationTier"));
        spec.put("compute", body.get("compute"));
        spec.put("resources", body.containsKey("quota") ? Map.of("quota", body.get("quota")) : Map.of());
        return JSON.convertValue(spec, ClusterTenantSpec.class);
    }

    private static Map<String, @Nullable Object> wire(Provisioning answer) {
        Map<String, @Nullable Object> wire = new LinkedHashMap<>();
        wire.put(
                "phase",
                switch (answer.state()) {
                    case READY -> "ready";
                    case FAILED -> "failed";
                    default -> "provisioning";
                });
        wire.put("message", answer.message());
        wire.put("boundNamespace", answer.boundNamespace());
        SecretKeyRef ref = answer.kubeconfigSecretRef();
        if (ref != null) {
            wire.put("kubeconfigSecretRef", Map.of("namespace", ref.namespace(), "name", ref.name(), "key", ref.key()));
        }
        wire.put("operationId", answer.operationId());
        wire.values().removeIf(value -> value == null);
        return wire;
    }
}
