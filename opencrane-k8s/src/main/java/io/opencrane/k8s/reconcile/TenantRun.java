package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.Problem;
import io.opencrane.api.tenant.ComputeResources;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.tenant.TenantNames;
import io.opencrane.core.tenant.TenantValidation;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.blueprint.BlueprintInput;
import io.opencrane.k8s.blueprint.EffectivePolicy;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.key.SecretKeyJournal;
import io.opencrane.k8s.key.SecretKeyJournal.FirstRead;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.reconcile.Children.Effect;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One walk through one tenant, to plan or to reconcile it. First everything is read and decided, then written in the order of contract
 * §4, with one exception: the encryption key comes before the ServiceAccount, because it is created and never applied, so that of two
 * tenants that claim the same names exactly one gets past it. Used once, by one thread.
 */
final class TenantRun {
    static final String PARENT = "ParentResolved";
    static final String POLICY = "PolicyResolved";
    static final String HOST = "HostAssigned";
    static final String STORAGE = "StorageReady";
    static final String ENCRYPTION_KEY = "EncryptionKeyReady";
    static final String MODEL_KEY = "ModelKeyReady";
    static final String FENCE = "NetworkFenced";
    static final String WORKLOAD = "WorkloadApplied";

    /** Nobody watches a customer's cluster for us: how soon to look for a pod that starts there. */
    private static final Duration ROLLING_AWAY = Duration.ofSeconds(10);

    /** And how soon to look whether what runs there is still as it was left. */
    private static final Duration RUNNING_AWAY = Duration.ofMinutes(5);

    private final Sites sites;
    private final Context context;
    private final Fences fences;
    private final StatusDraft draft;
    private Children children;
    private final Effect effect;
    private final boolean forced;
    private Tenant tenant;
    private String step = PARENT;
    private boolean away;
    private @Nullable ModelKeyMetadata keyMetadata;
    private @Nullable Rollout rollout;
    private @Nullable Duration requeueAfter;

    TenantRun(Sites sites, Fences fences, Tenant tenant, StatusDraft draft, Effect effect) {
        this.sites = sites;
        this.fences = fences;
        this.context = sites.home();
        this.tenant = tenant;
        this.draft = draft;
        this.effect = effect;
        this.forced = ReconcileAt.isAsked(tenant);
        this.children = new Children(
                context.applier(), owner(), draft, WORKLOAD, effect, forced, () -> copied().requireStillThere());
    }

    private Ownership owner() {
        return new Ownership(tenant.id(), tenant.metadata().uid());
    }

    void execute() {
        requireReadable();
        ParentStep.Resolved place = new ParentStep(sites, tenant, draft).resolve();
        Parent parent = place.parent();
        Context there = place.there();
        away = !parent.cluster().isEmpty()
                || place.movesFrom().filter(from -> !from.cluster().isEmpty()).isPresent();
        children = children.in(there.applier());
        TenantChildren names = new TenantChildren(tenant.metadata().name(), parent.namespace());
        step = WORKLOAD;
        LiveChildren live = new LiveChildren(there.objects(), names);
        step = POLICY;
        PolicyStep policies = new PolicyStep(context, tenant, draft);
        EffectivePolicy policy = policies.resolve(live, names);
        step = HOST;
        new ClaimStep(sites, tenant, draft, parent).require();
        step = WORKLOAD;
        live.requireOwn(owner());
        // A plan looks at the Secrets too; a reconcile of a tenant without any child finds out by creating them.
        boolean isNew = effect == Effect.APPLY && tenant.status().placement() == null && live.isEmpty();
        BlueprintInput input = input(parent, policy, there);
        TenantBlueprint blueprint = new TenantBlueprint(input);
        if (place.movesFrom().isPresent()) {
            step = PARENT;
            if (effect == Effect.APPLY) {
                copied().requireUnchanged(); // an old copy would move it again, and its old state over the new one
            }
            new TenantMove(sites, tenant, draft, children, place.movesFrom().get(), parent.placement())
                    .execute(blueprint);
            live = new LiveChildren(there.fresh(), names);
        }
        StateStep state = new StateStep(there, tenant, draft, children, live, parent.placement(), isNew);
        step = ENCRYPTION_KEY;
        if (place.movesFrom().isEmpty()) {
            state.requireNothingLost(blueprint);
        }

        begin(parent);
        step = FENCE;
        fences.require(there, parent.placement(), children, effect, forced);
        draft.holds(FENCE, "Applied", "");
        step = ENCRYPTION_KEY;
        state.encryptionKey(blueprint);
        step = WORKLOAD;
        apply(live, names.serviceAccount(), blueprint.serviceAccount());
        step = MODEL_KEY;
        ModelKeyStep modelKey = new ModelKeyStep(
                there,
                tenant,
                draft,
                new SecretKeyJournal(
                        there.objects(),
                        there.fresh(),
                        names,
                        owner(),
                        isNew ? FirstRead.SKIPPED : FirstRead.MAY_BE_CACHED),
                live.get(names.deployment()),
                forced);
        blueprint = new TenantBlueprint(input.withKeyRevision(modelKey.run(children)));
        keyMetadata = modelKey.metadata();
        // Recorded here and not at the end: a child that stops the run would otherwise have it asked for again and
        // again.
        draft.fields.observedReconcileAt(modelKey.observedReconcileAt());
        step = WORKLOAD;
        apply(live, names.config(), blueprint.config());
        step = STORAGE;
        state.volume(blueprint);
        step = WORKLOAD;
        Optional<GenericKubernetesResource> workload = apply(live, names.deployment(), blueprint.deployment());
        apply(live, names.service(), blueprint.service());
        apply(live, names.ingress(), blueprint.ingress());
        draft.holds(WORKLOAD, "Applied", "");
        draft.fields.ingressHost(input.host());

        if (effect == Effect.APPLY) {
            rollout = Rollout.of(there, tenant, input, workload.orElseThrow());
            modelKey.retireWhenRolled(rollout.isComplete());
            requeueAfter = modelKey.requeueAfter();
            if (away && requeueAfter == null) {
                requeueAfter = rollout.isComplete() ? RUNNING_AWAY : ROLLING_AWAY;
            }
        }
        policies.requireResolved();
    }

