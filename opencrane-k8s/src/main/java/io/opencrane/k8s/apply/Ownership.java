package io.opencrane.k8s.apply;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.tenant.TenantId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose child an object is (DECISIONS 9). Name and label alone prove nothing: two tenants of one name may be bound to one namespace.
 *
 * @param tenant the tenant
 * @param uid the uid of its custom resource
 */
public record Ownership(TenantId tenant, String uid) implements Owner {
    /** The annotation that names the namespace of the owning custom resource. */
    public static final String NAMESPACE_ANNOTATION = "opencrane.io/tenant-namespace";

    /** The annotation that holds the uid of the owning custom resource. */
    public static final String UID_ANNOTATION = "opencrane.io/tenant-uid";

    /** The label that names the tenant. */
    public static final String TENANT_LABEL = "opencrane.io/tenant";

    /** Whose an object is, seen from one tenant. */
    public enum Claim {
        /** This tenant's: also one of an earlier tenant of the same namespace and name, which cannot live any more. */
        OURS,
        /** Made for a tenant of this name by the deployed platform, which does not say for which namespace. */
        PLATFORM,
        /** Somebody else's. */
        FOREIGN
    }

    /** Whether another tenant of the same name has its children in the same namespace, so that an object of the platform may be its. */
    public enum Sharing {
        /** Nobody else. */
        NONE,
        /** A tenant of the same name in another namespace. */
        WITH_A_NAMESAKE
    }

    /**
     * The annotations that every child carries.
     *
     * @return namespace and uid
     */
    public Map<String, String> annotations() {
        return Map.of(NAMESPACE_ANNOTATION, tenant.namespace(), UID_ANNOTATION, uid);
    }

    @Override
    public Claim of(GenericKubernetesResource object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        Map<String, String> labels = object.getMetadata().getLabels();
        String namespace = annotations == null ? null : annotations.get(NAMESPACE_ANNOTATION);
        boolean ofThisName = labels != null && tenant.name().equals(labels.get(TENANT_LABEL));
        if (namespace != null) {
            return ofThisName && namespace.equals(tenant.namespace()) ? Claim.OURS : Claim.FOREIGN;
        }
        boolean byPlatform = ofThisName && "opencrane-operator".equals(labels.get("app.kubernetes.io/managed-by"));
        return byPlatform ? Claim.PLATFORM : Claim.FOREIGN;
    }

    @Override
    public String title() {
        return "Tenant " + tenant;
    }

    /**
     * Names whom an object belongs to, as far as it says.
     *
     * @param object a live object
     * @return for example {@code opencrane/acme}, or {@code nobody of OpenCrane}
     */
    static String ownerOf(GenericKubernetesResource object) {
        @Nullable String namespace = get(object.getMetadata().getAnnotations(), NAMESPACE_ANNOTATION);
        @Nullable String name = get(object.getMetadata().getLabels(), TENANT_LABEL);
        if (namespace != null && name != null) {
            return namespace + "/" + name;
        }
        @Nullable String policy = get(object.getMetadata().getLabels(), PolicyOwnership.LABEL);
        @Nullable
        String policyNamespace = get(object.getMetadata().getAnnotations(), PolicyOwnership.NAMESPACE_ANNOTATION);
        if (policy != null && policyNamespace != null) {
            return "AccessPolicy " + policyNamespace + "/" + policy;
        }
        @Nullable String install = get(object.getMetadata().getAnnotations(), InstallOwnership.ANNOTATION);
        if (install != null) {
            return "the install in namespace " + install;
        }
        @Nullable String customer = get(object.getMetadata().getLabels(), CustomerOwnership.LABEL);
        return customer == null ? "nobody of OpenCrane" : "ClusterTenant " + customer;
    }

    private static @Nullable String get(@Nullable Map<String, String> map, String key) {
        return map == null ? null : map.get(key);
    }
}
