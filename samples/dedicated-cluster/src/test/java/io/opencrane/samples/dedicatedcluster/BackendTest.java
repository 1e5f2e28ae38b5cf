package io.opencrane.samples.dedicatedcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.StatusRequest;
import io.opencrane.api.resource.SecretText;
import io.opencrane.testkit.provisioner.ClusterTenantProvisionerTck;
import io.opencrane.testkit.provisioner.ProvisionerUnderTest;
import io.opencrane.webhook.WebhookEndpoint;
import io.opencrane.webhook.WebhookProvisioner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same provisioner on the other side of HTTPS: what goes wrong at Acme goes wrong behind the backend. */
class BackendTest extends ClusterTenantProvisionerTck {
    private static final String TOKEN = "t0ken-of-the-backend";
    private static final String PASSWORD = "of-the-keystore";

    @TempDir
    static Path folder;

    private static Path keystore;
    private static HttpClient client;

    private Backend backend;

    @BeforeAll
    static void makeCertificate() throws Exception {
        keystore = folder.resolve("backend.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        (keytool + " -genkeypair -alias backend -keyalg EC -dname CN=localhost -validity 2"
                                        + " -ext san=dns:localhost -storetype PKCS12 -storepass " + PASSWORD
                                        + " -keystore " + keystore)
                                .split(" "))
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        client = HttpClient.newBuilder().sslContext(trusting()).build();
    }

    @AfterEach
    void stop() {
        if (backend != null) {
            backend.close();
        }
    }

    @Override
    protected ProvisionerUnderTest start() {
        AcmeWorld world = new AcmeWorld();
        serve(world.acmeClusters());
        return world.through(() -> caller(TOKEN));
    }

    @Test
    void withoutTheTokenNothingIsAnswered() {
        serve(new AcmeWorld().acmeClusters());
        assertThatThrownBy(() -> caller("another").status(new StatusRequest("acme", null)))
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED));
    }

    private void serve(AcmeClusters provisioner) {
        try {
            backend = new Backend(provisioner, TOKEN, Backend.tls(keystore, PASSWORD), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private WebhookProvisioner caller(String token) {
        URI url = URI.create("https://localhost:" + backend.port());
        return WebhookProvisioner.builder("external", WebhookEndpoint.of(url, SecretText.of(token)))
                .httpClient(client)
                .statusAttempts(2, Duration.ofMillis(1))
                .retainsState()
                .build();
    }

    private static SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(keystore)) {
            trusted.load(file, PASSWORD.toCharArray());
        }
        KeyStore certificates = KeyStore.getInstance("PKCS12");
        certificates.load(null, null);
        certificates.setCertificateEntry("backend", trusted.getCertificate("backend"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(certificates);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, managers.getTrustManagers(), null);
        return tls;
    }
}
