package io.opencrane.testkit.fault;

import io.opencrane.testkit.fault.Faults.Moment;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Shows that an operation can be killed after any single step and run again (invariant 2): the scenario is cut at every outside call, once
 * before and once after the call takes effect, run again without faults, and verified.
 */
public final class CrashPoints {
    private static final int LIMIT = 2_000;

    private CrashPoints() {}

    /** A world, an operation on it and what must hold afterwards. */
    public interface Scenario {
        /**
         * The operation, as a new process would call it. It is called again after a cut.
         *
         * @throws Exception if it fails; a failure without a fault fails the test
         */
        void run() throws Exception;

        /** Asserts the end state, the same wherever the scenario was cut. */
        void verify();
    }

    /**
     * Cuts the process at every call: nothing after the cut happens.
     *
     * @param fresh makes a new world, its ports wrapped by these faults; calls made while it does so do not count
     * @return the number of points, two for each call
     * @throws AssertionError naming the point, if a scenario does not end as it must
     */
    public static int forEachCall(Function<Faults, Scenario> fresh) {
        return forEach(fresh, (faults, point) -> faults.crashAtCall(point.number, point.moment));
    }

    /**
     * Makes every call fail once while the process lives on: the operation may fail or cope.
     *
     * @param fresh makes a new world, its ports wrapped by these faults; calls made while it does so do not count
     * @param failure how calls fail
     * @return the number of points, two for each call
     * @throws AssertionError naming the point, if a scenario does not end as it must
     */
    public static int forEachFailure(Function<Faults, Scenario> fresh, Failure failure) {
        return forEach(fresh, (faults, point) -> faults.failCall(point.number, point.moment, failure));
    }

    private static int forEach(Function<Faults, Scenario> fresh, Cut cut) {
        int calls = countCalls(fresh);
        int points = 0;
        for (int number = 1; number <= calls; number++) {
            for (Moment moment : Moment.values()) {
                Point point = new Point(number, moment);
                Faults faults = new Faults();
                Scenario scenario = fresh.apply(faults);
                cut.arm(faults.restart(), point);
                String where = "cut " + moment.name().toLowerCase(Locale.ROOT) + " " + runCut(scenario, faults, number);
                faults.restart();
                step(where, scenario, CrashPoints::run);
                step(where, scenario, Scenario::verify);
                points++;
            }
        }
        return points;
    }

    private static int countCalls(Function<Faults, Scenario> fresh) {
        Faults faults = new Faults();
        Scenario scenario = fresh.apply(faults);
        faults.restart();
        step("without a cut", scenario, CrashPoints::run);
        int calls = faults.calls().size();
        if (calls == 0 || calls > LIMIT) {
            throw new AssertionError("A scenario makes 1 to " + LIMIT + " calls, not " + calls + ".");
        }
        step("without a cut", scenario, Scenario::verify);
        step("run twice without a cut", scenario, CrashPoints::run);
        step("run twice without a cut", scenario, Scenario::verify);
        return calls;
    }

    /** Runs into the cut; how the operation reports it is its own affair. */
    private static String runCut(Scenario scenario, Faults faults, int number) {
        @Nullable Exception thrown = null;
        try {
            scenario.run();
        } catch (Exception e) {
            thrown = e;
        }
        List<Call> calls = faults.calls();
        if (calls.size() < number) {
            throw new AssertionError(
                    "The scenario made only " + calls.size() + " calls this time, so it is not repeatable.", thrown);
        }
        return calls.get(number - 1).toString();
    }

    private static void run(Scenario scenario) {
        try {
            scenario.run();
        } catch (Exception e) {
            throw new AssertionError("it failed without a fault: " + e, e);
        }
    }

    private static void step(String where, Scenario scenario, Consumer<Scenario> step) {
        try {
            step.accept(scenario);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("Scenario " + where + ": " + e.getMessage(), e);
        }
    }

    private record Point(int number, Moment moment) {}

    @FunctionalInterface
    private interface Cut {
        void arm(Faults faults, Point point);
    }
}
