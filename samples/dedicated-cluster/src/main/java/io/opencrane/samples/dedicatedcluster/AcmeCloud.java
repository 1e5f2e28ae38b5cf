package io.opencrane.samples.dedicatedcluster;

import java.util.Optional;

/**
 * What is needed of Acme's API; behind it is Acme's client, which labels what it makes and turns errors into those of {@link AcmeErrors}.
 */
public interface AcmeCloud {
    /** How something stands. */
    enum State {
        /** On its way in. */
        CREATING,
        /** In use. */
        READY,
        /** Somebody must look at it. */
        BROKEN,
        /** On its way out. */
        DELETING
    }

    /**
     * Something that exists.
     *
     * @param isOurs whether it has the label that {@link #create} gives
     * @param state how it stands
     * @param operation Acme's name for the last operation on it
     */
    record Part(boolean isOurs, State state, String operation) {
        boolean isReady() {
            return state == State.READY;
        }

        boolean isBroken() {
            return state == State.BROKEN;
        }

        boolean isGoing() {
            return state == State.DELETING;
        }
    }

    /**
     * Looks something up.
     *
     * @param name its name
     * @return it, or empty on a 404 and on nothing else
     */
    Optional<Part> find(String name);

    /**
     * Begins to make something.
     *
     * @param name its name
     * @return what is there now
     */
    Part create(String name);

    /**
     * Begins to remove something.
     *
     * @param name its name
     */
    void delete(String name);

    /**
     * The kubeconfig of a cluster that is ready.
     *
     * @param name the cluster's name
     * @return with its credentials in it
     */
    String kubeconfig(String name);
}
