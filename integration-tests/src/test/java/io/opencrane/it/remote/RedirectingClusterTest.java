package io.opencrane.it.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.remote.CustomerClusters.Session;
import io.opencrane.k8s.remote.KubeconfigClusters;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A customer's API server that sends its callers elsewhere. */
class RedirectingClusterTest {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final List<String> arrived = new CopyOnWriteArrayList<>();
    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private final ObjectStore home =
            InMemoryCluster.create(InstanceScope.namespace("opencrane"), clock).objects();
    private final KubeconfigClusters clusters =
            KubeconfigClusters.over(home).clock(clock).build();
    private HttpServer elsewhere;
    private HttpsServer theirs;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        elsewhere = HttpServer.create(free, 0);
        elsewhere.createContext("/", exchange -> {
            arrived.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(500, -1);
            exchange.close();
        });
        elsewhere.start();
        KeyStore keys = keys(directory.resolve("theirs.p12"));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        theirs = HttpsServer.create(free, 0);
        theirs.setHttpsConfigurator(new HttpsConfigurator(tls));
        theirs.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders()
                    .add(
                            "Location",
                            "http://127.0.0.1:" + elsewhere.getAddress().getPort() + "/internal");
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });
        theirs.start();
        kubeconfig(keys.getCertificate("theirs").getEncoded());
    }

    @AfterEach
    void stop() {
        clusters.close();
        theirs.stop(0);
        elsewhere.stop(0);
    }

    private static KeyStore keys(Path file) throws Exception {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder((keytool + " -genkeypair -alias theirs -keyalg EC -dname CN=theirs"
                                + " -validity 2 -ext san=ip:127.0.0.1 -storetype PKCS12 -storepass "
                                + new String(PASSWORD) + " -keystore " + file)
                        .split(" "))
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream content = Files.newInputStream(file)) {
            keys.load(content, PASSWORD);
        }
        return keys;
    }

    private void kubeconfig(byte[] certificate) {
        String pem = "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate)
                + "\n-----END CERTIFICATE-----\n";
        String kubeconfig = """
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "https://127.0.0.1:PORT", certificate-authority-data: CERT}}]
                users: [{name: u, user: {token: vendors-token}}]
                """.replace(
                "PORT", String.valueOf(theirs.getAddress().getPort())).replace("CERT", base64(pem));
        home.create(secret("opencrane", "gold-kubeconfig", Map.of("kubeconfig", base64(kubeconfig))));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static GenericKubernetesResource secret(String namespace, String name, Map<String, String> data) {
        GenericKubernetesResource secret = new GenericKubernetesResource();
        secret.setApiVersion("v1");
        secret.setKind("Secret");
        secret.setMetadata(
                new ObjectMetaBuilder().withNamespace(namespace).withName(name).build());
        secret.setAdditionalProperty("data", data);
        return secret;
    }

    @Test
    void isNotFollowedNeitherWithWhatIsAskedNorWithWhatIsWritten() {
        ClusterTenant gold = new ClusterTenant(
                ResourceMetadata.of("", "gold"),
                ClusterTenantSpec.builder("gold").build(),
                ClusterTenantStatus.empty().toBuilder()
                        .kubeconfigSecretRef(new SecretKeyRef("opencrane", "gold-kubeconfig", "kubeconfig"))
                        .build());
        try (Session session = clusters.open(gold)) {
            assertThatThrownBy(() -> session.objects().get(ObjectType.SECRET.named("tenants", "key")))
                    .isInstanceOfSatisfying(
                            OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR))
                    .hasMessageContaining("307");
            assertThatThrownBy(() -> session.objects().create(secret("tenants", "key", Map.of("key", "b3Vycw=="))))
                    .isInstanceOf(OpenCraneException.class)
                    .hasMessageContaining("307");
        }
        assertThat(arrived).isEmpty();
    }
}
