package io.opencrane.k8s.object;

import io.opencrane.api.resource.ResourceKind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A kind of object and where its URLs are.
 *
 * @param apiVersion for example {@code apps/v1}
 * @param kind for example {@code Deployment}
 * @param plural for example {@code deployments}
 * @param isNamespaced whether objects live in a namespace
 */
public record ObjectType(String apiVersion, String kind, String plural, boolean isNamespaced) {
    /** Namespace. */
    public static final ObjectType NAMESPACE = new ObjectType("v1", "Namespace", "namespaces", false);

    /** Pod. */
    public static final ObjectType POD = new ObjectType("v1", "Pod", "pods", true);

    /** ServiceAccount. */
    public static final ObjectType SERVICE_ACCOUNT = new ObjectType("v1", "ServiceAccount", "serviceaccounts", true);

    /** Secret. */
    public static final ObjectType SECRET = new ObjectType("v1", "Secret", "secrets", true);

    /** ConfigMap. */
    public static final ObjectType CONFIG_MAP = new ObjectType("v1", "ConfigMap", "configmaps", true);

    /** PersistentVolumeClaim. */
    public static final ObjectType PERSISTENT_VOLUME_CLAIM =
            new ObjectType("v1", "PersistentVolumeClaim", "persistentvolumeclaims", true);

    /** Service. */
    public static final ObjectType SERVICE = new ObjectType("v1", "Service", "services", true);

    /** ResourceQuota. */
    public static final ObjectType RESOURCE_QUOTA = new ObjectType("v1", "ResourceQuota", "resourcequotas", true);

    /** LimitRange. */
    public static final ObjectType LIMIT_RANGE = new ObjectType("v1", "LimitRange", "limitranges", true);

    /** Deployment. */
    public static final ObjectType DEPLOYMENT = new ObjectType("apps/v1", "Deployment", "deployments", true);

    /** Ingress. */
    public static final ObjectType INGRESS = new ObjectType("networking.k8s.io/v1", "Ingress", "ingresses", true);

    /** NetworkPolicy. */
    public static final ObjectType NETWORK_POLICY =
            new ObjectType("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true);

    /** CiliumNetworkPolicy, served only where Cilium is installed. */
    public static final ObjectType CILIUM_NETWORK_POLICY =
            new ObjectType("cilium.io/v2", "CiliumNetworkPolicy", "ciliumnetworkpolicies", true);

    /** RoleBinding. */
    public static final ObjectType ROLE_BINDING =
            new ObjectType("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", true);

    private static final List<ObjectType> KNOWN = Stream.concat(
                    Stream.of(
                            NAMESPACE,
                            POD,
                            SERVICE_ACCOUNT,
                            SECRET,
                            CONFIG_MAP,
                            PERSISTENT_VOLUME_CLAIM,
                            SERVICE,
                            RESOURCE_QUOTA,
                            LIMIT_RANGE,
                            DEPLOYMENT,
                            INGRESS,
                            NETWORK_POLICY,
                            CILIUM_NETWORK_POLICY,
                            ROLE_BINDING),
                    Arrays.stream(ResourceKind.values()).map(ObjectType::of))
            .toList();

    /**
     * One of our own kinds.
     *
     * @param kind the kind
     * @return its type
     */
    public static ObjectType of(ResourceKind kind) {
        return new ObjectType(ResourceKind.API_VERSION, kind.kind(), kind.plural(), kind.isNamespaced());
    }

    /**
     * The type of this class, or of {@link ResourceKind}, that an object names.
     *
     * @param apiVersion the object's {@code apiVersion}
     * @param kind the object's {@code kind}
     * @return the type, or empty if it is none of them
     */
    public static Optional<ObjectType> known(String apiVersion, String kind) {
        return KNOWN.stream()
                .filter(type -> type.apiVersion.equals(apiVersion) && type.kind.equals(kind))
                .findFirst();
    }

    /**
     * An object of this type.
     *
     * @param namespace its namespace; empty for a cluster-scoped type
     * @param name its name
     * @return the reference
     */
    public ObjectRef named(String namespace, String name) {
        return new ObjectRef(this, namespace, name);
    }
}
