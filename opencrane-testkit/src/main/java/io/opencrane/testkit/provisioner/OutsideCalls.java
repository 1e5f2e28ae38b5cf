package io.opencrane.testkit.provisioner;

import io.opencrane.testkit.fault.SimulatedCrash;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the outside calls of a provisioner, makes some of them fail, and remembers what they changed: the larger part of a
 * {@link ProvisionerUnderTest}. A vendor puts it around the calls of its API's fake. Thread-safe.
 *
 * <pre>{@code
 * OutsideCalls calls = new OutsideCalls(fault -> new AcmeException(fault == OutsideFault.RATE_LIMITED ? 429 : 503));
 * calls.read(() -> networks.get(name));
 * calls.change(OutsideChange.created(name), () -> networks.add(name));
 * }</pre>
 */
public final class OutsideCalls {
    private final Function<OutsideFault, RuntimeException> thrown;
    private final List<OutsideChange> changes = new ArrayList<>();
    private int calls;
    private int failing;
    private @Nullable OutsideFault fault;
    private boolean readsFail;
    private boolean crashed;

    /**
     * Lets everything pass until told otherwise.
     *
     * @param thrown what the vendor's client throws for a fault; not asked for a crash
     */
    public OutsideCalls(Function<OutsideFault, RuntimeException> thrown) {
        this.thrown = Objects.requireNonNull(thrown, "thrown");
    }

    /**
     * Reads something.
     *
     * @param call the call
     * @param <T> what it answers
     * @return its answer
     * @throws RuntimeException if it is its turn to fail
     */
    public synchronized <T extends @Nullable Object> T read(Supplier<T> call) {
        @Nullable OutsideFault now = next();
        if (readsFail) {
            throw thrown.apply(OutsideFault.OUTAGE);
        }
        if (now != null && now != OutsideFault.CONFLICT) {
            throw failure(now);
        }
        return call.get();
    }

    /**
     * Changes something.
     *
     * @param change what it changes, remembered if it does not throw
     * @param call the call
     * @throws RuntimeException if it is its turn to fail
     */
    public synchronized void change(OutsideChange change, Runnable call) {
        @Nullable OutsideFault now = next();
        if (now == null || now.takesEffect()) {
            call.run();
            changes.add(change);
        }
        if (now != null) {
            throw failure(now);
        }
    }

    /**
     * As {@link ProvisionerUnderTest#failCall}.
     *
     * @param number which call from now, from 1
     * @param how how it fails
     */
    public synchronized void failCall(int number, OutsideFault how) {
        failing = calls + number;
        fault = how;
    }

    /** As {@link ProvisionerUnderTest#failReads}. */
    public synchronized void failReads() {
        readsFail = true;
    }

    /** Takes all faults away; a crashed process stays crashed. */
    public synchronized void clearFaults() {
        fault = null;
        readsFail = false;
    }

    /** A new process: takes all faults away, and a crash too. */
    public synchronized void restart() {
        clearFaults();
        crashed = false;
    }

    /**
     * As {@link ProvisionerUnderTest#calls}.
     *
     * @return how many there were
     */
    public synchronized int calls() {
        return calls;
    }

    /**
     * As {@link ProvisionerUnderTest#changes}.
     *
     * @return a copy
     */
    public synchronized List<OutsideChange> changes() {
        return List.copyOf(changes);
    }

    private @Nullable OutsideFault next() {
        calls++;
        if (crashed) {
            throw new SimulatedCrash("earlier");
        }
        return calls == failing ? fault : null;
    }

    private RuntimeException failure(OutsideFault now) {
        if (now.isCrash()) {
            crashed = true;
            return new SimulatedCrash("at outside call " + calls);
        }
        return thrown.apply(now);
    }
}
