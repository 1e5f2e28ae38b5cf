package io.opencrane.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InlineCredentialsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: v1\nkind: Config\nclusters: []",
                "{\"apiVersion\":\"v1\",\"kind\":\"Config\",\"users\":[]}",
                "{\"user\":{\"client-key-data\":\"czNjcmV0\"}}",
                "CLIENT-KEY-DATA: czNjcmV0",
                "Connect to https://admin:hunter2@k8s.example.com:6443",
                "Authorization: Basic YWRtaW46aHVudGVyMg=="
            })
    void aCredentialInATextIsFound(String text) {
        assertThat(InlineCredentials.in(Map.of("message", text))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: v1\nkind: Config\nclusters: []",
                "---\napiVersion: v1\nkind: Config",
                "kind: Config\napiVersion: v1",
                "{\"apiVersion\":\"v1\",\"kind\":\"Config\"}",
                "{\"kind\":\"Config\"}"
            })
    void aKubeconfigInBase64IsFound(String kubeconfig) {
        String encoded = encoded(kubeconfig);
        assertThat(InlineCredentials.in(Map.of("message", "Here it is: " + encoded)))
                .isTrue();
        assertThat(InlineCredentials.in(Map.of("operationId", encoded))).isTrue();
        assertThat(InlineCredentials.in(Map.of("boundNamespace", encoded(encoded))))
                .isTrue();
    }

    @Test
    @Timeout(10)
    void anAnswerAsLargeAsTheLimitIsLookedAtInNoTime() {
        String text = encoded(("x".repeat(99) + " ").repeat(400));
        assertThat(InlineCredentials.in(Map.of("message", text))).isFalse();
        assertThat(InlineCredentials.in(Map.of("message", "/-".repeat(30_000)))).isFalse();
    }

    @Test
    @Timeout(5)
    void manyBeginningsOfATokenDoNotTakeTheSquareOfTheirNumber() {
        assertThat(InlineCredentials.in(Map.of("message", "-eyJ".repeat(16_000))))
                .isFalse();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatBackendsSayOtherwiseIsNone() {
        for (String text : new String[] {
            "Creating node pool 3 of 5.",
            "See https://console.example.com:8443/clusters/acme?zone=a for details.",
            "Basic networking is being set up.",
            "The kind of cluster is regional; its configuration is checked.",
            "Write to ops@example.com.",
            "op-7f3a9c21-4be2",
            "projects/acme-prod/locations/europe-west1/operations/operation-1700000000000-abcdef"
        }) {
            assertThat(InlineCredentials.in(Map.of("message", text))).as(text).isFalse();
        }
    }
}
