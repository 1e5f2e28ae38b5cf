package io.opencrane.k8s.reconcile;

import io.opencrane.k8s.object.ObjectRef;

/**
 * A claim and the cluster that it is in.
 *
 * @param cluster the ClusterTenant whose own cluster it is; empty for the home cluster
 * @param claim the PersistentVolumeClaim
 */
public record StateClaim(String cluster, ObjectRef claim) {
    /**
     * Reads like {@code PersistentVolumeClaim acme/openclaw-acme-state in the cluster of ClusterTenant gold}.
     *
     * @return the claim and its cluster
     */
    @Override
    public String toString() {
        return claim + (cluster.isEmpty() ? "" : " in the cluster of ClusterTenant " + cluster);
    }
}
