package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyListTest {
    private static final String KEYS = "\"keys\":[{\"token\":\"" + "0".repeat(64) + "\",\"team_id\":\"t\"}]";

    private HttpServer server;
    private String answer = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/key/list", exchange -> {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private LiteLlmGateway gateway() {
        URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        return LiteLlmGateway.builder(endpoint, SecretText.of("sk-master")).build();
    }

    @Test
    void aListThatSaysThatItIsWholeIsBelieved() {
        answer = "{" + KEYS + ",\"total_count\":1,\"current_page\":1,\"total_pages\":1}";

        assertThat(gateway().keysOf("t")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"total_count\":1",
                ",\"total_pages\":1",
                ",\"total_count\":null,\"total_pages\":1",
                ",\"total_count\":\"1\",\"total_pages\":1"
            })
    void aListThatDoesNotSayHowManyThereAreIsNoList(String totals) {
        answer = "{" + KEYS + totals + "}";

        assertThatThrownBy(() -> gateway().keysOf("t")).isInstanceOfSatisfying(OpenCraneException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
            assertThat(e.isRetryable()).isFalse();
        });
    }
}
