package io.opencrane.testkit.provisioner;

/** How an outside call of a provisioner goes wrong. */
public enum OutsideFault {
    /** It has no effect and is answered with a 5xx. */
    OUTAGE(false),
    /** It takes effect and the answer is lost. */
    TIMEOUT(true),
    /** It has no effect and is answered with 429. */
    RATE_LIMITED(false),
    /** It takes effect and is answered with 409, as a create that the layer below repeats; a read is not hit by it. */
    CONFLICT(true),
    /** The process dies before it takes effect: it throws, and so does every call after it until the restart. */
    CRASH_BEFORE(false),
    /** The process dies after it took effect: it throws, and so does every call after it until the restart. */
    CRASH_AFTER(true);

    private final boolean takesEffect;

    OutsideFault(boolean takesEffect) {
        this.takesEffect = takesEffect;
    }

    /**
     * Whether the call takes effect before it fails.
     *
     * @return true if it does
     */
    public boolean takesEffect() {
        return takesEffect;
    }

    /**
     * Whether the process dies.
     *
     * @return true for the crashes
     */
    public boolean isCrash() {
        return this == CRASH_BEFORE || this == CRASH_AFTER;
    }
}
