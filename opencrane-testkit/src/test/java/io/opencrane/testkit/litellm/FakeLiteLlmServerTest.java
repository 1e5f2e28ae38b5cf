package io.opencrane.testkit.litellm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The fake as a process of its own. */
class FakeLiteLlmServerTest {
    private static final String MASTER = "sk-master-0123456789";

    @Test
    void itSaysWhereItListensAndServesUntilItIsEnded() throws Exception {
        Process process = start(Map.of("PORT", "0", "LITELLM_MASTER_KEY", MASTER));
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            String line = Objects.requireNonNull(output.readLine());
            assertThat(line)
                    .matches("The fake LiteLLM listens on http://127\\.0\\.0\\.1:\\d+")
                    .doesNotContain(MASTER);
            String endpoint = line.substring(line.lastIndexOf(' ') + 1);
            assertThat(send(endpoint + "/health/liveliness", MASTER).body()).isEqualTo("\"I'm alive!\"");
            assertThat(send(endpoint + "/_fake", MASTER).statusCode()).isEqualTo(200);
            assertThat(send(endpoint + "/_fake", "sk-wrong").statusCode()).isEqualTo(401);
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aWrongPortIsOneSentenceAndCode2() throws Exception {
        for (String port : new String[] {"http", "65536", "-1", ""}) {
            assertEnds(Map.of("PORT", port, "LITELLM_MASTER_KEY", MASTER), 2, "PORT must be a number from 0 to 65535.");
        }
    }

    @Test
    void aMissingOrWrongMasterKeyIsOneSentenceAndCode2() throws Exception {
        String sentence = "Set LITELLM_MASTER_KEY to a key that begins with sk- and has no spaces.";
        assertEnds(Map.of("PORT", "0"), 2, sentence);
        assertEnds(Map.of("PORT", "0", "LITELLM_MASTER_KEY", "secret"), 2, sentence);
    }

    @Test
    void aPortThatIsTakenIsCode1() throws Exception {
        try (FakeLiteLlm other = FakeLiteLlmServer.open(Map.of("PORT", "0", "LITELLM_MASTER_KEY", MASTER))) {
            int port = other.endpoint().getPort();
            assertEnds(
                    Map.of("PORT", String.valueOf(port), "LITELLM_MASTER_KEY", MASTER),
                    1,
                    "The fake LiteLLM cannot listen on 127.0.0.1:" + port + ".");
        }
    }

    private static void assertEnds(Map<String, String> environment, int code, String sentence) throws Exception {
        Process process = start(environment);
        try (BufferedReader errors = process.errorReader(StandardCharsets.UTF_8)) {
            assertThat(errors.lines()).containsExactly(sentence);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(code);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FakeLiteLlmServer.class.getName());
        builder.environment().keySet().removeIf(name -> name.startsWith("JAVA_TOOL") || name.startsWith("JDK_JAVA"));
        builder.environment().keySet().removeAll(List.of("PORT", "LITELLM_MASTER_KEY"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static HttpResponse<String> send(String url, String credential) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url))
                                .header("Authorization", "Bearer " + credential)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
