package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.apply.Ownership.Sharing;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a tenant to another namespace: the old workload stops, the key's bytes are copied, the state follows or is given up, what is left
 * of the old workload goes, and only then does the status say where the tenant lives (DECISIONS 25). Cut anywhere, it begins again. The
 * old volume and key stay. It looks at the server, never at a cache.
 */
final class TenantMove {
    private final Context context;
    private final Tenant tenant;
    private final StatusDraft draft;
    private final Children children;
    private final TenantChildren old;

    TenantMove(Context context, Tenant tenant, StatusDraft draft, Children children, String from) {
        this.context = context;
        this.tenant = tenant;
        this.draft = draft;
        this.children = children;
        this.old = new TenantChildren(tenant.metadata().name(), from);
    }

    void execute(TenantBlueprint there) {
        remove(List.of(old.ingress(), old.service(), old.deployment()));
        if (!children.isPlan()) {
            requireStopped();
        }
        encryptionKey(there);
        ObjectRef state = there.children().state();
        children.applyOnce(state, context.fresh().get(state), there.state());
        if (!children.isPlan()) {
            state(there);
        }
        remove(List.of(old.config(), old.serviceAccount()));
        if (context.keys() != null) {
            remove(List.of(old.modelKey())); // the key dies when the next one is made
        }
    }

    private void remove(List<ObjectRef> refs) {
        refs.forEach(ref -> children.remove(ref, context.fresh().get(ref), Sharing.NONE));
    }

    private void requireStopped() {
        Ownership owner = new Ownership(tenant.id(), tenant.metadata().uid());
        Filter ofTheName =
                Filter.labelled(Map.of(Ownership.TENANT_LABEL, tenant.metadata().name()));
        boolean running = context.fresh().list(ObjectType.POD, old.namespace(), ofTheName, 10, null).items().stream()
                .anyMatch(pod -> owner.of(pod) == Ownership.Claim.OURS);
        if (running) {
            throw waits("Its pod in namespace " + old.namespace() + " is stopping.");
        }
    }

    private void encryptionKey(TenantBlueprint there) {
        Optional<String> bytes = context.fresh().get(old.encryptionKey()).map(key -> key.<String>get("data", "key"));
        if (bytes.isEmpty() && AcceptEmptyState.isSaid(tenant, there.children().namespace())) {
            return; // nothing will be decrypted, so a new one will do
        }
        if (bytes.isEmpty()) {
            throw Stop.failing(
                    draft,
                    TenantRun.ENCRYPTION_KEY,
                    ErrorCode.ENCRYPTION_KEY_LOST,
                    old.encryptionKey() + ", which encrypts the state to be moved, is gone. Restore the Secret from a"
                            + " backup; the move has not begun.");
        }
        ObjectRef ref = there.children().encryptionKey();
        Optional<GenericKubernetesResource> live = context.fresh().get(ref);
        boolean another = live.isPresent() && !bytes.get().equals(live.get().<String>get("data", "key"));
        if (another) {
            Applier.requireNotForeign(ref, live.get(), there.ownership());
            throw Stop.failing(
                    draft,
                    TenantRun.ENCRYPTION_KEY,
                    ErrorCode.NAME_TAKEN,
                    ref
                            + " is there already and is another key; purge what an earlier tenant of this name left there.");
        }
        children.applyOnce(ref, live, there.encryptionKey(Base64.getDecoder().decode(bytes.get())));
    }

    private void state(TenantBlueprint there) {
        StateMover mover = context.mover();
        boolean done = AcceptEmptyState.isSaid(tenant, there.children().namespace())
                || mover != null
                        && mover.move(tenant.id(), old.state(), there.children().state());
        if (!done) {
            throw waits(
                    "Its state is being moved to namespace " + there.children().namespace() + ".");
        }
    }

    private Stop waits(String sentence) {
        draft.fails(TenantRun.PARENT, "Moving", sentence);
        return Stop.waiting("Moving", sentence);
    }
}
