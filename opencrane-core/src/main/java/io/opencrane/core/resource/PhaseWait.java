package io.opencrane.core.resource;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.core.port.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Waits on the caller's thread until an operator has done its part: looks at first after a quarter of a second, later every two seconds.
 * Thread-safe.
 *
 * @param <R> the model of what is waited for
 */
public final class PhaseWait<R extends Resource> {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final InstantSource clock;
    private final Pause pause;
    private final Function<R, Standing> standing;

    /**
     * Where a resource stands, by its status.
     *
     * @param phase its phase, or null before anybody looked
     * @param message one sentence for people, or null
     * @param observedGeneration the generation that this is about
     */
    public record Standing(
            @Nullable Enum<?> phase, @Nullable String message, long observedGeneration) {}

    /**
     * A way to wait.
     *
     * @param clock tells the time
     * @param pause lets it pass
     * @param standing reads where a resource stands
     */
    public PhaseWait(InstantSource clock, Pause pause, Function<R, Standing> standing) {
        this.clock = clock;
        this.pause = pause;
        this.standing = standing;
    }

    /**
     * Waits for a phase, judged by a status that is about the present spec.
     *
     * @param key what is waited for
     * @param phase the phase
     * @param deadline how long to wait
     * @param read reads it; what it throws ends the wait
     * @return the resource in that phase
     * @throws OpenCraneException {@code TIMEOUT} after the deadline, saying what it is instead
     */
    public R until(ResourceKey key, Enum<?> phase, Duration deadline, Supplier<R> read) {
        return wait(
                        key,
                        deadline,
                        () -> Optional.of(read.get()),
                        seen -> seen.filter(there -> isObserved(there)
                                        && standing.apply(there).phase() == phase)
                                .isPresent())
                .orElseThrow();
    }

    /**
     * Waits until there is no such resource.
     *
     * @param key what is waited for
     * @param deadline how long to wait
     * @param find reads it; empty once it is gone
     * @throws OpenCraneException {@code TIMEOUT} after the deadline, saying what it waits for
     */
    public void untilGone(ResourceKey key, Duration deadline, Supplier<Optional<R>> find) {
        wait(key, deadline, find, Optional::isEmpty);
    }

    /** A phase that is about an older spec says nothing about this one. */
    private boolean isObserved(R there) {
        return standing.apply(there).observedGeneration() >= there.metadata().generation();
    }

    private Optional<R> wait(
            ResourceKey key, Duration deadline, Supplier<Optional<R>> look, Predicate<Optional<R>> isDone) {
        Instant end = clock.instant().plus(deadline);
        Duration next = FIRST;
        while (true) {
            Optional<R> seen = look.get();
            if (isDone.test(seen)) {
                return seen;
            }
            Duration left = Duration.between(clock.instant(), end);
            if (left.isZero() || left.isNegative()) {
                throw late(key, "after " + deadline.toSeconds() + " s it is still " + describe(seen.orElseThrow()));
            }
            try {
                pause.pause(shorter(next, left));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw late(key, "the thread was interrupted while it was " + describe(seen.orElseThrow()));
            }
            next = shorter(next.multipliedBy(2), LONGEST);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private String describe(R last) {
        Standing now = standing.apply(last);
        return (last.metadata().isBeingDeleted() ? "on its way out, " : "")
                + (now.phase() == null ? "not reconciled" : "in phase " + now.phase())
                + (isObserved(last) ? "" : " for an older spec")
                + (now.message() == null ? "." : ": " + now.message());
    }

    private static OpenCraneException late(ResourceKey key, String what) {
        return new OpenCraneException(
                ErrorCode.TIMEOUT, key.toString(), "Waited in vain: " + what, Retry.MAY_HELP, null);
    }
}
