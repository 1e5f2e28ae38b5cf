package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import java.util.Optional;

/**
 * The state volume and the key that encrypts it: created once, never rewritten, never made again when lost (invariant 4, DECISIONS 24).
 * That there was a state is known from the volume, or from the status, which remembers it.
 */
final class StateStep {
    private static final int KEY_BYTES = 32;

    private final Context context;
    private final Tenant tenant;
    private final StatusDraft draft;
    private final Children children;
    private final LiveChildren live;
    private final Placement place;
    private final boolean isNew;

    StateStep(
            Context context,
            Tenant tenant,
            StatusDraft draft,
            Children children,
            LiveChildren live,
            Placement place,
            boolean isNew) {
        this.context = context;
        this.tenant = tenant;
        this.draft = draft;
        this.children = children;
        this.live = live;
        this.place = place;
        this.isNew = isNew;
    }

    /** Whether the status remembers a volume. */
    static boolean hadVolume(Tenant tenant, StatusDraft draft) {
        return draft.wasTrue(TenantRun.STORAGE)
                || draft.hadReason(TenantRun.STORAGE, ErrorCode.STATE_LOST.name())
                || tenant.status().lastRunningVersion() != null;
    }

    /** Before anything is written. */
    void requireNothingLost(TenantBlueprint blueprint) {
        boolean hadVolume = hadVolume(tenant, draft);
        if (!hadVolume && live.get(blueprint.children().state()).isPresent()) {
            requireStaying(blueprint.children());
        }
        boolean volumeExists = live.get(blueprint.children().state()).isPresent();
        boolean accepted = AcceptEmptyState.isSaid(tenant, place);
        if (!volumeExists && hadVolume && !accepted) {
            throw Stop.failing(
                    draft,
                    TenantRun.STORAGE,
                    ErrorCode.STATE_LOST,
                    blueprint.children().state()
                            + " is gone, and its state with it. Restore it from a backup, or annotate the"
                            + " tenant with " + AcceptEmptyState.ANNOTATION + "=" + AcceptEmptyState.value(place)
                            + " to start with an empty one; nothing was touched.");
        }
        boolean hadKey = draft.wasTrue(TenantRun.ENCRYPTION_KEY)
                || draft.hadReason(TenantRun.ENCRYPTION_KEY, ErrorCode.ENCRYPTION_KEY_LOST.name());
        boolean needsKey = volumeExists || hadVolume && !accepted || hadKey && !accepted;
        if (needsKey && live.get(blueprint.children().encryptionKey()).isEmpty()) {
            throw Stop.failing(
                    draft,
                    TenantRun.ENCRYPTION_KEY,
                    ErrorCode.ENCRYPTION_KEY_LOST,
                    "Its state exists and " + blueprint.children().encryptionKey()
                            + ", which encrypts it, is gone. Restore the Secret from a backup; nothing was touched.");
        }
    }

    /**
     * A volume found by a tenant that does not know it is an earlier tenant's. If that one was purged, the volume may be going or gone,
     * and the key with it: then nothing was lost, and a loss must not be remembered.
     */
    private void requireStaying(TenantChildren names) {
        live.reread(names.state(), context.fresh());
        live.reread(names.encryptionKey(), context.fresh());
        boolean going = live.get(names.state())
                .filter(volume -> volume.getMetadata().getDeletionTimestamp() != null)
                .isPresent();
        if (going) {
            String sentence = names.state() + " of an earlier tenant is being deleted.";
            draft.fails(TenantRun.STORAGE, ErrorCode.BEING_DELETED.name(), sentence);
            throw Stop.waiting(ErrorCode.BEING_DELETED.name(), sentence);
        }
    }

    /** A tenant that never had children is not looked for: creating finds out, and of two claimants only one creates. */
    void encryptionKey(TenantBlueprint blueprint) {
        ObjectRef ref = blueprint.children().encryptionKey();
        boolean volumeExists = live.get(blueprint.children().state()).isPresent();
        Optional<GenericKubernetesResource> key = isNew && !volumeExists ? Optional.empty() : live.get(ref);
        children.applyOnce(ref, key, key.orElseGet(() -> blueprint.encryptionKey(newKey())));
        draft.holds(TenantRun.ENCRYPTION_KEY, "Kept", "");
    }

    private byte[] newKey() {
        byte[] key = new byte[KEY_BYTES];
        context.random().nextBytes(key);
        return key;
    }

    void volume(TenantBlueprint blueprint) {
        ObjectRef ref = blueprint.children().state();
        children.applyOnce(ref, live.get(ref), blueprint.state());
        draft.holds(TenantRun.STORAGE, "Claimed", "");
    }
}
