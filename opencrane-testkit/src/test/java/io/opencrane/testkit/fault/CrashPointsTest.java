package io.opencrane.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CrashPointsTest {
    /** A world that counts. */
    @FunctionalInterface
    public interface Ledger {
        /** Books a line and returns how often it was booked before. */
        int book(String line);
    }

    private record World(Ledger ledger, List<String> lines, Body body, List<String> expected)
            implements CrashPoints.Scenario {
        static World of(Faults faults, Body body, String... expected) {
            List<String> lines = new ArrayList<>();
            Ledger ledger = line -> {
                if (line.startsWith("once ") && lines.contains(line)) {
                    return 1;
                }
                lines.add(line);
                return 0;
            };
            return new World(faults.wrap(Ledger.class, ledger), lines, body, List.of(expected));
        }

        @Override
        public void run() {
            body.run(ledger);
        }

        @Override
        public void verify() {
            assertThat(lines).isEqualTo(expected);
        }
    }

    @FunctionalInterface
    private interface Body {
        void run(Ledger ledger);
    }

    private static void sound(Ledger ledger) {
        ledger.book("once a");
        ledger.book("once b");
        ledger.book("once c");
    }

    @Test
    void anOperationThatMayBeRepeatedSurvivesEveryPoint() {
        assertThat(CrashPoints.forEachCall(
                        faults -> World.of(faults, CrashPointsTest::sound, "once a", "once b", "once c")))
                .isEqualTo(6);
        assertThat(CrashPoints.forEachFailure(
                        faults -> World.of(faults, CrashPointsTest::sound, "once a", "once b", "once c"),
                        Failure.TIMEOUT))
                .isEqualTo(6);
    }

    @Test
    void anOperationThatForgetsWhatItDidIsCaught() {
        Body forgetful = ledger -> {
            if (ledger.book("once begun") == 0) {
                ledger.book("work");
            }
        };
        assertThatThrownBy(() -> CrashPoints.forEachCall(faults -> World.of(faults, forgetful, "once begun", "work")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("cut after call 1, Ledger.book");
    }

    @Test
    void anOperationThatSwallowsTheCrashGetsNoFurther() {
        Body stubborn = ledger -> {
            for (String line : List.of("once a", "once b", "once c")) {
                try {
                    ledger.book(line);
                } catch (RuntimeException e) {
                    continue;
                }
            }
        };
        assertThat(CrashPoints.forEachCall(faults -> World.of(faults, stubborn, "once a", "once b", "once c")))
                .isEqualTo(6);
    }

    @Test
    void anOperationThatFailsWithoutAFaultIsCaught() {
        Body broken = ledger -> {
            ledger.book("once a");
            throw new IllegalStateException("broken");
        };
        assertThatThrownBy(() -> CrashPoints.forEachCall(faults -> World.of(faults, broken, "once a")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("broken");
    }

    @Test
    void aScenarioWithoutCallsIsRefused() {
        assertThatThrownBy(() -> CrashPoints.forEachCall(faults -> World.of(faults, ledger -> {})))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not 0");
    }
}
