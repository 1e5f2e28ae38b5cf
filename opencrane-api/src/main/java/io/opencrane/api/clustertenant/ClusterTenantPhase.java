package io.opencrane.api.clustertenant;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a customer stands (contract §2). */
public enum ClusterTenantPhase {
    /** Nobody began. */
    @JsonProperty("pending")
    PENDING,
    /** On its way. */
    @JsonProperty("provisioning")
    PROVISIONING,
    /** Its namespace is bound; tenants may come. */
    @JsonProperty("ready")
    READY,
    /** Needs somebody; the message and the conditions say what. */
    @JsonProperty("failed")
    FAILED
}
