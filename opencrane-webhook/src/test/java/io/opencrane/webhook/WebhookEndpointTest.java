package io.opencrane.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.api.resource.SecretText;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookEndpointTest {
    private static final SecretText TOKEN = SecretText.of("t0ken-of-the-webhook");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://provisioner.example.com",
                "https://provisioner.example.com:8443/opencrane/",
                "http://localhost:8080",
                "http://127.0.0.1:8080/x",
                "http://[::1]:8080"
            })
    void httpsAndLoopbackAreTaken(String url) {
        assertThat(WebhookEndpoint.of(URI.create(url), TOKEN).token()).contains(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://provisioner.example.com",
                "http://127.0.0.1.example.com",
                "http://localhost.example.com",
                "http://10.0.0.1",
                "ftp://provisioner.example.com",
                "provisioner.example.com",
                "https:///path",
                "https://user:pass@provisioner.example.com",
                "https://provisioner.example.com?token=x",
                "https://provisioner.example.com#x"
            })
    void everyOtherUrlIsRefusedInOneSentence(String url) {
        assertThatThrownBy(() -> WebhookEndpoint.of(URI.create(url), TOKEN))
                .isInstanceOfSatisfying(ValidationException.class, e -> {
                    assertThat(e.problems()).extracting(Problem::path).containsExactly("url");
                    assertThat(e).hasMessageNotContaining("pass").hasMessageNotContaining("token=x");
                });
    }

    @Test
    void aTokenThatNoHeaderCanHoldIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> WebhookEndpoint.of(
                        URI.create("https://x.example.com"), SecretText.of(TOKEN.reveal() + "\r\nX: y")))
                .isInstanceOf(ValidationException.class)
                .hasMessageNotContaining(TOKEN.reveal());
    }

    @Test
    void subPathsAreAppended() {
        WebhookEndpoint endpoint = WebhookEndpoint.of(URI.create("https://x.example.com/base//"));
        assertThat(endpoint.resolve("provision")).hasToString("https://x.example.com/base/provision");
        assertThat(endpoint.resolve("/v1/status")).hasToString("https://x.example.com/base/v1/status");
        assertThat(endpoint.resolve("")).hasToString("https://x.example.com/base");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"..", "a/../b", "a?b", "a#b", "//evil.example.com", "a b", "%2e%2e", "@evil.example.com", "a/"})
    void aSubPathThatLeadsElsewhereIsRefused(String subPath) {
        WebhookEndpoint endpoint = WebhookEndpoint.of(URI.create("https://x.example.com"));
        assertThatThrownBy(() -> endpoint.resolve(subPath)).isInstanceOf(ValidationException.class);
    }

    @Test
    void theTokenDoesNotShow() {
        assertThat(WebhookEndpoint.of(URI.create("https://x.example.com"), TOKEN))
                .hasToString("https://x.example.com");
    }
}
