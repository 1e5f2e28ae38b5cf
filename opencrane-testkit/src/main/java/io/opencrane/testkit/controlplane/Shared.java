package io.opencrane.testkit.controlplane;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;

/** The one control plane of a test run, closed by JUnit with its root store. */
final class Shared implements AutoCloseable {
    private @Nullable ControlPlane controlPlane;
    private @Nullable RuntimeException failure;
    private final Set<String> said = new HashSet<>();
    private int executed;

    synchronized ControlPlane controlPlane() {
        if (failure != null) {
            // One that does not start would not start for the next class either, only cost its patience again.
            throw failure;
        }
        if (controlPlane == null) {
            try {
                controlPlane = ControlPlane.start();
            } catch (RuntimeException failed) {
                failure = failed;
                throw failed;
            }
        }
        return controlPlane;
    }

    synchronized ConditionEvaluationResult skip(String reason) {
        if (said.add(reason)) {
            // Skipped tests are silent in most builds, and these must not be.
            print("SKIPPED control-plane tests. " + reason);
        }
        return ConditionEvaluationResult.disabled(reason);
    }

    synchronized void count() {
        executed++;
    }

    @Override
    public synchronized void close() {
        print("control-plane tests executed: " + executed);
        if (controlPlane != null) {
            controlPlane.close();
        }
    }

    /** For the reader of a build's output, where no logger is configured. */
    private static void print(String line) {
        System.out.println(line);
    }
}
