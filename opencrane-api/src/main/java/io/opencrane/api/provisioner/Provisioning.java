package io.opencrane.api.provisioner;

import io.opencrane.api.clustertenant.SecretKeyRef;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A provisioner's answer. Immutable.
 *
 * @param state how far it is
 * @param message one sentence for people, at most 1,000 characters, or null; never holds a secret
 * @param boundNamespace where the customer's tenants run, in its cluster; null for {@code opencrane-<name>}
 * @param kubeconfigSecretRef where in the home cluster the kubeconfig of the customer's cluster is; needed when a dedicated cluster is
 *     ready, and null otherwise. The Secret holds the kubeconfig with its credentials in it, no file names and no commands
 * @param operationId the provisioner's name for the running operation, at most 253 printable characters without a secret, or null
 * @param askAgainAfter when the next question makes sense, or null to leave it to the caller
 */
public record Provisioning(
        State state,
        @Nullable String message,
        @Nullable String boundNamespace,
        @Nullable SecretKeyRef kubeconfigSecretRef,
        @Nullable String operationId,
        @Nullable Duration askAgainAfter) {

    /** How far a provisioner is. */
    public enum State {
        /** It works on it. */
        IN_PROGRESS,
        /** Tenants may come. */
        READY,
        /** Somebody must do something. */
        FAILED,
        /** There is nothing of this customer, or nothing but the data that are to be kept. */
        ABSENT
    }

    /** Refuses a missing state. */
    public Provisioning {
        Objects.requireNonNull(state, "state");
    }

    /**
     * It works on it.
     *
     * @param operationId its name for the operation, or null
     * @return the answer
     */
    public static Provisioning inProgress(@Nullable String operationId) {
        return new Provisioning(State.IN_PROGRESS, null, null, null, operationId, null);
    }

    /**
     * A cluster is ready.
     *
     * @param kubeconfigSecretRef where in the home cluster its kubeconfig is
     * @return the answer
     */
    public static Provisioning ready(SecretKeyRef kubeconfigSecretRef) {
        return new Provisioning(
                State.READY,
                null,
                null,
                Objects.requireNonNull(kubeconfigSecretRef, "kubeconfigSecretRef"),
                null,
                null);
    }

    /**
     * A namespace of the home cluster is ready.
     *
     * @param boundNamespace the namespace
     * @return the answer
     */
    public static Provisioning readyAtHome(String boundNamespace) {
        return new Provisioning(
                State.READY, null, Objects.requireNonNull(boundNamespace, "boundNamespace"), null, null, null);
    }

    /**
     * Somebody must do something.
     *
     * @param message what, in one sentence
     * @return the answer
     */
    public static Provisioning failed(String message) {
        return new Provisioning(State.FAILED, Objects.requireNonNull(message, "message"), null, null, null, null);
    }

    /**
     * There is nothing.
     *
     * @return the answer
     */
    public static Provisioning absent() {
        return new Provisioning(State.ABSENT, null, null, null, null, null);
    }

    /**
     * The same with a message.
     *
     * @param sentence for people
     * @return a copy
     */
    public Provisioning withMessage(String sentence) {
        return new Provisioning(state, sentence, boundNamespace, kubeconfigSecretRef, operationId, askAgainAfter);
    }

    /**
     * The same in another namespace than {@code opencrane-<name>}.
     *
     * @param namespace the namespace
     * @return a copy
     */
    public Provisioning inNamespace(String namespace) {
        return new Provisioning(state, message, namespace, kubeconfigSecretRef, operationId, askAgainAfter);
    }

    /**
     * The same with a time for the next question.
     *
     * @param delay from now, or null to leave it to the caller
     * @return a copy
     */
    public Provisioning askAgainAfter(@Nullable Duration delay) {
        return new Provisioning(state, message, boundNamespace, kubeconfigSecretRef, operationId, delay);
    }
}
