package io.opencrane.k8s.object;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;

/** The objects of a real API server, over a client that the host brings and keeps. */
public final class ApiServerObjects {
    /** How long a call may take, its retries included, when the host says nothing else. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private ApiServerObjects() {}

    /**
     * The objects behind a client, with {@link #DEFAULT_TIMEOUT}.
     *
     * @param client the host's client; it shares its connections and credentials, and stays open and unchanged
     * @return the store; closed with the client
     */
    public static ObjectStore over(KubernetesClient client) {
        return over(client, DEFAULT_TIMEOUT);
    }

    /**
     * The objects behind a client.
     *
     * @param client the host's client; it shares its connections and credentials, and stays open and unchanged
     * @param timeout how long a call may take, its retries included; then it fails with {@code TIMEOUT}
     * @return the store; closed with the client
     */
    public static ObjectStore over(KubernetesClient client, Duration timeout) {
        return new Fabric8ObjectStore(new ApiServer(client, timeout));
    }
}
