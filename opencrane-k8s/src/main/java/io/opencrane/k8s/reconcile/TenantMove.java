package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.budget.KeyOwner;
import io.opencrane.core.budget.ModelKeyLifecycle;
import io.opencrane.core.port.KeyJournal.State;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.apply.ChildChange;
import io.opencrane.k8s.apply.ChildChange.Action;
import io.opencrane.k8s.apply.FieldChange;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.apply.Ownership.Sharing;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.key.SecretKeyJournal;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectReader;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a tenant to another namespace, of the same cluster or another: the old workload stops, the key's bytes are copied, the state
 * follows or is given up, what is left of the old workload goes, and only then does the status say where the tenant lives (DECISIONS 25).
 * Cut anywhere, it begins again; while one of the two clusters cannot be reached, nothing begins. The old volume and key stay. It looks
 * at the servers, never at a cache.
 */
final class TenantMove {
    private final Context context;
    private final Context before;
    private final Context there;
    private final Placement from;
    private final Placement to;
    private final Tenant tenant;
    private final StatusDraft draft;
    private final Children children;
    private final Children left;
    private final TenantChildren old;
    private final Ownership owner;
    private final Sharing sharing;

    TenantMove(Sites sites, Tenant tenant, StatusDraft draft, Children children, Placement from, Placement to) {
        this.context = sites.home();
        this.before = sites.at(from.cluster());
        this.there = sites.at(to.cluster());
        this.from = from;
        this.to = to;
        this.tenant = tenant;
        this.draft = draft;
        this.children = children;
        this.left = children.in(before.applier());
        this.old = new TenantChildren(tenant.metadata().name(), from.namespace());
        this.owner = new Ownership(tenant.id(), tenant.metadata().uid());
        this.sharing = Parent.sharing(context, tenant, from);
    }

    void execute(TenantBlueprint blueprint) {
        boolean accepted = AcceptEmptyState.isSaid(tenant, to);
        Optional<String> key = own(old.encryptionKey()).map(secret -> secret.<String>get("data", "key"));
        // One that is being deleted is held by the pod alone, and stopping that would be the end of it.
        boolean hasVolume = own(old.state())
                .filter(volume -> volume.getMetadata().getDeletionTimestamp() == null)
                .isPresent();
        if (!accepted) {
            requireNothingLost(hasVolume, key.isPresent());
        }
        requireNothingInTheWay(blueprint.children(), key);
        remove(List.of(old.ingress(), old.service()));
        if (!children.isPlan()) {
            stop();
            requireStopped();
        }
        remove(List.of(old.deployment()));
        ObjectRef state = blueprint.children().state();
        // Without one nothing was ever encrypted, or is to be decrypted, so a new one will do; the walk makes it, and
        // the volume only then: one that is found without a key is taken for a loss.
        key.ifPresent(bytes -> {
            encryptionKey(blueprint, bytes);
            children.applyOnce(state, there.fresh().get(state), blueprint.state());
        });
        if (!children.isPlan() && hasVolume && !accepted) {
            state(state);
        }
        remove(List.of(old.config(), old.serviceAccount()));
        if (context.keys() != null) {
            modelKey(context.keys());
        }
    }

    /**
     * What has the name there may be another tenant's, which was faster; its key and its state are not for us. One of the platform is
     * ours also where a namesake belongs: whoever is recorded there has the names.
     */
    private Optional<GenericKubernetesResource> own(ObjectRef ref) {
        return before.fresh().get(ref).filter(found -> owner.of(found) != Ownership.Claim.FOREIGN);
    }

    private void requireNothingLost(boolean hasVolume, boolean hasKey) {
        if (!hasVolume && StateStep.hadVolume(tenant, draft)) {
            throw Stop.failing(
                    draft,
                    TenantRun.STORAGE,
                    ErrorCode.STATE_LOST,
                    old.state()
                            + ", which has the state to be moved, is gone or going. Restore it from a backup; the move has not"
                            + " begun.");
        }
        if (hasVolume && !hasKey) {
            throw Stop.failing(
                    draft,
                    TenantRun.ENCRYPTION_KEY,
                    ErrorCode.ENCRYPTION_KEY_LOST,
                    old.encryptionKey() + ", which encrypts the state to be moved, is gone. Restore the Secret from a"
                            + " backup; the move has not begun.");
        }
    }

    /** What an earlier tenant of this name left there, as far as it is in the way: seen before the workload stops for nothing. */
    private void requireNothingInTheWay(TenantChildren names, Optional<String> key) {
        Optional<GenericKubernetesResource> found = there.fresh().get(names.encryptionKey());
        key.ifPresent(bytes -> requireSameKey(names.encryptionKey(), found, bytes));
        boolean locked = found.isEmpty() && there.fresh().get(names.state()).isPresent();
        if (key.isEmpty() && locked) {
            throw Stop.failing(
                    draft,
                    TenantRun.ENCRYPTION_KEY,
                    ErrorCode.ENCRYPTION_KEY_LOST,
                    names.state() + " is there already and " + names.encryptionKey()
                            + ", which encrypts it, is gone. Restore the Secret from a backup; the move has not begun.");
        }
    }

