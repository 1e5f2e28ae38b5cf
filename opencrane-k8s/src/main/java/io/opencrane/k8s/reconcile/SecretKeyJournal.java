package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.budget.KeyJournal;
import io.opencrane.core.budget.ModelKeyLifecycle.Write;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.apply.Ownership.Claim;
import io.opencrane.k8s.apply.Ownership.Sharing;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The journal of a tenant's model key in its Secret {@code openclaw-<tenant>-litellm-key} (DECISIONS 32). {@code data.apiKey} is what pods
 * use; a key being made ready is {@code apiKey.next}, one being retired {@code apiKey.previous}. Created by POST, so that of two writers
 * one wins, and changed by merge patches under the version that was read.
 */
final class SecretKeyJournal implements KeyJournal {
    private final ObjectStore objects;
    private final ObjectStore fresh;
    private final TenantBlueprint blueprint;
    private final ObjectRef ref;
    private FirstRead firstRead;
    private Write written = Write.NONE;
    private boolean forgiving;
    private Sharing sharing = Sharing.NONE;
    private boolean deleted;
    private @Nullable OpenCraneException trouble;

    /** What the first read does. A later one follows a lost race, and asks the server. */
    private enum FirstRead {
        SKIPPED,
        MAY_BE_CACHED,
        FRESH
    }

    /** For a reconcile; of a tenant that never had children the first read is left out, because creating finds out. */
    SecretKeyJournal(Context context, TenantBlueprint blueprint, boolean isNew) {
        this(context, blueprint, isNew ? FirstRead.SKIPPED : FirstRead.MAY_BE_CACHED);
    }

    private SecretKeyJournal(Context context, TenantBlueprint blueprint, FirstRead firstRead) {
        this.objects = context.objects();
        this.fresh = context.fresh();
        this.blueprint = blueprint;
        this.ref = blueprint.children().modelKey();
        this.firstRead = firstRead;
    }

    /** For a deletion: a Secret that is or may be somebody else's, or that nobody can read, is no record. */
    static SecretKeyJournal forCleanup(Context context, TenantBlueprint blueprint, Sharing sharing) {
        SecretKeyJournal journal = new SecretKeyJournal(context, blueprint, FirstRead.FRESH);
        journal.forgiving = true;
        journal.sharing = sharing;
        return journal;
    }

    ObjectRef ref() {
        return ref;
    }

    /** What became of the Secret. */
    Write written() {
        return written;
    }

    boolean wasDeleted() {
        return deleted;
    }

    /** Whether an exception came from the cluster that holds the Secret, and not from a gateway. */
    boolean caused(OpenCraneException exception) {
        return exception == trouble;
    }

    @Override
    public Optional<Entry> read() {
        FirstRead how = firstRead;
        firstRead = FirstRead.FRESH;
        Optional<GenericKubernetesResource> secret = switch (how) {
            case SKIPPED -> Optional.empty();
            case MAY_BE_CACHED -> asked(() -> objects.get(ref));
            case FRESH -> asked(() -> fresh.get(ref));
        };
        try {
            return secret.filter(this::isNoNamesakes).map(this::entry);
        } catch (OpenCraneException e) {
            if (forgiving) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Secrets of the platform do not say for which of two namesakes they were made. */
    private boolean isNoNamesakes(GenericKubernetesResource secret) {
        return sharing == Sharing.NONE || blueprint.ownership().of(secret) != Claim.PLATFORM;
    }

    private <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (OpenCraneException e) {
            trouble = e;
            throw e;
        }
    }

    @Override
    public Entry create(Entry entry) {
        GenericKubernetesResource secret = KeySecret.object(blueprint, entry);
        Entry created = entry(asked(() -> objects.create(secret)));
        written = Write.CREATE;
        return created;
    }

    @Override
    public Entry replace(Entry entry) {
        String patch = KeySecret.patch(entry);
        try {
            Entry replaced = entry(asked(() -> objects.patch(ref, Target.OBJECT, PatchType.MERGE, patch)));
            written = written == Write.NONE ? Write.REPLACE : written;
            return replaced;
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.NOT_FOUND) {
                throw e;
            }
            throw new OpenCraneException(
                    ErrorCode.CONFLICT, ref.toString(), "It is gone.", OpenCraneException.Retry.MAY_HELP, e);
        }
    }

    @Override
    public void delete(Entry entry) {
        Optional<GenericKubernetesResource> live = asked(() -> fresh.get(ref));
        if (live.isPresent()) {
            boolean changed = !entry(live.get()).version().equals(entry.version());
            if (changed) {
                throw new OpenCraneException(
                        ErrorCode.CONFLICT,
                        ref.toString(),
                        "It changed since it was read.",
                        OpenCraneException.Retry.MAY_HELP,
                        null);
            }
            String uid = live.get().getMetadata().getUid();
            deleted = asked(() -> objects.delete(ref, uid));
        }
    }

    private Entry entry(GenericKubernetesResource secret) {
        asked(() -> {
            Applier.requireNotForeign(ref, secret, blueprint.ownership());
            return ref;
        });
        return KeySecret.entry(ref, secret);
    }
}
