package io.opencrane.api.projection;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether a repair writes. */
public enum RepairMode {
    /** It says what it would do and writes nothing. */
    @JsonProperty("dry-run")
    DRY_RUN,
    /** It writes. */
    @JsonProperty("apply")
    APPLY
}