    private void remove(List<ObjectRef> refs) {
        refs.forEach(ref -> left.remove(ref, before.fresh().get(ref), sharing));
    }

    /** A Deployment that is told to have no pod has none once its controller says so; one that is gone may be having its last one made. */
    private void stop() {
        Optional<GenericKubernetesResource> found = before.fresh()
                .get(old.deployment())
                .filter(live -> owner.of(live) == Ownership.Claim.OURS
                        || owner.of(live) == Ownership.Claim.PLATFORM && sharing == Sharing.NONE)
                .filter(live -> live.getMetadata().getDeletionTimestamp() == null);
        if (found.isEmpty() || Rollout.isStopped(found.get())) {
            return;
        }
        GenericKubernetesResource workload = found.get();
        Object replicas = workload.get("spec", "replicas");
        if (!Integer.valueOf(0).equals(replicas)) {
            String patch = "{\"metadata\":{\"resourceVersion\":\""
                    + workload.getMetadata().getResourceVersion() + "\"},\"spec\":{\"replicas\":0}}";
            before.fresh().patch(old.deployment(), Target.OBJECT, PatchType.MERGE, patch);
            FieldChange none =
                    new FieldChange("spec.replicas", FieldChange.Kind.SET, String.valueOf(replicas), "0", null);
            left.record(new ChildChange(old.deployment(), Action.UPDATE, List.of(none)));
        }
        throw waits("Its pod in " + Parent.describe(from) + " is stopping.");
    }

    /** A pod of the deployed platform counts: its Deployment may have been adopted a moment ago. */
    private void requireStopped() {
        Filter ofTheName =
                Filter.labelled(Map.of(Ownership.TENANT_LABEL, tenant.metadata().name()));
        boolean running = ObjectReader.of(before.fresh()).list(ObjectType.POD, old.namespace(), ofTheName).stream()
                .filter(pod -> owner.of(pod) != Ownership.Claim.FOREIGN)
                .anyMatch(pod -> !isOver(pod));
        if (running) {
            throw waits("Its pod in " + Parent.describe(from) + " is stopping.");
        }
    }

    /** One that was evicted stays listed for as long as its Deployment, and none of its containers runs any more. */
    private static boolean isOver(GenericKubernetesResource pod) {
        Object phase = pod.get("status", "phase");
        return "Failed".equals(phase) || "Succeeded".equals(phase);
    }

    private void encryptionKey(TenantBlueprint blueprint, String bytes) {
        ObjectRef ref = blueprint.children().encryptionKey();
        Optional<GenericKubernetesResource> live = there.fresh().get(ref);
        requireSameKey(ref, live, bytes);
        children.applyOnce(
                ref, live, blueprint.encryptionKey(Base64.getDecoder().decode(bytes)));
    }

    private void requireSameKey(ObjectRef ref, Optional<GenericKubernetesResource> live, String bytes) {
        boolean another = live.isPresent() && !bytes.equals(live.get().<String>get("data", "key"));
        if (another) {
            Applier.requireNotForeign(ref, live.get(), owner);
            throw Stop.failing(
                    draft,
                    TenantRun.ENCRYPTION_KEY,
                    ErrorCode.NAME_TAKEN,
                    ref
                            + " is there already and is another key; purge what an earlier tenant of this name left there.");
        }
    }

    /** A key of ours dies when the next one is made; of one that the platform made nobody but its Secret knows. */
    private void modelKey(ModelKeyLifecycle keys) {
        SecretKeyJournal journal = SecretKeyJournal.forCleanup(before.fresh(), old, owner, sharing);
        boolean platforms =
                journal.read().filter(entry -> entry.state() == State.UNMANAGED).isPresent();
        if (platforms && !children.isPlan()) {
            try {
                keys.revoke(
                        KeyOwner.of(
                                tenant, context.settings(), context.instanceId().get()),
                        journal);
            } catch (OpenCraneException e) {
                if (journal.caused(e)) {
                    throw e;
                }
                throw waits("Its model key in " + Parent.describe(from) + " is not revoked yet: " + e.getMessage());
            }
            left.record(new ChildChange(old.modelKey(), Action.PRUNE, List.of()));
        } else {
            remove(List.of(old.modelKey()));
        }
    }

    private void state(ObjectRef claim) {
        StateMover mover = context.mover();
        boolean done = mover != null
                && mover.move(
                        tenant.id(), new StateClaim(from.cluster(), old.state()), new StateClaim(to.cluster(), claim));
        if (!done) {
            throw waits("Its state is being moved to " + Parent.describe(to) + ".");
        }
    }

    private Stop waits(String sentence) {
        draft.fails(TenantRun.PARENT, "Moving", sentence);
        return Stop.waiting("Moving", sentence);
    }
}
