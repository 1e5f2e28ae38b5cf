package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.blueprint.BlueprintInput;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a tenant's Deployment is. Ready means the new generation observed, updated and available, never an old revision that still
 * serves (contract §7, 12).
 */
final class Rollout {
    private final Tenant tenant;
    private final @Nullable String version;
    private final boolean complete;
    private final boolean stopped;
    private final @Nullable String trouble;
    private final @Nullable String pod;

    private Rollout(
            Tenant tenant,
            @Nullable String version,
            boolean complete,
            boolean stopped,
            @Nullable String trouble,
            @Nullable String pod) {
        this.tenant = tenant;
        this.version = version;
        this.complete = complete;
        this.stopped = stopped;
        this.trouble = trouble;
        this.pod = pod;
    }

    static Rollout of(Context context, Tenant tenant, BlueprintInput input, GenericKubernetesResource deployment) {
        long generation = deployment.getMetadata().getGeneration();
        boolean observed = number(deployment, "observedGeneration") >= generation;
        long replicas = number(deployment, "replicas");
        boolean complete = observed
                && replicas == 1
                && number(deployment, "updatedReplicas") == 1
                && number(deployment, "availableReplicas") == 1;
        boolean suspended = tenant.spec().suspended();
        String pod = complete && !suspended ? pod(context, tenant, input.namespace()) : null;
        return new Rollout(tenant, input.version(), complete, observed && replicas == 0, trouble(deployment), pod);
    }

    /** Whether a Deployment was told to have no pod, and has none. */
    static boolean isStopped(GenericKubernetesResource deployment) {
        return Integer.valueOf(0).equals(deployment.<Object>get("spec", "replicas"))
                && number(deployment, "observedGeneration")
                        >= deployment.getMetadata().getGeneration()
                && number(deployment, "replicas") == 0;
    }

    private static long number(GenericKubernetesResource deployment, String field) {
        Object value = deployment.get("status", field);
        return value instanceof Number number ? number.longValue() : 0;
    }

    /**
     * Why there is no pod, or none that gets ready, as the Deployment's controller says it. Only the reason: the message names pods that
     * are other ones each time, and the status would never rest.
     */
    private static @Nullable String trouble(GenericKubernetesResource deployment) {
        List<Map<String, Object>> conditions = deployment.get("status", "conditions");
        if (conditions == null) {
            return null;
        }
        return conditions.stream()
                .filter(condition -> is(condition, "ReplicaFailure", "True") || is(condition, "Progressing", "False"))
                .map(condition -> String.valueOf(condition.get("reason")))
                .sorted()
                .findFirst()
                .orElse(null);
    }

    private static boolean is(Map<String, Object> condition, String type, String status) {
        return type.equals(condition.get("type")) && status.equals(condition.get("status"));
    }

    private static @Nullable String pod(Context context, Tenant tenant, String namespace) {
        Ownership owner = new Ownership(tenant.id(), tenant.metadata().uid());
        Filter ofTheName =
                Filter.labelled(Map.of(Ownership.TENANT_LABEL, tenant.metadata().name()));
        return context.objects().list(ObjectType.POD, namespace, ofTheName, 10, null).items().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(pod -> owner.of(pod) == Ownership.Claim.OURS)
                .map(pod -> pod.getMetadata().getName())
                .sorted() // a cache has no order, and the status must rest
                .findFirst()
                .orElse(null);
    }

    boolean isComplete() {
        return tenant.spec().suspended() ? stopped : complete;
    }

    TenantStatus report(StatusDraft draft) {
        draft.fields.podName(pod);
        if (tenant.spec().suspended()) {
            return stopped
                    ? draft.finish(TenantPhase.SUSPENDED, "Suspended", null)
                    : draft.finish(TenantPhase.PENDING, "Stopping", "The pod is stopping.");
        }
        if (!complete) {
            return trouble == null
                    ? draft.finish(TenantPhase.PENDING, "RollingOut", "The pod is not ready yet.")
                    : draft.finish(
                            TenantPhase.PENDING,
                            trouble,
                            "The pod is not ready: " + trouble + "; the Deployment's conditions say more.");
        }
        if (version != null) {
            draft.fields.lastRunningVersion(version);
        }
        return draft.finish(TenantPhase.RUNNING, "Running", null);
    }
}
