package io.opencrane.api.tenant;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a tenant stands (contract §2). */
public enum TenantPhase {
    /** Not running yet. */
    @JsonProperty("Pending")
    PENDING,
    /** The wanted generation is observed, updated and available. */
    @JsonProperty("Running")
    RUNNING,
    /** Asleep on request. */
    @JsonProperty("Suspended")
    SUSPENDED,
    /** Needs somebody; the message and the conditions say what. */
    @JsonProperty("Error")
    ERROR
}
