package io.opencrane.api.error;

/**
 * One thing that is wrong with an input.
 *
 * @param path where, for example {@code spec.email}, {@code spec.channels[2].adapter} or an environment name
 * @param code what kind of problem
 * @param message one sentence that says what to do; never repeats a secret
 */
public record Problem(String path, Code code, String message) {
    /** The kinds of problems. */
    public enum Code {
        /** It is missing. */
        REQUIRED,
        /** It is not of the form asked for. */
        MALFORMED,
        /** It is longer than allowed. */
        TOO_LONG,
        /** It is a number outside the allowed range. */
        OUT_OF_RANGE,
        /** It is not one of the known values or names. */
        UNKNOWN,
        /** It contradicts another part of the input. */
        CONTRADICTION
    }

    @Override
    public String toString() {
        return path + ": " + message;
    }
}
