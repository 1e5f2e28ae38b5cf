package io.opencrane.core.settings;

/** Where tenants keep their state (contract §4, Hosting). */
public enum HostingProvider {
    /** A PersistentVolumeClaim for each tenant, ingress class {@code nginx}. */
    ONPREM("onprem"),
    /** A bucket for each tenant and Workload Identity, ingress class {@code gce}. */
    GCP("gcp");

    private final String wireName;

    HostingProvider(String wireName) {
        this.wireName = wireName;
    }

    /**
     * The provider as {@code HOSTING_PROVIDER} names it.
     *
     * @return {@code onprem} or {@code gcp}
     */
    public String wireName() {
        return wireName;
    }
}
