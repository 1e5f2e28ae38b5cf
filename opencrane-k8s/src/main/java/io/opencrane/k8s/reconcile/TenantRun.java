package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ComputeMode;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.tenant.ComputeResources;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.tenant.TenantNames;
import io.opencrane.k8s.apply.Applied;
import io.opencrane.k8s.blueprint.BlueprintInput;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.object.ObjectRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One reconcile of one tenant, in the order of contract §4. Used once, by one thread. */
final class TenantRun {
    static final String PARENT = "ParentResolved";
    static final String POLICY = "PolicyResolved";
    static final String STORAGE = "StorageReady";
    static final String ENCRYPTION_KEY = "EncryptionKeyReady";
    static final String MODEL_KEY = "ModelKeyReady";
    static final String WORKLOAD = "WorkloadApplied";

    private static final int ENCRYPTION_KEY_BYTES = 32;

    private final Context context;
    private final Tenant tenant;
    private final StatusDraft draft;
    private final List<Applied> applied = new ArrayList<>();
    private String step = PARENT;
    private @Nullable ComputeResources limits;
    private @Nullable ModelKeyMetadata keyMetadata;
    private @Nullable Rollout rollout;
    private @Nullable Duration requeueAfter;

    TenantRun(Context context, Tenant tenant, StatusDraft draft) {
        this.context = context;
        this.tenant = tenant;
        this.draft = draft;
    }

    void execute() {
        requireShortName();
        Parent parent = parent();
        step = POLICY;
        PolicyStep policies = new PolicyStep(context, tenant, draft);
        String policy = policies.resolve();
        BlueprintInput input = input(parent, policy, 0);
        TenantBlueprint blueprint = new TenantBlueprint(input);

        step = WORKLOAD;
        // From here on there are children, and cleaning up must find them whatever becomes of the parent.
        draft.fields.placement(new Placement("", parent.namespace()));
        apply(blueprint.children().serviceAccount(), blueprint.serviceAccount(), blueprint);
        step = ENCRYPTION_KEY;
        encryptionKey(blueprint);
        step = MODEL_KEY;
        Optional<GenericKubernetesResource> liveDeployment =
                context.objects().get(blueprint.children().deployment());
        ModelKeyStep modelKey = new ModelKeyStep(context, tenant, draft, blueprint, liveDeployment);
        long revision = modelKey.ensure();
        keyMetadata = modelKey.metadata();
        blueprint = new TenantBlueprint(input(parent, policy, revision));

        step = WORKLOAD;
        apply(blueprint.children().config(), blueprint.config(), blueprint);
        step = STORAGE;
        applied.add(
                context.applier().createOnce(blueprint.children().state(), blueprint.state(), blueprint.ownership()));
        draft.holds(STORAGE, "Claimed", "");
        step = WORKLOAD;
        Applied deployment = context.applier()
                .apply(
                        blueprint.children().deployment(),
                        liveDeployment,
                        blueprint.deployment(),
                        blueprint.ownership());
        applied.add(deployment);
        apply(blueprint.children().service(), blueprint.service(), blueprint);
        ingress(blueprint);
        draft.holds(WORKLOAD, "Applied", "");
        draft.fields.ingressHost(input.host().orElse(null)).observedReconcileAt(modelKey.observedReconcileAt());

        rollout = Rollout.of(context, tenant, deployment.object(), parent.namespace());
        modelKey.retireWhenRolled(rollout.isComplete());
        requeueAfter = modelKey.requeueAfter();
        policies.requireResolved();
    }

    /** kubectl bypasses the service, so the limit holds here too (DECISIONS 10). */
    private void requireShortName() {
        String name = tenant.metadata().name();
        if (name.length() > TenantNames.MAX_LENGTH) {
            throw refused(
                    PARENT,
                    ErrorCode.NAME_TOO_LONG,
                    "A tenant's name may have " + TenantNames.MAX_LENGTH + " characters, this one has " + name.length()
                            + "; create it anew under a shorter name.");
        }
    }

