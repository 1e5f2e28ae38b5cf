package io.opencrane.litellm;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.IntFunction;

/**
 * Repeats whole operations, never single requests: an operation is written so that repeating it is safe, a request often is not. Waits
 * double and are jittered, LiteLLM's {@code retry-after} wins, and whoever would have to wait too long is told at once.
 */
final class Retries {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final Duration firstDelay;
    private final DoubleSupplier random;
    private final Retry retry;

    /** @param random between 0 and 1, for the jitter */
    Retries(int maxAttempts, Duration firstDelay, DoubleSupplier random) {
        this.firstDelay = firstDelay;
        this.random = random;
        this.retry = Retry.of(
                "litellm",
                RetryConfig.custom()
                        .maxAttempts(maxAttempts)
                        .retryOnException(Retries::mayHelp)
                        .intervalBiFunction((attempt, outcome) ->
                                delay(attempt, outcome.getLeft()).toMillis())
                        .build());
    }

    /** @param operation is told the number of the attempt, from 1 */
    <T> T call(IntFunction<T> operation) {
        AtomicInteger attempts = new AtomicInteger();
        return retry.executeSupplier(() -> operation.apply(attempts.incrementAndGet()));
    }

    void run(Effect operation) {
        call(attempt -> {
            operation.run(attempt);
            return attempt;
        });
    }

    private static boolean mayHelp(Throwable failure) {
        return failure instanceof LiteLlmException e
                && e.isRetryable()
                && !e.isUnasked()
                && !Thread.currentThread().isInterrupted()
                && (e.retryAfter() == null || e.retryAfter().compareTo(LONGEST_WAIT) <= 0);
    }

    /** Half of the doubled delay is certain, the other half by chance. */
    Duration delay(int attempt, Throwable failure) {
        if (failure instanceof LiteLlmException e && e.retryAfter() != null) {
            return e.retryAfter().isNegative() ? Duration.ZERO : e.retryAfter();
        }
        Duration doubled = firstDelay.multipliedBy(1L << Math.min(attempt - 1, 10));
        Duration capped = doubled.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : doubled;
        return Duration.ofNanos((long) (capped.toNanos() * (0.5 + random.getAsDouble() / 2)));
    }

    /** An operation without a result. */
    interface Effect {
        void run(int attempt);
    }
}
