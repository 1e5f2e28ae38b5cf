package io.opencrane.core.tenant;

import io.opencrane.api.tenant.Tenant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The wish that a tenant's state volume and encryption key go with it. It is an annotation that repeats the tenant's name, so that it
 * survives crashes until the children are gone, and no template or copy sets it by accident.
 */
public final class PurgeRequest {
    /** The annotation; it counts only when its value is the tenant's name. */
    public static final String ANNOTATION = "opencrane.io/purge-state";

    private PurgeRequest() {}

    /**
     * Whether a tenant's state goes with it.
     *
     * @param tenant the tenant
     * @return true if its owner asked for it
     */
    public static boolean isConfirmed(Tenant tenant) {
        return tenant.metadata().name().equals(tenant.metadata().annotations().get(ANNOTATION));
    }

    static Tenant confirmed(Tenant tenant) {
        Map<String, String> annotations = new LinkedHashMap<>(tenant.metadata().annotations());
        annotations.put(ANNOTATION, tenant.metadata().name());
        return tenant.withMetadata(tenant.metadata().withAnnotations(annotations));
    }
}
