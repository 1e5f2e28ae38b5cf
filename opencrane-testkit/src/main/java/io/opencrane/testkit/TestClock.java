package io.opencrane.testkit;

import io.opencrane.core.port.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** A clock that stands still until a test, or a call that waits, moves it. Thread-safe. */
public final class TestClock implements InstantSource, Pause {
    private volatile Instant now;

    private TestClock(Instant now) {
        this.now = Objects.requireNonNull(now, "now");
    }

    /**
     * A clock at a moment.
     *
     * @param moment where it stands
     * @return the clock
     */
    public static TestClock at(Instant moment) {
        return new TestClock(moment);
    }

    /**
     * A clock at a moment.
     *
     * @param moment where it stands, in the form of {@link Instant#parse}, for example {@code 2026-01-01T00:00:00Z}
     * @return the clock
     */
    public static TestClock at(String moment) {
        return new TestClock(Instant.parse(moment));
    }

    @Override
    public Instant instant() {
        return now;
    }

    /**
     * Moves the clock on.
     *
     * @param by how far; a negative duration is refused because time does not run backwards by accident, use {@link #set} for that
     * @return where it stands now
     */
    public synchronized Instant advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("A clock advances; use set to move it back.");
        }
        now = now.plus(by);
        return now;
    }

    /**
     * Lets a call that waits move the clock on instead of sleeping.
     *
     * @param howLong how far
     */
    @Override
    public void pause(Duration howLong) {
        advance(howLong);
    }

    /**
     * Puts the clock to a moment, earlier or later.
     *
     * @param moment where it stands from now on
     */
    public synchronized void set(Instant moment) {
        now = Objects.requireNonNull(moment, "moment");
    }

    @Override
    public String toString() {
        return "TestClock at " + now;
    }
}
