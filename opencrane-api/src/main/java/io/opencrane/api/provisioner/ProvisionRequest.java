package io.opencrane.api.provisioner;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks for what a customer needs.
 *
 * @param name the customer's name, which identifies it for ever; at most 53 characters of a DNS label
 * @param spec what is wanted: tier, compute, quota, base domain
 * @param operationId what an earlier answer called the running operation, or null
 */
public record ProvisionRequest(
        String name, ClusterTenantSpec spec, @Nullable String operationId) {
    /** Refuses a missing name or spec. */
    public ProvisionRequest {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(spec, "spec");
    }

    /**
     * Asks for what a customer's custom resource says.
     *
     * @param customer the customer as read
     * @return the request, with the operation of its status
     */
    public static ProvisionRequest of(ClusterTenant customer) {
        return new ProvisionRequest(
                customer.metadata().name(), customer.spec(), customer.status().operationId());
    }
}
