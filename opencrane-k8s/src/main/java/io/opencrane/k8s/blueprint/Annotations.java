package io.opencrane.k8s.blueprint;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/** The annotations on a tenant's pod template that roll the pod when they change (DECISIONS 33). */
public final class Annotations {
    /** The SHA-256 of the configuration. */
    public static final String CONFIG_CHECKSUM = "opencrane.io/config-checksum";

    /** The revision of the model key; a number, never a hash of the key. */
    public static final String KEY_REVISION = "opencrane.io/litellm-key-revision";

    private Annotations() {}

    /**
     * The key revision in a workload's pod template.
     *
     * @param deployment a live Deployment
     * @return the revision; 0 if the template names none
     */
    public static long keyRevision(GenericKubernetesResource deployment) {
        String revision = deployment.get("spec", "template", "metadata", "annotations", KEY_REVISION);
        return revision == null || !revision.matches("\\d{1,18}") ? 0 : Long.parseLong(revision);
    }
}