    private Optional<GenericKubernetesResource> apply(
            LiveChildren live, ObjectRef ref, GenericKubernetesResource desired) {
        return children.apply(ref, live.get(ref), desired);
    }

    private BlueprintInput input(Parent parent, EffectivePolicy policy, Context there) {
        return new BlueprintInput(
                tenant,
                context.settings(),
                parent.namespace(),
                parent.baseDomain(),
                parent.nodePool(),
                policy,
                0,
                parent.hasLimitRange()
                        ? LimitDefaults.read(there.objects(), parent.namespace())
                        : ComputeResources.NONE,
                context.entitlements().of(tenant));
    }

    /** kubectl bypasses the service, so what would name or mount the wrong thing is refused here too (DECISIONS 10). */
    private void requireReadable() {
        String name = tenant.metadata().name();
        if (name.length() > TenantNames.MAX_LENGTH) {
            throw Stop.failing(
                    draft,
                    PARENT,
                    ErrorCode.NAME_TOO_LONG,
                    "A tenant's name may have " + TenantNames.MAX_LENGTH + " characters, this one has " + name.length()
                            + "; create it anew under a shorter name.");
        }
        List<Problem> problems = TenantValidation.channelProblems(tenant.spec());
        if (!problems.isEmpty()) {
            String sentence = problems.stream()
                    .map(problem -> problem.path() + ": " + problem.message())
                    .collect(Collectors.joining(" "));
            throw Stop.failing(draft, WORKLOAD, ErrorCode.VALIDATION_ERROR, sentence);
        }
    }

    /**
     * Makes sure that cleaning up will find the children, before the first of them is made: the finalizer holds the tenant, and where a
     * customer may vanish or be exchanged, the cluster and namespace are recorded.
     */
    private void begin(Parent parent) {
        Placement placement = parent.placement();
        draft.fields.placement(placement);
        if (effect == Effect.APPLY) {
            boolean held = tenant.metadata().finalizers().contains(ResourceStore.FINALIZER);
            tenant = context.resources().addFinalizer(tenant);
            if (!held) {
                children.isSureOfTheOwner();
            }
            boolean recorded =
                    tenant.spec().clusterTenantRef() == null && tenant.status().placement() == null
                            || placement.equals(tenant.status().placement());
            if (!recorded) {
                TenantStatus placed =
                        tenant.status().toBuilder().placement(placement).build();
                tenant = context.resources().patchStatus(tenant, tenant.withStatus(placed));
            }
        }
    }

    private Copied copied() {
        return new Copied(context.fresh(), tenant);
    }

    TenantStatus finish() {
        return Objects.requireNonNull(rollout, "execute() first").report(draft);
    }

    /** The tenant as last written. */
    Tenant tenant() {
        return tenant;
    }

    /** Whether it works in a customer's own cluster, or moves out of one. */
    boolean isAway() {
        return away;
    }

    /** The condition that an error now is about. */
    String step() {
        return step;
    }

    List<ChildChange> changes() {
        return children.changes();
    }

    @Nullable
    ModelKeyMetadata modelKey() {
        return keyMetadata;
    }

    @Nullable
    Duration requeueAfter() {
        return requeueAfter;
    }
}
