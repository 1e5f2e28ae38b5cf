package io.opencrane.k8s.reconcile;

import io.opencrane.api.tenant.TenantId;

/**
 * Copies the state of a tenant that moves to another namespace, or to another cluster, because a volume cannot (DECISIONS 25). A host that has one lets a
 * changed {@code clusterTenantRef} move the tenant. Called while no pod of the tenant runs and both claims exist, the new one perhaps with
 * what an earlier stay left in it; called again after a crash, and until it says that it is done, so it must be idempotent. Thread-safe.
 *
 * <p>A host with a mover reconciles each tenant by one worker at a time, as operator frameworks do: of two at once, one could still copy
 * while the other has started the pod.
 */
@FunctionalInterface
public interface StateMover {
    /**
     * Copies state, or goes on doing so.
     *
     * @param tenant whose state
     * @param from the claim that has it; it stays as it is
     * @param to the claim that is to have it
     * @return whether it is all there; if not, it is asked again after some seconds
     */
    boolean move(TenantId tenant, StateClaim from, StateClaim to);
}