    private Stop refused(String condition, ErrorCode code, String sentence) {
        draft.fails(condition, code.name(), sentence);
        return Stop.error(code.name(), sentence);
    }

    private Parent parent() {
        String ref = tenant.spec().clusterTenantRef();
        Parent parent = ref == null ? install() : customer(ref);
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

    private Parent install() {
        return new Parent(
                tenant.metadata().namespace(), context.settings().ingress().domain(), null, false);
    }

    private Parent customer(String name) {
        ClusterTenant customer = context.parents()
                .find(name)
                .orElseThrow(() -> waitForParent("NotFound", "ClusterTenant " + name + " does not exist yet."));
        String namespace = customer.status().boundNamespace();
        if (namespace == null || namespace.isEmpty()) {
            throw waitForParent("NotBound", "ClusterTenant " + name + " has no namespace yet.");
        }
        String baseDomain = customer.spec().baseDomain();
        boolean dedicated = customer.spec().compute().mode() == ComputeMode.DEDICATED;
        return new Parent(
                namespace,
                baseDomain == null ? context.settings().ingress().domain() : baseDomain,
                dedicated ? customer.spec().compute().nodePool() : null,
                true);
    }

    private Stop waitForParent(String reason, String message) {
        draft.fails(PARENT, reason, message);
        return Stop.waiting(reason, message);
    }

    private BlueprintInput input(Parent parent, @Nullable String policy, long keyRevision) {
        return new BlueprintInput(
                tenant,
                context.settings(),
                parent.namespace(),
                parent.baseDomain(),
                parent.nodePool(),
                policy,
                keyRevision,
                limitDefaults(parent));
    }

    private ComputeResources limitDefaults(Parent parent) {
        if (!parent.hasLimitRange()) {
            return ComputeResources.NONE;
        }
        if (limits == null) {
            limits = LimitDefaults.read(context.objects(), parent.namespace());
        }
        return limits;
    }

    private void encryptionKey(TenantBlueprint blueprint) {
        ObjectRef ref = blueprint.children().encryptionKey();
        boolean hadKey = draft.wasTrue(ENCRYPTION_KEY)
                || draft.hadReason(ENCRYPTION_KEY, ErrorCode.ENCRYPTION_KEY_LOST.name())
                || tenant.status().lastRunningVersion() != null;
        Optional<GenericKubernetesResource> live = context.objects().get(ref);
        boolean stateExists = live.isEmpty()
                && (hadKey
                        || context.objects().get(blueprint.children().state()).isPresent());
        if (stateExists) {
            throw refused(
                    ENCRYPTION_KEY,
                    ErrorCode.ENCRYPTION_KEY_LOST,
                    "Its state exists and " + ref + ", which encrypts it, is gone. Restore the Secret from a backup;"
                            + " nothing was touched.");
        }
        byte[] key = new byte[ENCRYPTION_KEY_BYTES];
        context.random().nextBytes(key);
        applied.add(context.applier().createOnce(ref, live, blueprint.encryptionKey(key), blueprint.ownership()));
        draft.holds(ENCRYPTION_KEY, "Kept", "");
    }

    private void apply(ObjectRef ref, GenericKubernetesResource desired, TenantBlueprint blueprint) {
        applied.add(context.applier().apply(ref, desired, blueprint.ownership()));
    }

    private void ingress(TenantBlueprint blueprint) {
        ObjectRef ref = blueprint.children().ingress();
        Optional<GenericKubernetesResource> desired = blueprint.ingress();
        if (desired.isPresent()) {
            apply(ref, desired.get(), blueprint);
        } else {
            context.applier().deleteOwn(ref, blueprint.ownership());
        }
    }

    TenantStatus finish() {
        return Objects.requireNonNull(rollout, "execute() first").report(draft);
    }

    /** The condition that an error now is about. */
    String step() {
        return step;
    }

    List<Applied> applied() {
        return applied;
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
