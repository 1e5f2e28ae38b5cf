package io.opencrane.k8s.blueprint;

import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;

/**
 * The children of a tenant by name (contract §3).
 *
 * @param tenant the tenant's name
 * @param namespace the namespace they are in
 */
public record TenantChildren(String tenant, String namespace) {
    private ObjectRef child(ObjectType type, String suffix) {
        return type.named(namespace, "openclaw-" + tenant + suffix);
    }

    /**
     * The identity of the pod.
     *
     * @return a ServiceAccount
     */
    public ObjectRef serviceAccount() {
        return child(ObjectType.SERVICE_ACCOUNT, "");
    }

    /**
     * The key that encrypts the state; created once, kept on delete.
     *
     * @return a Secret
     */
    public ObjectRef encryptionKey() {
        return child(ObjectType.SECRET, "-encryption-key");
    }

    /**
     * The model key and its journal.
     *
     * @return a Secret
     */
    public ObjectRef modelKey() {
        return child(ObjectType.SECRET, "-litellm-key");
    }

    /**
     * The configuration.
     *
     * @return a ConfigMap
     */
    public ObjectRef config() {
        return child(ObjectType.CONFIG_MAP, "-config");
    }

    /**
     * The state; created once, kept on delete.
     *
     * @return a PersistentVolumeClaim
     */
    public ObjectRef state() {
        return child(ObjectType.PERSISTENT_VOLUME_CLAIM, "-state");
    }

    /**
     * The workload.
     *
     * @return a Deployment
     */
    public ObjectRef deployment() {
        return child(ObjectType.DEPLOYMENT, "");
    }

    /**
     * The workload's address inside the cluster.
     *
     * @return a Service
     */
    public ObjectRef service() {
        return child(ObjectType.SERVICE, "");
    }

    /**
     * The workload's address outside.
     *
     * @return an Ingress
     */
    public ObjectRef ingress() {
        return child(ObjectType.INGRESS, "");
    }
}
