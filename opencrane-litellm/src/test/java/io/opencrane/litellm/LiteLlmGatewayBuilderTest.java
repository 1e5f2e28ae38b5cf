package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.resource.SecretText;
import java.net.Authenticator;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteLlmGatewayBuilderTest {
    private static final SecretText MASTER = SecretText.of("sk-master");

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://litellm", "litellm:4000", "http:///x", "http://u:p@litellm", "http://l?x=1", "http://l#x"
            })
    void anEndpointThatIsNoPlainUrlIsRefused(String endpoint) {
        assertThatThrownBy(() -> LiteLlmGateway.builder(URI.create(endpoint), MASTER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("u:p");
    }

    @Test
    void aClientThatFollowsRedirectsIsRefused() {
        HttpClient follower = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        LiteLlmGatewayBuilder builder = LiteLlmGateway.builder(URI.create("http://litellm:4000"), MASTER);
        assertThatThrownBy(() -> builder.httpClient(follower)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aClientThatWouldHideRefusalsIsRefusedAndAProxysPasswordIsAHeader() {
        HttpClient asking =
                HttpClient.newBuilder().authenticator(new Authenticator() {}).build();
        LiteLlmGatewayBuilder builder = LiteLlmGateway.builder(URI.create("http://litellm:4000"), MASTER);
        assertThatThrownBy(() -> builder.httpClient(asking))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Proxy-Authorization");
        assertThatCode(() -> builder.header("Proxy-Authorization", SecretText.of("Basic eDp5")))
                .doesNotThrowAnyException();
    }

    @Test
    void thePathPrefixIsKeptAndValuesAreEscaped() {
        Endpoint endpoint = Endpoint.of(URI.create("https://host/llm//"));
        assertThat(endpoint.resolve("/team/info", Map.of("team_id", "a b&c")))
                .hasToString("https://host/llm/team/info?team_id=a+b%26c");
    }

    @Test
    void theGatewayNamesItsEndpointOnly() {
        assertThat(LiteLlmGateway.builder(URI.create("http://litellm:4000"), MASTER)
                        .build())
                .hasToString("LiteLlmGateway[http://litellm:4000]");
    }

    @Test
    void aTextOfLiteLlmsIsScrubbed() {
        Scrubber scrubber = new Scrubber(SecretText.of("weird master"), List::of);
        assertThat(scrubber.scrub("with weird master, sk-abc_DEF-123, sk-...wxyz,\n" + "ab01".repeat(16)
                        + " Bearer xyz and so on"))
                .isEqualTo("with ***, ***, ***, *** *** and so on");
        assertThat(scrubber.scrub("x".repeat(5000))).hasSizeLessThan(400);
    }
}
