package io.opencrane.core.support;

import java.lang.management.ManagementFactory;
import java.time.Duration;

/** How long something keeps the processor busy: unlike the time on the wall, it is the same beside other builds. */
public final class CpuTime {
    private CpuTime() {}

    public static Duration of(Runnable work) {
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        work.run();
        return Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start);
    }
}
