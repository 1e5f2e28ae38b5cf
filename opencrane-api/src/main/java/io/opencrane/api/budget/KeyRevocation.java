package io.opencrane.api.budget;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.opencrane.api.projection.ProjectionOutcome;

/**
 * An ended model key (contract §6).
 *
 * @param namespace the tenant's namespace
 * @param name the tenant's name
 * @param secretDeleted whether there was a Secret, which is deleted now
 * @param projection what became of its row and audit entry
 */
public record KeyRevocation(
        String namespace,
        String name,
        boolean secretDeleted,
        @JsonIgnore ProjectionOutcome projection) {
    /**
     * What dashboards read.
     *
     * @return always {@code revoked}
     */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public String status() {
        return "revoked";
    }
}
