package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CircuitTest {
    private static final Duration OPEN = Duration.ofSeconds(30);
    private static final String LIST = "GET /v2/team/list";
    private static final String EMPTY = "{\"teams\":[],\"total\":0,\"total_pages\":0}";
    private static final Scrubber SCRUBBER = new Scrubber(ScriptedServer.MASTER, List::of);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final ScriptedServer server = new ScriptedServer();

    /** When the circuit opened; the JDK's client itself repeats a GET whose connection was closed. */
    private int sent;

    private final LiteLlmGateway gateway = server.builder()
            .attempts(1, Duration.ofMillis(1))
            .circuit(3, OPEN)
            .clock(now::get)
            .build();

    @AfterEach
    void stop() {
        server.close();
    }

    private void pass(Duration time) {
        now.updateAndGet(then -> then.plus(time));
    }

    private OpenCraneException failure() {
        return (OpenCraneException) catchThrowable(() -> gateway.teams(Map.of()));
    }

    /** What the last caller was told who was not turned away. */
    private OpenCraneException open(int status) {
        server.always(LIST, status, "");
        failure();
        failure();
        OpenCraneException last = failure();
        sent = server.routes().size();
        return last;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 502, 503, 504})
    void afterAFewFailuresInARowNothingIsSentAndTheFailureStays(int status) {
        OpenCraneException asked = open(status);

        OpenCraneException first = failure();
        OpenCraneException second = failure();

        assertThat(server.routes()).hasSize(sent);
        assertThat(first).hasMessage(asked.getMessage());
        assertThat(second).hasMessage(asked.getMessage());
        assertThat(first.code()).isEqualTo(asked.code());
        assertThat(first.isRetryable()).isTrue();
    }

    @Test
    void theSubjectIsTheCallersOwn() {
        open(503);

        assertThat(catchThrowable(() -> gateway.findTeam("t")))
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.subject()).isEqualTo("LiteLLM team t"));
    }

    @Test
    void whoeverIsTurnedAwayIsNotTriedAgain() {
        Circuit circuit = new Circuit("LiteLLM", 1, OPEN, now::get, SCRUBBER);
        Retries retries = new Retries(3, Duration.ofMillis(1), () -> 1);
        LiteLlmException dead = LiteLlmException.passing(ErrorCode.UPSTREAM_ERROR, "it", "It is dead.", null);
        AtomicInteger attempts = new AtomicInteger();

        assertThat(catchThrowable(() -> retries.run(attempt -> {
                    attempts.incrementAndGet();
                    circuit.run("it", failing(dead));
                })))
                .hasMessage(dead.getMessage());

        assertThat(attempts)
                .as("the one that opened it, and the one that was turned away")
                .hasValue(2);
    }

    @Test
    void anInterruptDoesNotCount() {
        server.always(LIST, 200, EMPTY);
        LiteLlmGateway wary = server.builder().circuit(1, OPEN).clock(now::get).build();

        assertThat(interrupted(() -> catchThrowable(() -> wary.teams(Map.of()))))
                .isNotNull();

        assertThat(wary.teams(Map.of())).isEmpty();
    }

    private static <T> T interrupted(Supplier<T> call) {
        Thread.currentThread().interrupt();
        try {
            return call.get();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 422, 429, 500, 501})
    void anyOtherAnswerShowsThatLiteLlmLives(int status) {
        server.always(LIST, status, "{\"error\":{\"message\":\"no\"}}");
        for (int i = 0; i < 10; i++) {
            assertThat(failure()).isNotNull();
        }

        assertThat(server.routes()).hasSize(10);
    }

    @Test
    void failuresThatAreNotInARowDoNotOpenIt() {
        for (int i = 0; i < 6; i++) {
            server.once(LIST, 503, "");
            server.once(LIST, 503, "");
            server.once(LIST, 200, EMPTY);
        }
        for (int i = 0; i < 6; i++) {
            assertThat(failure()).isNotNull();
            assertThat(failure()).isNotNull();
            assertThat(gateway.teams(Map.of())).isEmpty();
        }
    }

    @Test
    void anAnswerThatIsTooLargeIsAnAnswer() {
        LiteLlmGateway small =
                server.builder().responseLimitBytes(2).circuit(2, OPEN).build();
        server.always(LIST, 200, EMPTY);
        for (int i = 0; i < 5; i++) {
            Failing.lasts(() -> small.teams(Map.of()), ErrorCode.UPSTREAM_ERROR);
        }

        assertThat(server.routes()).hasSize(5);
    }

    @Test
    void afterAWhileOneExchangeIsLetThroughAndItsSuccessCloses() {
        open(503);
        server.always(LIST, 200, EMPTY);
        pass(OPEN);
        assertThat(failure()).isNotNull();
        pass(Duration.ofMillis(1));

        assertThat(gateway.teams(Map.of())).isEmpty();
        assertThat(gateway.teams(Map.of())).isEmpty();
        assertThat(server.routes()).hasSize(sent + 2);
    }

    @Test
    void itsFailureKeepsItOpenWithTheNewerSentence() {
        open(503);
        server.always(LIST, 504, "");
        pass(OPEN.plusMillis(1));

        assertThat(failure().code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(failure().code()).isEqualTo(ErrorCode.TIMEOUT);
        assertThat(server.routes()).hasSize(sent + 1);
    }

    @Test
    void healthAsksAllTheSameAndOpensNothing() {
        open(0);
        assertThat(gateway.health().isReady()).isTrue();
        server.always("GET /health/readiness", 503, "");
        for (int i = 0; i < 5; i++) {
            assertThat(gateway.health().isReady()).isFalse();
        }

        assertThat(server.asked()).hasSize(sent + 6);
    }

    @Test
    void oneCallerOnlyTriesAnOpenCircuit() throws Exception {
        Circuit circuit = new Circuit("LiteLLM", 1, OPEN, now::get, SCRUBBER);
        LiteLlmException dead = LiteLlmException.passing(ErrorCode.UPSTREAM_ERROR, "it", "It is dead.", null);
        assertThat(catchThrowable(() -> circuit.run("it", failing(dead)))).isSameAs(dead);
        pass(OPEN.plusMillis(1));
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<Reply> trial = threads.submit(() -> circuit.run("it", () -> {
                entered.countDown();
                await(release);
                return new Reply(200, Json.object(), null);
            }));
            assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
            AtomicInteger sent = new AtomicInteger();
            assertThat(catchThrowable(() -> circuit.run("other", () -> {
                        sent.incrementAndGet();
                        return new Reply(200, Json.object(), null);
                    })))
                    .hasMessageContaining("It is dead.");
            assertThat(sent).hasValue(0);
            release.countDown();
            assertThat(trial.get(10, TimeUnit.SECONDS).isSuccess()).isTrue();
        } finally {
            release.countDown();
            threads.shutdownNow();
        }
        assertThat(circuit.run("it", () -> new Reply(200, Json.object(), null)).isSuccess())
                .isTrue();
    }

    @Test
    void aTrialThatIsInterruptedLeavesItToTheNext() throws ExecutionException, InterruptedException {
        Circuit circuit = new Circuit("LiteLLM", 1, OPEN, now::get, SCRUBBER);
        LiteLlmException dead = LiteLlmException.passing(ErrorCode.UPSTREAM_ERROR, "it", "It is dead.", null);
        assertThat(catchThrowable(() -> circuit.run("it", failing(dead)))).isSameAs(dead);
        pass(OPEN.plusMillis(1));
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            threads.submit(() -> {
                        Thread.currentThread().interrupt();
                        return catchThrowable(() -> circuit.run("it", failing(dead)));
                    })
                    .get();
        } finally {
            threads.shutdownNow();
        }

        assertThat(circuit.run("it", () -> new Reply(200, Json.object(), null)).isSuccess())
                .isTrue();
    }

    @Test
    void aHeaderThatTheHostCannotGiveIsNoFailureOfLiteLlms() {
        LiteLlmGateway hosted = server.builder()
                .circuit(1, OPEN)
                .header("X-Token", () -> {
                    throw new IllegalStateException("secret");
                })
                .build();
        for (int i = 0; i < 3; i++) {
            assertThat(catchThrowable(() -> hosted.teams(Map.of())))
                    .hasMessageContaining("X-Token")
                    .hasMessageNotContaining("secret");
        }
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void aDeadGatewayCostsCallersNothing() {
        open(0);
        long slowest = 0;
        long start = System.nanoTime();
        for (int i = 0; i < 10_000; i++) {
            long before = System.nanoTime();
            assertThat(catchThrowable(() -> gateway.findTeam("t"))).isNotNull();
            slowest = Math.max(slowest, System.nanoTime() - before);
        }
        long micros = (System.nanoTime() - start) / 10_000 / 1000;
        System.out.println("An open circuit: " + micros + " µs a call, the slowest " + slowest / 1000 + " µs.");

        assertThat(micros).as("microseconds a call").isLessThan(1000);
        assertThat(server.routes()).hasSize(sent);
    }

    @Test
    void aCircuitStartsNoThread() {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        Circuit circuit = new Circuit("LiteLLM", 1, OPEN, now::get, SCRUBBER);
        LiteLlmException dead = LiteLlmException.passing(ErrorCode.UPSTREAM_ERROR, "it", "It is dead.", null);
        assertThat(catchThrowable(() -> circuit.run("it", failing(dead)))).isSameAs(dead);
        pass(OPEN.plusMillis(1));
        assertThat(circuit.run("it", () -> new Reply(200, Json.object(), null)).isSuccess())
                .isTrue();

        assertThat(before).containsAll(Thread.getAllStackTraces().keySet());
    }

    private static Supplier<Reply> failing(LiteLlmException failure) {
        return () -> {
            throw failure;
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
