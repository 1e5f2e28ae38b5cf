package io.opencrane.k8s.blueprint;

import io.opencrane.core.tenant.TenantNames;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.util.Map;

/**
 * The children of a tenant by name (contract §3).
 *
 * @param tenant the tenant's name
 * @param namespace the namespace they are in
 */
public record TenantChildren(String tenant, String namespace) {
    /**
     * The labels of every child.
     *
     * @return part-of, component, managed-by and the tenant's name
     */
    public Map<String, String> labels() {
        return Map.of(
                "app.kubernetes.io/part-of",
                "opencrane",
                "app.kubernetes.io/component",
                "tenant",
                "app.kubernetes.io/managed-by",
                "opencrane-operator",
                Ownership.TENANT_LABEL,
                tenant);
    }

    private TenantNames names() {
        return new TenantNames(tenant);
    }

    /**
     * The identity of the pod.
     *
     * @return a ServiceAccount
     */
    public ObjectRef serviceAccount() {
        return ObjectType.SERVICE_ACCOUNT.named(namespace, names().workload());
    }

    /**
     * The key that encrypts the state; created once, kept on delete.
     *
     * @return a Secret
     */
    public ObjectRef encryptionKey() {
        return ObjectType.SECRET.named(namespace, names().encryptionKeySecret());
    }

    /**
     * The model key and its journal.
     *
     * @return a Secret
     */
    public ObjectRef modelKey() {
        return ObjectType.SECRET.named(namespace, names().modelKeySecret());
    }

    /**
     * The configuration.
     *
     * @return a ConfigMap
     */
    public ObjectRef config() {
        return ObjectType.CONFIG_MAP.named(namespace, names().configMap());
    }

    /**
     * The state; created once, kept on delete.
     *
     * @return a PersistentVolumeClaim
     */
    public ObjectRef state() {
        return ObjectType.PERSISTENT_VOLUME_CLAIM.named(namespace, names().stateVolume());
    }

    /**
     * The workload.
     *
     * @return a Deployment
     */
    public ObjectRef deployment() {
        return ObjectType.DEPLOYMENT.named(namespace, names().workload());
    }

    /**
     * The workload's address inside the cluster.
     *
     * @return a Service
     */
    public ObjectRef service() {
        return ObjectType.SERVICE.named(namespace, names().workload());
    }

    /**
     * The workload's address outside.
     *
     * @return an Ingress
     */
    public ObjectRef ingress() {
        return ObjectType.INGRESS.named(namespace, names().workload());
    }
}
