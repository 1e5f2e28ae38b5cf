package io.opencrane.api.provisioner;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the removal of what was made for a customer.
 *
 * @param name the customer's name
 * @param retainState whether its tenants' volumes and encryption keys are to be kept, so that a customer made anew under this name has
 *     them again; false only after its purge was confirmed by name (DECISIONS 26), or for a customer that never was ready where nothing
 *     {@linkplain ProvisionerCapabilities#retainsState can be kept}
 * @param operationId what an earlier answer called the running operation, or null
 */
public record DeprovisionRequest(
        String name, boolean retainState, @Nullable String operationId) {
    /** Refuses a missing name. */
    public DeprovisionRequest {
        Objects.requireNonNull(name, "name");
    }
}
