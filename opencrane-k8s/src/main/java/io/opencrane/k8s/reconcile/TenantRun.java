package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.Problem;
import io.opencrane.api.tenant.ComputeResources;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.port.RuntimeEntitlements.Entitled;
import io.opencrane.core.tenant.TenantNames;
import io.opencrane.core.tenant.TenantValidation;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.blueprint.BlueprintInput;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.object.ObjectRef;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One walk through one tenant, to plan or to reconcile it, in the order of contract §4. Used once, by one thread. */
final class TenantRun {
    static final String PARENT = "ParentResolved";
    static final String POLICY = "PolicyResolved";
    static final String HOST = "HostAssigned";
    static final String STORAGE = "StorageReady";
    static final String ENCRYPTION_KEY = "EncryptionKeyReady";
    static final String MODEL_KEY = "ModelKeyReady";
    static final String WORKLOAD = "WorkloadApplied";

    private static final int ENCRYPTION_KEY_BYTES = 32;

    private final Context context;
    private final Tenant tenant;
    private final StatusDraft draft;
    private final Children children;
    private final boolean isNew;
    private final boolean forced;
    private String step = PARENT;
    private @Nullable ModelKeyMetadata keyMetadata;
    private @Nullable Rollout rollout;
    private @Nullable Duration requeueAfter;

    TenantRun(Context context, Tenant tenant, StatusDraft draft, Children.Effect effect) {
        this.context = context;
        this.tenant = tenant;
        this.draft = draft;
        this.forced = ReconcileAt.isAsked(tenant);
        Ownership owner = new Ownership(tenant.id(), tenant.metadata().uid());
        this.children = new Children(context, owner, draft, effect, forced);
        // A plan looks at what there is; a reconcile of a tenant that never had children finds out by creating.
        this.isNew = effect == Children.Effect.APPLY && tenant.status().placement() == null;
    }

    void execute() {
        requireReadable();
        Parent parent = parent();
        step = POLICY;
        PolicyStep policies = new PolicyStep(context, tenant, draft);
        String policy = policies.resolve();
        step = HOST;
        new ClaimStep(context, tenant, draft, parent).require();
        BlueprintInput input = new BlueprintInput(
                tenant,
                context.settings(),
                parent.namespace(),
                parent.baseDomain(),
                parent.nodePool(),
                policy,
                0,
                limitDefaults(parent),
                entitled());
        TenantBlueprint blueprint = new TenantBlueprint(input);

        step = WORKLOAD;
        // From here on there are children, and cleaning up must find them whatever becomes of the parent.
        draft.fields.placement(new Placement("", parent.namespace()));
        children.apply(blueprint.children().serviceAccount(), blueprint.serviceAccount());
        step = ENCRYPTION_KEY;
        ObjectRef state = blueprint.children().state();
        Optional<GenericKubernetesResource> liveState = children.read(state);
        encryptionKey(blueprint, liveState.isPresent());
        step = MODEL_KEY;
        ObjectRef deployment = blueprint.children().deployment();
        Optional<GenericKubernetesResource> liveDeployment = children.read(deployment);
        ModelKeyStep modelKey = new ModelKeyStep(
                context, tenant, draft, new SecretKeyJournal(context, blueprint, isNew), liveDeployment, forced);
        long revision = modelKey.run(children);
        keyMetadata = modelKey.metadata();
        blueprint = new TenantBlueprint(input.withKeyRevision(revision));

        step = WORKLOAD;
        children.apply(blueprint.children().config(), blueprint.config());
        step = STORAGE;
        children.applyOnce(state, liveState, blueprint.state());
        draft.holds(STORAGE, "Claimed", "");
        step = WORKLOAD;
        Optional<GenericKubernetesResource> workload =
                children.apply(deployment, liveDeployment, blueprint.deployment());
        children.apply(blueprint.children().service(), blueprint.service());
        ingress(blueprint);
        draft.holds(WORKLOAD, "Applied", "");
        draft.fields.ingressHost(input.host().orElse(null)).observedReconcileAt(modelKey.observedReconcileAt());

        if (!children.isPlan()) {
            rollout = Rollout.of(context, tenant, workload.orElseThrow(), parent.namespace());
            modelKey.retireWhenRolled(rollout.isComplete());
            requeueAfter = modelKey.requeueAfter();
        }
        policies.requireResolved();
    }

