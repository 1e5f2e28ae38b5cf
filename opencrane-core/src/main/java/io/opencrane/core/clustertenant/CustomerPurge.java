package io.opencrane.core.clustertenant;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.core.tenant.PurgeRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The wish that a customer's namespace goes with it, state volumes and encryption keys included (DECISIONS 26). It is an annotation that
 * repeats the customer's name, so that it survives crashes until everything is gone, and no template or copy sets it by accident. Pure.
 */
public final class CustomerPurge {
    /** The annotation; it counts only when its value is the customer's name. */
    public static final String ANNOTATION = PurgeRequest.ANNOTATION;

    private CustomerPurge() {}

    /**
     * Whether a customer's state goes with it.
     *
     * @param customer the customer
     * @return true if somebody asked for it
     */
    public static boolean isConfirmed(ClusterTenant customer) {
        return customer.metadata()
                .name()
                .equals(customer.metadata().annotations().get(ANNOTATION));
    }

    /** The same customer with the wish. */
    static ClusterTenant confirmed(ClusterTenant customer) {
        Map<String, String> annotations =
                new LinkedHashMap<>(customer.metadata().annotations());
        annotations.put(ANNOTATION, customer.metadata().name());
        return customer.withMetadata(customer.metadata().withAnnotations(annotations));
    }

    /** The same customer without the wish. */
    static ClusterTenant withdrawn(ClusterTenant customer) {
        Map<String, String> annotations =
                new LinkedHashMap<>(customer.metadata().annotations());
        annotations.remove(ANNOTATION);
        return customer.withMetadata(customer.metadata().withAnnotations(annotations));
    }
}
