package io.opencrane.testkit.fault;

/**
 * The process died here. Not an {@code OpenCraneException}, so nothing that handles failures may catch it; code that does anyway gets no
 * further, because every later call crashes as well.
 */
public final class SimulatedCrash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Ends the process, for harnesses that have no {@link Faults}.
     *
     * @param where where it died
     */
    public SimulatedCrash(String where) {
        super("Simulated crash " + where);
    }
}
