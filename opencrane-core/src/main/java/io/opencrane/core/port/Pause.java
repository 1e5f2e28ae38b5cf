package io.opencrane.core.port;

import java.time.Duration;

/** How a call that waits lets time pass. The default sleeps; a test moves its clock and its fakes on instead. */
@FunctionalInterface
public interface Pause {
    /**
     * Lets time pass.
     *
     * @param howLong how much
     * @throws InterruptedException if the waiting thread is interrupted
     */
    void pause(Duration howLong) throws InterruptedException;

    /**
     * Sleeps.
     *
     * @return a pause in real time
     */
    static Pause sleeping() {
        return howLong -> Thread.sleep(howLong.toMillis());
    }
}
