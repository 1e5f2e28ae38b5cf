package io.opencrane.it.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The jar of samples/operator in a process of its own, with nothing in its environment but what the test says. */
final class OperatorProcess implements AutoCloseable {
    static final String JAR = "opencrane.operator.jar";
    static final String WHEN_IT_RUNS = "The operator's jar is made and tested by mvn verify, not by mvn test.";

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final Path log;
    private final int healthPort;

    private OperatorProcess(Process process, Path log, int healthPort) {
        this.process = process;
        this.log = log;
        this.healthPort = healthPort;
    }

    static OperatorProcess start(Map<String, String> environment, String... arguments) throws IOException {
        Path jar = Path.of(System.getProperty(JAR));
        assertThat(jar).isRegularFile();
        Path log = Files.createTempFile("operator", ".log");
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("HEALTH_PORT", String.valueOf(port));
        builder.environment().putAll(environment);
        return new OperatorProcess(builder.start(), log, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    OperatorProcess untilReady() {
        await("the operator to be ready").atMost(Duration.ofSeconds(60)).until(this::isReady);
        return this;
    }

    /** Fails when it has ended. */
    boolean isReady() throws InterruptedException {
        assertThat(process.isAlive()).as(this::log).isTrue();
        return get("/readyz").equals("200 {\"status\":\"ok\"}");
    }

    /** The status and the body, or nothing while nobody listens. */
    String get(String path) throws InterruptedException {
        try {
            var answer = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + healthPort + path))
                            .timeout(Duration.ofSeconds(5))
                            .build(),
                    BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            return "";
        }
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    OperatorProcess terminate() {
        process.destroy();
        return this;
    }

    int exitCode(Duration within) throws InterruptedException {
        assertThat(process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS))
                .as(() -> "still running: " + log())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.deleteIfExists(log);
    }
}
