package io.opencrane.core.settings;

import org.jspecify.annotations.Nullable;

/**
 * Where tenants keep their state.
 *
 * @param provider {@code HOSTING_PROVIDER}
 * @param gcp what {@link HostingProvider#GCP} needs; null for any other provider
 */
public record HostingSettings(
        HostingProvider provider, @Nullable Gcp gcp) {
    /** The driver that GKE installs (contract §4). */
    public static final String DEFAULT_CSI_DRIVER = "gcsfuse.csi.storage.gke.io";

    /**
     * Settings of Google Cloud.
     *
     * @param projectId {@code GCP_PROJECT_ID}
     * @param bucketPrefix {@code GCP_BUCKET_PREFIX}; a tenant's bucket is {@code <prefix>-<tenant>}
     * @param csiDriver {@code GCP_CSI_DRIVER}
     */
    public record Gcp(String projectId, String bucketPrefix, String csiDriver) {}

    /**
     * What Google Cloud needs, for code that runs only there.
     *
     * @return the settings
     * @throws IllegalStateException if the provider is another one
     */
    public Gcp requireGcp() {
        if (gcp == null) {
            throw new IllegalStateException("HOSTING_PROVIDER is " + provider.wireName() + ", not gcp.");
        }
        return gcp;
    }
}
