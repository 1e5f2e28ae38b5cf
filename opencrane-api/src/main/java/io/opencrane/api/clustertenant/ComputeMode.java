package io.opencrane.api.clustertenant;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whose nodes tenants run on. */
public enum ComputeMode {
    /** Everybody's. */
    @JsonProperty("shared")
    SHARED,
    /** A pool of the customer alone. */
    @JsonProperty("dedicated")
    DEDICATED
}
