package io.opencrane.api.clustertenant;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far a customer is kept apart (contract §2, §4). */
public enum IsolationTier {
    /** Its own namespace on shared nodes. */
    @JsonProperty("shared")
    SHARED("shared"),
    /** Its own namespace on nodes of its own. */
    @JsonProperty("dedicatedNodes")
    DEDICATED_NODES("dedicatedNodes"),
    /** A cluster of its own; only through a registered provisioner, otherwise refused with {@code TIER_UNAVAILABLE}. */
    @JsonProperty("dedicatedCluster")
    DEDICATED_CLUSTER("dedicatedCluster");

    private final String wireName;

    IsolationTier(String wireName) {
        this.wireName = wireName;
    }

    /**
     * The tier as {@code spec.isolationTier} names it.
     *
     * @return for example {@code dedicatedNodes}
     */
    public String wireName() {
        return wireName;
    }
}
