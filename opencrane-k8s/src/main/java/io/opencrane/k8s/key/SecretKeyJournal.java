package io.opencrane.k8s.key;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.k8s.apply.Applier;
import io.opencrane.k8s.apply.Ownership;
import io.opencrane.k8s.apply.Ownership.Claim;
import io.opencrane.k8s.apply.Ownership.Sharing;
import io.opencrane.k8s.blueprint.TenantChildren;
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
 *
 * <p>One operation's worth: it remembers what it did. Not thread-safe.
 */
public final class SecretKeyJournal implements KeyJournal {
    private final ObjectStore objects;
    private final ObjectStore fresh;
    private final TenantChildren children;
    private final Ownership owner;
    private final ObjectRef ref;
    private FirstRead firstRead;
    private boolean created;
    private boolean replaced;
    private boolean forgiving;
    private Sharing sharing = Sharing.NONE;
    private boolean deleted;
    private @Nullable OpenCraneException trouble;

    /** What the first read does. A later one follows a lost race, and asks the server. */
    public enum FirstRead {
        /** Nothing: creating finds out whether there is a record. For a tenant that never had children. */
        SKIPPED,
        /** May be as old as a cache. */
        MAY_BE_CACHED,
        /** Asks the server. */
        FRESH
    }

    /**
     * The record of a tenant.
     *
     * @param objects where it is written; reads may be as old as a cache
     * @param fresh the same cluster; reads are never cached
     * @param children the tenant's, in the namespace where they are
     * @param owner the tenant
     * @param firstRead what the first read does
     */
    public SecretKeyJournal(
            ObjectStore objects, ObjectStore fresh, TenantChildren children, Ownership owner, FirstRead firstRead) {
        this.objects = objects;
        this.fresh = fresh;
        this.children = children;
        this.owner = owner;
        this.ref = children.modelKey();
        this.firstRead = firstRead;
    }

    /**
     * The record of a tenant that is being deleted: a Secret that is or may be somebody else's, or that nobody can read, is no record.
     *
     * @param fresh the cluster, never cached
     * @param children the tenant's, in the namespace where they are
     * @param owner the tenant
     * @param sharing whether another tenant of the name has its children there
     * @return the record
     */
    public static SecretKeyJournal forCleanup(
            ObjectStore fresh, TenantChildren children, Ownership owner, Sharing sharing) {
        SecretKeyJournal journal = new SecretKeyJournal(fresh, fresh, children, owner, FirstRead.FRESH);
        journal.forgiving = true;
        journal.sharing = sharing;
        return journal;
    }

    /**
     * The Secret.
     *
     * @return its reference
     */
    public ObjectRef ref() {
        return ref;
    }

    /**
     * Whether it made the Secret.
     *
     * @return true if it did
     */
    public boolean wasCreated() {
        return created;
    }

    /**
     * Whether it changed a Secret that was there.
     *
     * @return true if it did
     */
    public boolean wasReplaced() {
        return replaced;
    }

    /**
     * Whether it deleted the Secret.
     *
     * @return true if it did
     */
    public boolean wasDeleted() {
        return deleted;
    }

    /**
     * Whether an exception came from the cluster that holds the Secret, and not from a gateway.
     *
     * @param exception what an operation on this record threw
     * @return true if it did
     */
    public boolean caused(OpenCraneException exception) {
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
        return sharing == Sharing.NONE || owner.of(secret) != Claim.PLATFORM;
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
        GenericKubernetesResource secret = KeySecret.object(children, owner, entry);
        Entry stored = entry(asked(() -> objects.create(secret)));
        created = true;
        return stored;
    }

    @Override
    public Entry replace(Entry entry) {
        String patch = KeySecret.patch(owner, entry);
        try {
            Entry stored = entry(asked(() -> objects.patch(ref, Target.OBJECT, PatchType.MERGE, patch)));
            replaced = true;
            return stored;
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
            Applier.requireNotForeign(ref, secret, owner);
            return ref;
        });
        return KeySecret.entry(ref, secret);
    }
}
