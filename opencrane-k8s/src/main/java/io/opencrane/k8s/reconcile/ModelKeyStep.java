package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.budget.KeyOwner;
import io.opencrane.core.budget.ModelKeyLifecycle;
import io.opencrane.core.budget.ModelKeyLifecycle.Check;
import io.opencrane.core.budget.ModelKeyLifecycle.Ensured;
import io.opencrane.k8s.blueprint.Annotations;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The model key of one tenant. Its trouble never blocks the tenant (contract §4): the condition says so, and the key is tried again. */
final class ModelKeyStep {
    private static final String RECONCILE_AT = "opencrane.io/reconcile-at";
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final Context context;
    private final Tenant tenant;
    private final StatusDraft draft;
    private final SecretKeyJournal journal;
    private final String secretName;
    private final long podsRevision;
    private @Nullable Ensured ensured;
    private @Nullable OpenCraneException trouble;

    ModelKeyStep(
            Context context,
            Tenant tenant,
            StatusDraft draft,
            TenantBlueprint blueprint,
            Optional<GenericKubernetesResource> liveDeployment) {
        this.context = context;
        this.tenant = tenant;
        this.draft = draft;
        this.journal = new SecretKeyJournal(context.objects(), blueprint);
        this.secretName = blueprint.children().modelKey().name();
        this.podsRevision = liveDeployment.map(ModelKeyStep::revisionOf).orElse(0L);
    }

    private static long revisionOf(GenericKubernetesResource deployment) {
        String revision = deployment.get("spec", "template", "metadata", "annotations", Annotations.KEY_REVISION);
        return revision == null || !revision.matches("\\d{1,18}") ? 0 : Long.parseLong(revision);
    }

    /** The key revision for the pod template: while the gateway is in trouble it stays, so that no pod rolls. */
    long ensure() {
        ModelKeyLifecycle keys = context.keys();
        if (keys == null) {
            draft.forget(TenantRun.MODEL_KEY);
            return podsRevision;
        }
        try {
            ensured = keys.ensure(owner(), journal, podsRevision, isForced() ? Check.GATEWAY : Check.RECORD);
            draft.holds(TenantRun.MODEL_KEY, "Live", "Revision " + ensured.revision() + ".");
            return ensured.revision();
        } catch (OpenCraneException e) {
            trouble = e;
            draft.fails(TenantRun.MODEL_KEY, e.code().name(), String.valueOf(e.getMessage()));
            return podsRevision;
        }
    }

    private KeyOwner owner() {
        return KeyOwners.of(tenant, context.settings(), context.identity().get());
    }

    /** What may be known of the key in use; null without one. */
    @Nullable
    ModelKeyMetadata metadata() {
        return ensured == null
                ? null
                : new ModelKeyMetadata(
                        tenant.metadata().name(),
                        ensured.alias(),
                        secretName,
                        ensured.monthlyBudgetUsd(),
                        ensured.issuedAt(),
                        null);
    }

    void retireWhenRolled(boolean rolledOut) {
        ModelKeyLifecycle keys = context.keys();
        if (keys != null && ensured != null && ensured.retiring() && rolledOut) {
            try {
                keys.retirePrevious(owner(), journal);
            } catch (OpenCraneException e) {
                trouble = e;
                draft.holds(
                        TenantRun.MODEL_KEY,
                        "Retiring",
                        "Revision " + ensured.revision() + "; the key before it is not retired yet: " + e.getMessage());
            }
        }
    }

    private boolean isForced() {
        String wanted = tenant.metadata().annotations().get(RECONCILE_AT);
        return wanted != null && !wanted.equals(tenant.status().observedReconcileAt());
    }

    /** Recorded only when the gateway could be asked (DECISIONS 22). */
    @Nullable
    String observedReconcileAt() {
        return trouble == null
                ? tenant.metadata().annotations().get(RECONCILE_AT)
                : tenant.status().observedReconcileAt();
    }

    @Nullable
    Duration requeueAfter() {
        return trouble == null ? null : RETRY;
    }
}
