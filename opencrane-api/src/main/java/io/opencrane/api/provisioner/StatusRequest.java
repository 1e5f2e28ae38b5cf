package io.opencrane.api.provisioner;

import io.opencrane.api.clustertenant.ClusterTenant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks how a customer's provisioning stands.
 *
 * @param name the customer's name
 * @param operationId what an earlier answer called the running operation, or null
 */
public record StatusRequest(String name, @Nullable String operationId) {
    /** Refuses a missing name. */
    public StatusRequest {
        Objects.requireNonNull(name, "name");
    }

    /**
     * Asks about a customer.
     *
     * @param customer the customer as read
     * @return the request, with the operation of its status
     */
    public static StatusRequest of(ClusterTenant customer) {
        return new StatusRequest(customer.metadata().name(), customer.status().operationId());
    }
}
