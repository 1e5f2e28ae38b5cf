package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.budget.KeyOwner;
import io.opencrane.core.budget.ModelKeyLifecycle;
import io.opencrane.core.budget.ModelKeyLifecycle.Check;
import io.opencrane.core.budget.ModelKeyLifecycle.Ensured;
import io.opencrane.core.budget.ModelKeyLifecycle.Foreseen;
import io.opencrane.core.budget.ModelKeyLifecycle.Write;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.ChildChange.Action;
import io.opencrane.k8s.blueprint.Annotations;
import io.opencrane.k8s.key.SecretKeyJournal;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The model key of one tenant. Its trouble never blocks the tenant (contract §4): the condition says so, and the key is tried again. */
final class ModelKeyStep {
    private static final Duration RETRY = Duration.ofSeconds(30);

    private final Context context;
    private final Tenant tenant;
    private final StatusDraft draft;
    private final SecretKeyJournal journal;
    private final long podsRevision;
    private final boolean forced;
    private @Nullable Ensured ensured;
    private @Nullable OpenCraneException trouble;

    ModelKeyStep(
            Context context,
            Tenant tenant,
            StatusDraft draft,
            SecretKeyJournal journal,
            Optional<GenericKubernetesResource> liveDeployment,
            boolean forced) {
        this.context = context;
        this.tenant = tenant;
        this.draft = draft;
        this.journal = journal;
        this.forced = forced;
        this.podsRevision = liveDeployment.map(Annotations::keyRevision).orElse(0L);
    }

    /** The key revision for the pod template: while the gateway is in trouble it stays, so that no pod rolls. */
    long run(Children children) {
        ModelKeyLifecycle keys = context.keys();
        if (keys == null) {
            draft.forget(TenantRun.MODEL_KEY);
            return podsRevision;
        }
        try {
            if (children.isPlan()) {
                Foreseen foreseen = keys.foresee(owner(), journal, podsRevision);
                children.record(new ChildChange(journal.ref(), action(foreseen.write()), List.of()));
                return foreseen.managed() ? foreseen.revision() : podsRevision;
            }
            ensured = keys.ensure(owner(), journal, podsRevision, forced ? Check.GATEWAY : Check.RECORD);
            children.record(new ChildChange(journal.ref(), done(), List.of()));
            if (!ensured.managed()) {
                draft.fails(
                        TenantRun.MODEL_KEY,
                        "NotTakenOver",
                        "The key was made by somebody else and is in another team at the gateway; take it out of that team, or"
                                + " delete " + journal.ref() + " to have one made under this tenant's budget.");
                return podsRevision;
            }
            BigDecimal before = ensured.spentBeforeUsd();
            draft.holds(
                    TenantRun.MODEL_KEY,
                    "Live",
                    "Revision " + ensured.revision()
                            + (before == null
                                    ? "."
                                    : "; taken over, after " + before.toPlainString()
                                            + " USD spent on its own budget."));
            return ensured.revision();
        } catch (OpenCraneException e) {
            if (journal.caused(e)) {
                throw e; // the cluster is in trouble, not the gateway
            }
            trouble = e;
            draft.fails(TenantRun.MODEL_KEY, e.code().name(), String.valueOf(e.getMessage()));
            return podsRevision;
        }
    }

    private Action done() {
        if (journal.wasCreated()) {
            return Action.CREATE;
        }
        return journal.wasReplaced() ? Action.UPDATE : Action.UNCHANGED;
    }

    private static Action action(Write write) {
        return switch (write) {
            case NONE -> Action.UNCHANGED;
            case CREATE -> Action.CREATE;
            case REPLACE -> Action.UPDATE;
        };
    }

    private KeyOwner owner() {
        return KeyOwner.of(tenant, context.settings(), context.instanceId().get());
    }

    /** What may be known of the key in use; null without one. */
    @Nullable
    ModelKeyMetadata metadata() {
        return ensured == null
                ? null
                : new ModelKeyMetadata(
                        tenant.metadata().name(),
                        ensured.alias(),
                        journal.ref().name(),
                        ensured.monthlyBudgetUsd(),
                        ensured.issuedAt(),
                        null);
    }

    void retireWhenRolled(boolean rolledOut) {
        ModelKeyLifecycle keys = context.keys();
        if (keys != null && ensured != null && ensured.retiring() && rolledOut) {
            try {
                keys.retirePrevious(owner(), journal, ensured.revision());
            } catch (OpenCraneException e) {
                trouble = e;
                draft.holds(
                        TenantRun.MODEL_KEY,
                        "Retiring",
                        "Revision " + ensured.revision() + "; the key before it is not retired yet: " + e.getMessage());
            }
        }
    }

    /** Recorded only when the gateway could be asked (DECISIONS 22). */
    @Nullable
    String observedReconcileAt() {
        return trouble == null ? ReconcileAt.of(tenant) : tenant.status().observedReconcileAt();
    }

    @Nullable
    Duration requeueAfter() {
        return trouble == null ? null : RETRY;
    }
}
