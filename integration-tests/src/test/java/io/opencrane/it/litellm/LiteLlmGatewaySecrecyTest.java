package io.opencrane.it.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ModelGateway.NewKey;
import io.opencrane.core.port.ModelGateway.Team;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import io.opencrane.testkit.litellm.LiteLlmDatabase;
import io.opencrane.testkit.litellm.LiteLlmFault;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No key and no hash of one may show: not in messages, causes, suppressed exceptions, {@code toString} or the log. */
class LiteLlmGatewaySecrecyTest {
    private static final SecretText MASTER = SecretText.of("sk-MASTERmasterMASTERmaster01");
    private static final SecretText WRONG_MASTER = SecretText.of("not-even-a-virtual-key-0123");
    private static final SecretText SECRET = SecretText.of("sk-TENANTtenantTENANTtenant02");
    private static final NewKey KEY = new NewKey(SECRET, "oc-secret/1", "oc-secret", Map.of());
    private static final List<LiteLlmFault> FAULTS = List.of(
            LiteLlmFault.status(400),
            LiteLlmFault.status(401),
            LiteLlmFault.status(403),
            LiteLlmFault.status(404),
            LiteLlmFault.status(422),
            LiteLlmFault.status(429),
            LiteLlmFault.status(500),
            LiteLlmFault.status(503),
            LiteLlmFault.lookupFailsAsNotFound(),
            LiteLlmFault.dropRequest(),
            LiteLlmFault.loseAnswer(),
            LiteLlmFault.withholdAnswer());

    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final FakeLiteLlm proxy = FakeLiteLlm.start(MASTER);

    @BeforeEach
    void captureTheLog() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        connect(proxy.endpoint(), MASTER).ensureTeam(new Team("oc-secret", "Secret", null, Map.of()));
    }

    @AfterEach
    void releaseTheLog() {
        System.setErr(standardError);
        proxy.close();
    }

    static Stream<LiteLlmFault> faults() {
        return FAULTS.stream();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void noFaultLeaksAKey(LiteLlmFault fault) {
        ModelGateway gateway = connect(proxy.endpoint(), MASTER);
        for (Runnable call : calls(gateway)) {
            proxy.failNext("*", 4, fault);
            assertKeepsSecrets(call);
            proxy.clearFaults();
        }
    }

    @Test
    void anOpenCircuitDoesNotLeak() {
        ModelGateway gateway = LiteLlmGateway.builder(proxy.endpoint(), MASTER)
                .circuit(1, Duration.ofHours(1))
                .header("X-Proxy-Token", SECRET)
                .build();
        proxy.failNext("*", LiteLlmFault.status(503));
        calls(gateway).forEach(LiteLlmGatewaySecrecyTest::assertKeepsSecrets);
        assertThat(log.toString(StandardCharsets.UTF_8)).contains("LiteLLM does not answer");
        assertClean(log.toString(StandardCharsets.UTF_8) + gateway);
    }

    @Test
    void aRefusedMasterKeyDoesNotLeak() {
        for (SecretText wrong : List.of(WRONG_MASTER, SECRET)) {
            calls(connect(proxy.endpoint(), wrong)).forEach(LiteLlmGatewaySecrecyTest::assertKeepsSecrets);
        }
    }

    @Test
    void aTakenAliasAndAWeakKeyDoNotLeak() {
        ModelGateway gateway = connect(proxy.endpoint(), MASTER);
        gateway.registerKey(KEY);
        NewKey second =
                new NewKey(SecretText.of("sk-TENANTtenantTENANTtenant02X"), KEY.alias(), KEY.teamId(), Map.of());
        assertKeepsSecrets(() -> gateway.registerKey(second));
        NewKey weak = new NewKey(SecretText.of("TENANTtenantTENANTtenant02"), "weak", "oc-secret", Map.of());
        assertKeepsSecrets(() -> gateway.registerKey(weak));
        assertKeepsSecrets(() -> gateway.findKey(SECRET.reveal()));
    }

    @Test
    void anOutageDoesNotLeak() {
        for (LiteLlmDatabase outage : List.of(LiteLlmDatabase.LOST, LiteLlmDatabase.NEVER_CONNECTED)) {
            proxy.database(outage);
            calls(connect(proxy.endpoint(), MASTER)).forEach(LiteLlmGatewaySecrecyTest::assertKeepsSecrets);
            calls(connect(proxy.endpoint(), WRONG_MASTER)).forEach(LiteLlmGatewaySecrecyTest::assertKeepsSecrets);
        }
        proxy.stop();
        calls(connect(proxy.endpoint(), MASTER)).forEach(LiteLlmGatewaySecrecyTest::assertKeepsSecrets);
    }

    @Test
    void aMasterKeyThatNoHeaderCanHoldIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> LiteLlmGateway.builder(proxy.endpoint(), SecretText.of(MASTER.reveal() + "\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertClean(textOf(e)));
    }

    @Test
    void successfulCallsAreLoggedWithoutKeys() {
        ModelGateway gateway = connect(proxy.endpoint(), MASTER);
        gateway.registerKey(KEY);
        gateway.deleteKey(hash(SECRET));
        String written = log.toString(StandardCharsets.UTF_8);
        assertThat(written)
                .contains("Created a LiteLLM team", "Registered a LiteLLM key", "Deleted a LiteLLM key")
                .contains("oc-secret/1");
        assertClean(written);
        assertClean(gateway + " " + KEY);
    }

    private static List<Runnable> calls(ModelGateway gateway) {
        return List.of(
                () -> gateway.ensureTeam(new Team("oc-secret", "Renamed", null, Map.of())),
                () -> gateway.registerKey(KEY),
                () -> gateway.findTeam("oc-secret"),
                () -> gateway.findKey(hash(SECRET)),
                () -> gateway.keysOf("oc-secret"),
                () -> gateway.teams(Map.of()),
                () -> gateway.keys(Map.of()),
                () -> gateway.accepts(SECRET),
                () -> gateway.placeKey(hash(SECRET), "oc-secret", Map.of("placed", "yes")),
                () -> gateway.usage("oc-secret", LocalDate.EPOCH, LocalDate.EPOCH),
                () -> gateway.blockTeam("oc-secret", true),
                () -> gateway.blockTeam("oc-secret", false),
                () -> gateway.deleteKey(hash(SECRET)),
                () -> gateway.deleteTeam("oc-secret"),
                gateway::health);
    }

    private static void assertKeepsSecrets(Runnable call) {
        try {
            call.run();
        } catch (OpenCraneException e) {
            assertClean(textOf(e));
        }
    }

    private static String textOf(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text, true));
        return text + failure.toString();
    }

    /** The hash counts too: LiteLLM quotes it, and it is how a key is named in LiteLLM's database. */
    private static void assertClean(String text) {
        for (SecretText secret : List.of(MASTER, WRONG_MASTER, SECRET)) {
            assertThat(text)
                    .doesNotContain(secret.reveal())
                    .doesNotContain(secret.reveal().substring(3))
                    .doesNotContain(hash(secret));
        }
    }

    private static ModelGateway connect(URI endpoint, SecretText masterKey) {
        return LiteLlmGateway.builder(endpoint, masterKey)
                .requestTimeout(Duration.ofMillis(150))
                .attempts(2, Duration.ofMillis(1))
                .circuit(1000, Duration.ofSeconds(30))
                .build();
    }

    private static String hash(SecretText key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(key.reveal().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
