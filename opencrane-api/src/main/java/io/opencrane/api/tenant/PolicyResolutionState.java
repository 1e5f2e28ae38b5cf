package io.opencrane.api.tenant;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How policy resolution ended (contract §2, §4). */
public enum PolicyResolutionState {
    /** One policy applies. */
    @JsonProperty("Resolved")
    RESOLVED,
    /** No policy applies, and none is asked for. */
    @JsonProperty("NoPolicy")
    NO_POLICY,
    /** The policy the tenant names does not exist. */
    @JsonProperty("PolicyNotFound")
    POLICY_NOT_FOUND,
    /** Several policies select the tenant. */
    @JsonProperty("PolicyConflict")
    POLICY_CONFLICT,
    /** The configured default policy does not exist. */
    @JsonProperty("DefaultPolicyNotFound")
    DEFAULT_POLICY_NOT_FOUND
}
