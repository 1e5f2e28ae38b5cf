package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final LiteLlmException PASSING =
            LiteLlmException.passing(ErrorCode.UPSTREAM_ERROR, "it", "It passes.", null);

    private final Retries retries = new Retries(3, Duration.ofMillis(1), () -> 1);

    @Test
    void theFirstCallCountsAsAnAttempt() {
        List<Integer> attempts = new ArrayList<>();
        assertThatThrownBy(() -> retries.run(attempt -> {
                    attempts.add(attempt);
                    throw PASSING;
                }))
                .isSameAs(PASSING);
        assertThat(attempts).containsExactly(1, 2, 3);
    }

    @Test
    void aSuccessEndsIt() {
        assertThat(retries.<Integer>call(attempt -> {
                    if (attempt < 2) {
                        throw PASSING;
                    }
                    return attempt;
                }))
                .isEqualTo(2);
    }

    @Test
    void aLastingFailureIsNotRepeated() {
        List<Integer> attempts = new ArrayList<>();
        assertThatThrownBy(() -> retries.run(attempt -> {
                    attempts.add(attempt);
                    throw LiteLlmException.lasting(ErrorCode.UNAUTHORIZED, "it", "It lasts.");
                }))
                .isInstanceOf(OpenCraneException.class);
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void whoeverMustWaitTooLongIsToldAtOnce() {
        List<Integer> attempts = new ArrayList<>();
        assertThatThrownBy(() -> retries.run(attempt -> {
                    attempts.add(attempt);
                    throw LiteLlmException.throttled("it", "Later.", Duration.ofHours(1));
                }))
                .isInstanceOfSatisfying(
                        OpenCraneException.class,
                        e -> assertThat(e.isRetryable()).isTrue());
        assertThat(attempts).containsExactly(1);
    }

    @Test
    void anInterruptEndsItAndStays() {
        List<Integer> attempts = new ArrayList<>();
        try {
            assertThatThrownBy(() -> retries.run(attempt -> {
                        attempts.add(attempt);
                        Thread.currentThread().interrupt();
                        throw PASSING;
                    }))
                    .isSameAs(PASSING);
            assertThat(attempts).containsExactly(1);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void delaysDoubleUpToACapAndHalfOfThemIsChance() {
        Retries slow = new Retries(9, Duration.ofSeconds(1), () -> 1);
        assertThat(slow.delay(1, PASSING)).isEqualTo(Duration.ofSeconds(1));
        assertThat(slow.delay(3, PASSING)).isEqualTo(Duration.ofSeconds(4));
        assertThat(slow.delay(9, PASSING)).isEqualTo(Duration.ofSeconds(10));
        assertThat(new Retries(9, Duration.ofSeconds(1), () -> 0).delay(3, PASSING))
                .isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void retryAfterWins() {
        assertThat(retries.delay(1, LiteLlmException.throttled("it", "Later.", Duration.ofSeconds(7))))
                .isEqualTo(Duration.ofSeconds(7));
    }
}
