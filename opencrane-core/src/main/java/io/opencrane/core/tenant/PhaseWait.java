package io.opencrane.core.tenant;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.port.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits on the caller's thread until an operator has done its part. */
final class PhaseWait {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final InstantSource clock;
    private final Pause pause;

    PhaseWait(InstantSource clock, Pause pause) {
        this.clock = clock;
        this.pause = pause;
    }

    Tenant until(TenantId id, TenantPhase phase, Duration deadline, Supplier<Tenant> read) {
        return wait(
                        id,
                        deadline,
                        () -> Optional.of(read.get()),
                        seen -> seen.filter(tenant ->
                                        isObserved(tenant) && tenant.status().phase() == phase)
                                .isPresent())
                .orElseThrow();
    }

    void untilGone(TenantId id, Duration deadline, Supplier<Optional<Tenant>> find) {
        wait(id, deadline, find, Optional::isEmpty);
    }

    /** A phase that is about an older spec says nothing about this one. */
    private static boolean isObserved(Tenant tenant) {
        return tenant.status().observedGeneration() >= tenant.metadata().generation();
    }

    private Optional<Tenant> wait(
            TenantId id, Duration deadline, Supplier<Optional<Tenant>> look, Predicate<Optional<Tenant>> isDone) {
        Instant end = clock.instant().plus(deadline);
        Duration next = FIRST;
        while (true) {
            Optional<Tenant> seen = look.get();
            if (isDone.test(seen)) {
                return seen;
            }
            Duration left = Duration.between(clock.instant(), end);
            if (left.isZero() || left.isNegative()) {
                throw late(id, "after " + deadline.toSeconds() + " s it is still " + describe(seen.orElseThrow()));
            }
            try {
                pause.pause(shorter(next, left));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw late(id, "the thread was interrupted while it was " + describe(seen.orElseThrow()));
            }
            next = shorter(next.multipliedBy(2), LONGEST);
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static String describe(Tenant last) {
        TenantPhase phase = last.status().phase();
        String message = last.status().message();
        return (last.metadata().isBeingDeleted() ? "on its way out, " : "")
                + (phase == null ? "not reconciled" : "in phase " + phase)
                + (isObserved(last) ? "" : " for an older spec")
                + (message == null ? "." : ": " + message);
    }

    private static OpenCraneException late(TenantId id, String what) {
        return new OpenCraneException(
                ErrorCode.TIMEOUT, id.key().toString(), "Waited in vain: " + what, Retry.MAY_HELP, null);
    }
}
