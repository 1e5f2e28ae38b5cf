package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.resource.SecretText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostHeadersTest {
    private static final SecretText VALUE = SecretText.of("Basic aG9zdDpzZWNyZXQ=");

    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization",
                "authorization",
                "X-LiteLLM-API-Key",
                "Accept",
                "Content-Type",
                "Content-Length",
                "Host",
                "Connection",
                "Upgrade",
                "Expect",
                "",
                "two words",
                "colon:"
            })
    void aNameThatCannotBeSetIsRefusedInOneSentence(String name) {
        assertThatThrownBy(() -> server.builder().header(name, VALUE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasNoCause()
                .message()
                .endsWith(".")
                .doesNotContain(VALUE.reveal());
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\r\nlines", "tab\there", "ümlaut", " led", "trailed "})
    void aValueThatCannotBeSentIsRefusedWithoutShowingIt(String value) {
        assertThatThrownBy(() -> server.builder().header("X-Token", SecretText.of(value)))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .doesNotContain(value);
    }

    @Test
    void everyRequestCarriesThemAndTheMasterKey() {
        server.always("GET /v2/team/list", 200, "{\"teams\":[],\"total\":0,\"total_pages\":0}");
        LiteLlmGateway gateway = server.builder()
                .header("X-Proxy-Authorization", SecretText.of("overwritten"))
                .header("x-proxy-authorization", VALUE)
                .build();

        gateway.teams(Map.of());
        assertThat(gateway.health().isReady()).isTrue();

        assertThat(server.asked())
                .hasSize(2)
                .allSatisfy(asked ->
                        assertThat(asked.headers().get("X-proxy-authorization")).containsExactly(VALUE.reveal()));
        assertThat(server.last("GET /v2/team/list").header("Authorization")).startsWith("Bearer ");
        assertThat(server.last("GET /health/readiness").header("Authorization")).isEmpty();
    }

    @Test
    void aValueThatChangesIsAskedForEachTime() {
        server.always("GET /v2/team/list", 200, "{\"teams\":[],\"total\":0,\"total_pages\":0}");
        AtomicInteger tokens = new AtomicInteger();
        LiteLlmGateway gateway = server.builder()
                .header("X-Token", () -> SecretText.of("token-" + tokens.incrementAndGet()))
                .build();

        gateway.teams(Map.of());
        gateway.teams(Map.of());

        assertThat(server.asked()).extracting(asked -> asked.header("X-token")).containsExactly("token-1", "token-2");
    }

    @Test
    void aValueThatCannotBeSentAnyMoreIsAFailureWithoutIt() {
        LiteLlmGateway gateway = server.builder()
                .header("X-Token", () -> SecretText.of("bad\nTOKENtoken"))
                .build();

        Failing.mayPass(() -> gateway.teams(Map.of()), ErrorCode.UPSTREAM_ERROR);
        assertThat(textOf(catchThrowable(() -> gateway.teams(Map.of())))).doesNotContain("TOKENtoken");
        assertThat(gateway.health().isReady()).isFalse();
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aValueThatAProxyQuotesDoesNotShow() {
        server.always(
                "GET /v2/team/list",
                400,
                "{\"error\":{\"message\":\"bad credentials Basic aG9zdDpzZWNyZXQ= or aG9zdDpzZWNyZXQ= alone\"}}");
        LiteLlmGateway gateway =
                server.builder().header("X-Proxy-Authorization", VALUE).build();

        Throwable failure = catchThrowable(() -> gateway.teams(Map.of()));

        assertThat(failure).hasMessageContaining("bad credentials *** or *** alone");
        assertThat(textOf(failure) + gateway).doesNotContain("aG9zdDpzZWNyZXQ");
    }

    private static String textOf(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text.toString();
    }
}
