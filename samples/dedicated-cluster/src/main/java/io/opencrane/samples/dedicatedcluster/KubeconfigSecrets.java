package io.opencrane.samples.dedicatedcluster;

import io.opencrane.api.clustertenant.SecretKeyRef;
import io.opencrane.api.error.OpenCraneException;

/** Secrets of the home cluster, where OpenCrane reads the kubeconfigs; behind it is the Kubernetes client, which labels what it makes. */
public interface KubeconfigSecrets {
    /**
     * Whether there is one.
     *
     * @param ref where
     * @return false on a 404 and on nothing else
     * @throws OpenCraneException {@code NAME_TAKEN} if there is one without the label that {@link #create} gives
     */
    boolean exists(SecretKeyRef ref);

    /**
     * Makes one.
     *
     * @param ref where
     * @param kubeconfig its content
     */
    void create(SecretKeyRef ref, String kubeconfig);

    /**
     * Removes one.
     *
     * @param ref where
     */
    void delete(SecretKeyRef ref);
}
