package io.opencrane.k8s.blueprint;

import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;

/**
 * The objects of a customer by name (contract §3).
 *
 * @param customer the customer's name
 * @param namespace its bound namespace
 */
public record CustomerChildren(String customer, String namespace) {
    /**
     * The namespace itself.
     *
     * @return a Namespace
     */
    public ObjectRef boundNamespace() {
        return ObjectType.NAMESPACE.named("", namespace);
    }

    /**
     * What its tenants may request together.
     *
     * @return a ResourceQuota
     */
    public ObjectRef quota() {
        return ObjectType.RESOURCE_QUOTA.named(namespace, "opencrane-cluster-tenant-quota");
    }

    /**
     * What a container gets that asks for nothing.
     *
     * @return a LimitRange
     */
    public ObjectRef limits() {
        return ObjectType.LIMIT_RANGE.named(namespace, "opencrane-cluster-tenant-limits");
    }

    /**
     * The customer, for instances that may not read ClusterTenants (DECISIONS 11).
     *
     * @return a ConfigMap
     */
    public ObjectRef parent() {
        return ObjectType.CONFIG_MAP.named(namespace, "opencrane-cluster-tenant");
    }

    /**
     * Who may work in the namespace.
     *
     * @return a RoleBinding
     */
    public ObjectRef access() {
        return ObjectType.ROLE_BINDING.named(namespace, "opencrane-cluster-tenant-access");
    }
}
