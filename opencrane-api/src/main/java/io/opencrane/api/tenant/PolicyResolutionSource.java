package io.opencrane.api.tenant;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What made a tenant's policy resolve (contract §2). */
public enum PolicyResolutionSource {
    /** The tenant names it. */
    @JsonProperty("policyRef")
    POLICY_REF,
    /** Exactly one policy selects the tenant. */
    @JsonProperty("selector")
    SELECTOR,
    /** The configured default. */
    @JsonProperty("default")
    DEFAULT,
    /** Nothing did. */
    @JsonProperty("none")
    NONE
}
