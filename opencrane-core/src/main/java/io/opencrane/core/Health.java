package io.opencrane.core;

/**
 * How an instance and the systems behind it are.
 *
 * @param cluster the Kubernetes API
 * @param database the projection's database
 * @param modelGateway the model gateway and its own database
 */
public record Health(Part cluster, Part database, Part modelGateway) {
    /** The state of one part. */
    public enum State {
        /** It answers. */
        UP,
        /** It does not answer, or what it answers cannot be believed. */
        DOWN,
        /** This host runs without it. */
        NOT_CONFIGURED
    }

    /**
     * One part.
     *
     * @param state its state
     * @param message one sentence for people; never holds a secret
     */
    public record Part(State state, String message) {
        static Part up() {
            return new Part(State.UP, "It answers.");
        }

        static Part down(String message) {
            return new Part(State.DOWN, message);
        }

        static Part notConfigured() {
            return new Part(State.NOT_CONFIGURED, "This host runs without it.");
        }
    }

    /**
     * Whether everything configured is up.
     *
     * @return true if no part is down
     */
    public boolean isUp() {
        return cluster.state() != State.DOWN && database.state() != State.DOWN && modelGateway.state() != State.DOWN;
    }
}
