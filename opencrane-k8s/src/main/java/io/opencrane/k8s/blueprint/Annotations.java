package io.opencrane.k8s.blueprint;

/** The annotations on a tenant's pod template that roll the pod when they change (DECISIONS 33). */
public final class Annotations {
    /** The SHA-256 of the configuration. */
    public static final String CONFIG_CHECKSUM = "opencrane.io/config-checksum";

    /** The revision of the model key; a number, never a hash of the key. */
    public static final String KEY_REVISION = "opencrane.io/litellm-key-revision";

    private Annotations() {}
}
