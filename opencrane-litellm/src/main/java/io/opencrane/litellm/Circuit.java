package io.opencrane.litellm;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a dead LiteLLM from costing every caller a time-out: after so many exchanges in a row without an answer, or answered for it by a
 * proxy or a process without workers, calls fail at once; after a while one exchange is let through, and its outcome decides. Any other
 * answer, a refusal or a 500 included, shows that LiteLLM lives. Starts no thread. Thread-safe.
 */
final class Circuit {
    private static final Logger LOG = LoggerFactory.getLogger(Circuit.class);

    private final String whose;
    private final Scrubber scrubber;
    private final Duration open;
    private final CircuitBreaker breaker;

    /** What opened it, which whoever is turned away is told: a condition made of it must not flap between two sentences. */
    private volatile @Nullable LiteLlmException opener;

    /** @param whose who is asked, for the log */
    Circuit(String whose, int failures, Duration open, InstantSource clock, Scrubber scrubber) {
        this.whose = whose;
        this.scrubber = scrubber;
        this.open = open;
        breaker = CircuitBreaker.of(
                "litellm",
                CircuitBreakerConfig.custom()
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(failures)
                        .minimumNumberOfCalls(failures)
                        .failureRateThreshold(100)
                        .waitDurationInOpenState(open)
                        .permittedNumberOfCallsInHalfOpenState(1)
                        .automaticTransitionFromOpenToHalfOpenEnabled(false)
                        .clock(clock.withZone(ZoneOffset.UTC))
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> log(event.getStateTransition()));
    }

    /** Runs one exchange, unless the circuit is open. */
    Reply run(String subject, Supplier<Reply> exchange) {
        return run(subject, true, exchange);
    }

    /** @param quoted whether everybody may be told what the answer says; it may quote a key that the scrubber does not know */
    Reply run(String subject, boolean quoted, Supplier<Reply> exchange) {
        if (!breaker.tryAcquirePermission()) {
            LiteLlmException told = opener;
            if (told == null) {
                throw new IllegalStateException("An open circuit knows what opened it.");
            }
            throw told.repeated(subject);
        }
        boolean counted = false;
        try {
            Reply reply = exchange.get();
            counted = true;
            String quote = quoted ? ErrorReply.of(reply).text() : "";
            count(isForLiteLlm(reply.status()) ? Failures.unavailable(reply, quote, subject, scrubber) : null);
            return reply;
        } catch (LiteLlmException e) {
            if (!counted && !Thread.currentThread().isInterrupted()) {
                counted = true;
                // An answer that is too large is an answer.
                count(e.isRetryable() ? e : null);
            }
            throw e;
        } finally {
            if (!counted) {
                breaker.releasePermission();
            }
        }
    }

    /** What a proxy answers for a LiteLLM that is not there. */
    private static boolean isForLiteLlm(int status) {
        return status == 502 || status == 503 || status == 504;
    }

    private void count(@Nullable LiteLlmException failure) {
        if (failure == null) {
            breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            return;
        }
        // Set first, for others are turned away from the moment it opens; late failures of calls under way do not
        // change it.
        if (opener == null || breaker.getState() != CircuitBreaker.State.OPEN) {
            opener = failure;
        }
        breaker.onError(0, TimeUnit.NANOSECONDS, failure);
    }

    /** Trying again in vain changes nothing and is not worth a line each time. */
    private void log(StateTransition transition) {
        if (transition == StateTransition.CLOSED_TO_OPEN) {
            LiteLlmException told = opener;
            LOG.atWarn()
                    .addKeyValue("component", "litellm")
                    .addKeyValue("cause", told == null ? "" : told.sentence())
                    .log("{} does not answer; it is asked again after {}", whose, open);
        } else if (transition == StateTransition.HALF_OPEN_TO_CLOSED) {
            LOG.atInfo().addKeyValue("component", "litellm").log("{} answers again", whose);
        }
    }
}
