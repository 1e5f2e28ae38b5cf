package io.opencrane.it.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No key shows, whatever goes wrong: not in a log line, an exception, a {@code toString}, the JSON of a result, the cluster outside of
 * Secret data, or the projection. {@link SecrecyRun} lives the lives, in a JVM whose loggers speak from its start, the JDK's HTTP client
 * included.
 */
class SecrecyTest {
    static final String SECRETS = "secrets";
    private static final String PLANTED = "sk-planted-0123456789-abcdefghijklm";
    private static final String LOG = "slf4j.log";
    private static final String JDK_LOG = "jdk.log";
    private static final String CONSOLE = "console.log";

    /** All but {@code headers}, which prints every Authorization as it is: nobody but the JDK could help that. */
    private static final String JDK_LOGGERS = "errors,requests,content,frames:all,ssl,trace,channel";

    @TempDir
    private Path shown;

    private record Secret(String kind, String value) {
        static Secret of(String line) {
            int space = line.indexOf(' ');
            return new Secret(line.substring(0, space), line.substring(space + 1));
        }

        /** As it may have been cut or encoded: without its prefix, and without the end that differs by encoding. */
        String core() {
            return value.startsWith("sk-") ? value.substring(3) : value.replaceAll("=+$", "");
        }
    }

    @Test
    void noKeyShowsInAnyPlaceDuringTheWholeLifeOfATenant() throws IOException, InterruptedException {
        run();
        List<Secret> secrets = Files.readAllLines(shown.resolve(SECRETS)).stream()
                .map(Secret::of)
                .toList();
        assertThat(secrets).extracting(Secret::kind).contains("master", "raw", "hash", "encoded");
        assertThat(secrets).filteredOn(secret -> secret.kind().equals("raw")).hasSizeGreaterThan(10);

        List<String> leaks = new ArrayList<>();
        for (String place : places()) {
            List<String> lines = Files.readAllLines(shown.resolve(place));
            assertThat(lines)
                    .as("the search of %s finds what was planted", place)
                    .anyMatch(has(PLANTED));
            for (Secret secret : secrets) {
                // The JDK's log names addresses when it is asked to, and LiteLLM wants hashes in them.
                if (!(place.equals(JDK_LOG) && secret.kind().equals("hash"))) {
                    lines.stream()
                            .filter(has(secret.core()))
                            .limit(2)
                            .forEach(line -> leaks.add(secret.kind() + " in " + place + ": " + around(line, secret)));
                }
            }
        }
        assertThat(leaks).isEmpty();
        assertThat(Files.readString(shown.resolve(LOG)))
                .contains("Registered a LiteLLM key", "Deleted a LiteLLM key", "LiteLLM does not answer");
        assertThat(Files.readString(shown.resolve(JDK_LOG))).contains("/key/generate");
    }

    private static Predicate<String> has(String secret) {
        return line -> line.contains(secret);
    }

    private static String around(String line, Secret secret) {
        int at = line.indexOf(secret.core());
        return line.substring(0, Math.min(60, at)) + " ... " + line.substring(Math.max(0, at - 80), at) + "***";
    }

    private static List<String> places() {
        return Stream.concat(Stream.of(Exhibits.Place.values()).map(Enum::name), Stream.of(LOG, JDK_LOG, CONSOLE))
                .toList();
    }

    private void run() throws IOException, InterruptedException {
        Path logging = Files.writeString(shown.resolve("logging.properties"), """
                handlers=java.util.logging.FileHandler
                .level=ALL
                java.util.logging.FileHandler.level=ALL
                java.util.logging.FileHandler.pattern=%s
                java.util.logging.FileHandler.formatter=java.util.logging.SimpleFormatter
                """.formatted(shown.resolve(JDK_LOG)));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // The JDK's server would otherwise hold back the body of an answer for 40 milliseconds.
                        "-Dsun.net.httpserver.nodelay=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                        "-Dorg.slf4j.simpleLogger.log.io.opencrane=trace",
                        "-Dorg.slf4j.simpleLogger.logFile=" + shown.resolve(LOG),
                        "-Djava.util.logging.config.file=" + logging,
                        "-Djdk.httpclient.HttpClient.log=" + JDK_LOGGERS,
                        SecrecyRun.class.getName(),
                        shown.toString(),
                        PLANTED)
                .redirectErrorStream(true)
                .redirectOutput(shown.resolve(CONSOLE).toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("ended in time").isTrue();
            assertThat(process.exitValue()).as(() -> shown(CONSOLE)).isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private String shown(String place) {
        try {
            return Files.readString(shown.resolve(place));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
