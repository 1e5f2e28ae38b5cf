package io.opencrane.api.policy;

/**
 * Something about a policy that its author probably did not mean, or that is not in force.
 *
 * @param kind what
 * @param path the entry, for example {@code spec.egressRules[3]}
 * @param message one sentence that names the other entry, or says what to do
 */
public record PolicyFinding(Kind kind, String path, String message) {
    /** What can be found. */
    public enum Kind {
        /** An entry that another entry makes useless: what it allows is allowed already. */
        SHADOWED,
        /** An allowed entry that a denied one takes away whole. */
        DENIED,
        /** An entry that allows everything of its sort. */
        ALLOWS_ALL,
        /** An entry that is not in force, because it is malformed or cannot be expressed; what it would allow is closed. */
        NOT_IN_FORCE
    }
}
