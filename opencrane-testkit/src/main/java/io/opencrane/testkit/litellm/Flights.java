package io.opencrane.testkit.litellm;

/** Which requests overlap (F7), in steps of their own. Guarded by the monitor of the {@link ProxyState}. */
final class Flights {
    private long step;

    Flight begin() {
        return new Flight(++step);
    }

    /** The answer is about to be sent. */
    void end(Flight flight) {
        flight.end = ++step;
    }

    /** From the arrival of a request to its answer. */
    static final class Flight {
        private final long start;
        private long end = Long.MAX_VALUE;

        private Flight(long start) {
            this.start = start;
        }

        /** Whether the other was not yet answered when this one came. */
        boolean overlaps(Flight earlier) {
            return this != earlier && earlier.end > start;
        }
    }
}