    /** kubectl bypasses the service, so what would name or mount the wrong thing is refused here too (DECISIONS 10). */
    private void requireReadable() {
        String name = tenant.metadata().name();
        if (name.length() > TenantNames.MAX_LENGTH) {
            throw refused(
                    PARENT,
                    ErrorCode.NAME_TOO_LONG,
                    "A tenant's name may have " + TenantNames.MAX_LENGTH + " characters, this one has " + name.length()
                            + "; create it anew under a shorter name.");
        }
        List<Problem> problems = TenantValidation.channelProblems(tenant.spec());
        if (!problems.isEmpty()) {
            throw refused(
                    WORKLOAD,
                    ErrorCode.VALIDATION_ERROR,
                    problems.stream()
                            .map(problem -> problem.path() + ": " + problem.message())
                            .collect(Collectors.joining(" ")));
        }
    }

    private Stop refused(String condition, ErrorCode code, String sentence) {
        draft.fails(condition, code.name(), sentence);
        return Stop.error(code.name(), sentence);
    }

    private Parent parent() {
        String ref = tenant.spec().clusterTenantRef();
        Parent parent = ref == null ? Parent.install(context, tenant) : customer(ref);
        Placement placement = tenant.status().placement();
        if (placement != null && !placement.namespace().equals(parent.namespace())) {
            throw refused(
                    PARENT,
                    ErrorCode.MOVE_NEEDS_STATE_PLAN,
                    "Its state is in namespace " + placement.namespace() + " and a volume cannot move to "
                            + parent.namespace() + "; put clusterTenantRef back.");
        }
        draft.holds(PARENT, "Resolved", "Children go to namespace " + parent.namespace() + ".");
        return parent;
    }

    private Parent customer(String name) {
        ClusterTenant customer = context.parents()
                .find(name)
                .orElseThrow(() -> waitForParent("NotFound", "ClusterTenant " + name + " does not exist yet."));
        return Parent.customer(context, customer)
                .orElseThrow(() -> waitForParent("NotBound", "ClusterTenant " + name + " has no namespace yet."));
    }

    private Stop waitForParent(String reason, String message) {
        draft.fails(PARENT, reason, message);
        return Stop.waiting(reason, message);
    }

    private ComputeResources limitDefaults(Parent parent) {
        return parent.hasLimitRange()
                ? LimitDefaults.read(context.objects(), parent.namespace())
                : ComputeResources.NONE;
    }

    private Entitled entitled() {
        return context.entitlements().of(tenant);
    }

    private void encryptionKey(TenantBlueprint blueprint, boolean stateExists) {
        ObjectRef ref = blueprint.children().encryptionKey();
        boolean needed = stateExists
                || draft.wasTrue(ENCRYPTION_KEY)
                || draft.hadReason(ENCRYPTION_KEY, ErrorCode.ENCRYPTION_KEY_LOST.name())
                || tenant.status().lastRunningVersion() != null;
        Optional<GenericKubernetesResource> live = isNew && !needed ? Optional.empty() : children.read(ref);
        if (needed && live.isEmpty()) {
            throw refused(
                    ENCRYPTION_KEY,
                    ErrorCode.ENCRYPTION_KEY_LOST,
                    "Its state exists and " + ref + ", which encrypts it, is gone. Restore the Secret from a backup;"
                            + " nothing was touched.");
        }
        byte[] key = new byte[ENCRYPTION_KEY_BYTES];
        context.random().nextBytes(key);
        children.applyOnce(ref, live, blueprint.encryptionKey(key));
        draft.holds(ENCRYPTION_KEY, "Kept", "");
    }

    private void ingress(TenantBlueprint blueprint) {
        ObjectRef ref = blueprint.children().ingress();
        Optional<GenericKubernetesResource> live = children.read(ref);
        Optional<GenericKubernetesResource> desired = blueprint.ingress();
        if (desired.isPresent()) {
            children.apply(ref, live, desired.get());
        } else {
            children.remove(ref, live);
        }
    }

    TenantStatus finish() {
        return Objects.requireNonNull(rollout, "execute() first").report(draft);
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
