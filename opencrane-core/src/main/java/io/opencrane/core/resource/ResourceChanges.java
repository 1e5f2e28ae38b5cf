package io.opencrane.core.resource;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.error.OpenCraneException.Retry;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKey;
import io.opencrane.core.port.ResourceStore;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads, creates, edits and writes custom resources of one kind under their {@code resourceVersion}. Thread-safe.
 *
 * @param <R> the model
 */
public final class ResourceChanges<R extends Resource> {
    /** The annotation that identifies the request that created a resource (DECISIONS 41). */
    public static final String CREATE_REQUEST = "opencrane.io/create-request";

    private static final int MAX_ATTEMPTS = 3;

    private final ResourceStore store;
    private final Class<R> type;
    private final String noun;
    private final ErrorCode absent;
    private final BiPredicate<R, R> sameSpec;

    /**
     * Over the resources of one kind.
     *
     * @param store the cluster's
     * @param type the model
     * @param noun what people call it, as in "There is no such tenant."
     * @param absent the not-found code of the kind
     * @param sameSpec whether two ask for the same once the server has filled in defaults
     */
    public ResourceChanges(
            ResourceStore store, Class<R> type, String noun, ErrorCode absent, BiPredicate<R, R> sameSpec) {
        this.store = store;
        this.type = type;
        this.noun = noun;
        this.absent = absent;
        this.sameSpec = sameSpec;
    }

    /**
     * Reads a resource.
     *
     * @param key names it
     * @return the resource, or empty if the server says there is none
     */
    public Optional<R> find(ResourceKey key) {
        return store.find(type, key.namespace(), key.name());
    }

    /**
     * Reads a resource that has to be there.
     *
     * @param key names it
     * @return the resource
     * @throws OpenCraneException the not-found code of the kind
     */
    public R get(ResourceKey key) {
        return find(key).orElseThrow(() -> notFound(key));
    }

    /**
     * What to throw where a resource has to be there.
     *
     * @param key names it
     * @return an exception with the not-found code of the kind
     */
    public OpenCraneException notFound(ResourceKey key) {
        return new OpenCraneException(absent, key.toString(), "There is no such " + noun + ".");
    }

    /**
     * The annotations of a resource to create.
     *
     * @param createRequest identifies the request, or null
     * @return at most one annotation
     */
    public static Map<String, String> requested(@Nullable String createRequest) {
        return createRequest == null ? Map.of() : Map.of(CREATE_REQUEST, createRequest);
    }

    /**
     * Creates a resource. One that is there and is what was asked for counts as made: by an earlier attempt, or by one whose response
     * was lost.
     *
     * @param wanted metadata and spec
     * @return the resource as stored
     * @throws OpenCraneException {@code ALREADY_EXISTS} if another one has the name; {@code BEING_DELETED}
     */
    public R createOrFind(R wanted) {
        for (int attempt = 1; ; attempt++) {
            OpenCraneException taken;
            try {
                return store.create(wanted);
            } catch (OpenCraneException e) {
                if (e.code() != ErrorCode.ALREADY_EXISTS) {
                    throw e;
                }
                taken = e;
            }
            Optional<R> there = find(wanted.key());
            if (there.isPresent()) {
                return requireSame(there.get(), wanted);
            }
            if (attempt == MAX_ATTEMPTS) {
                throw new OpenCraneException(
                        ErrorCode.ALREADY_EXISTS,
                        wanted.key().toString(),
                        "The name is taken and freed again and again; try later.",
                        Retry.MAY_HELP,
                        taken);
            }
        }
    }

    /**
     * Tells what {@link #createOrFind} would come to; writes nothing.
     *
     * @param wanted metadata and spec
     * @return the resource that is there already, or the one that is wanted
     * @throws OpenCraneException {@code ALREADY_EXISTS} if another one has the name; {@code BEING_DELETED}
     */
    public R rehearseCreate(R wanted) {
        return find(wanted.key()).map(there -> requireSame(there, wanted)).orElse(wanted);
    }

    private R requireSame(R there, R wanted) {
        requireAlive(there);
        String request = wanted.metadata().annotations().get(CREATE_REQUEST);
        boolean sameRequest =
                request == null || request.equals(there.metadata().annotations().get(CREATE_REQUEST));
        if (!sameRequest || !sameSpec.test(there, wanted)) {
            throw new OpenCraneException(
                    ErrorCode.ALREADY_EXISTS,
                    there.key().toString(),
                    sameRequest
                            ? "A " + noun + " of this name exists with another spec; update it or choose another name."
                            : "A " + noun + " of this name was created by another request; choose another name.");
        }
        return there;
    }

    /**
     * Applies an edit to a resource as it is. Without a version to insist on, a concurrent change is met by reading again; with one, it
     * is the caller's to decide.
     *
     * @param key names it
     * @param expectedVersion the version it has to have, or null
     * @param edit the edit; may be asked again for a newer one
     * @return the resource as stored
     * @throws OpenCraneException {@code CONFLICT} if it has another version, or somebody else kept changing it; {@code BEING_DELETED};
     *     the not-found code of the kind
     */
    public R change(ResourceKey key, @Nullable String expectedVersion, UnaryOperator<R> edit) {
        for (int attempt = 1; ; attempt++) {
            R current = changeable(key, expectedVersion);
            R desired = edit.apply(current);
            try {
                return store.patch(current, desired);
            } catch (OpenCraneException e) {
                if (e.code() != ErrorCode.CONFLICT) {
                    throw e;
                }
                Optional<R> own = ownWrite(key, current, desired);
                if (own.isPresent()) {
                    return own.get();
                }
                if (expectedVersion != null) {
                    throw e;
                }
                if (attempt == MAX_ATTEMPTS) {
                    throw new OpenCraneException(
                            ErrorCode.CONFLICT,
                            key.toString(),
                            "Somebody else kept changing the " + noun + "; try again.",
                            Retry.MAY_HELP,
                            e);
                }
            }
        }
    }

    /**
     * Tells what {@link #change} would come to; writes nothing.
     *
     * @param key names it
     * @param expectedVersion the version it has to have, or null
     * @param edit the edit
     * @return the resource after it
     * @throws OpenCraneException as {@link #change}
     */
    public R rehearse(ResourceKey key, @Nullable String expectedVersion, UnaryOperator<R> edit) {
        return edit.apply(changeable(key, expectedVersion));
    }

    private R changeable(ResourceKey key, @Nullable String expectedVersion) {
        R current = get(key);
        requireVersion(current, expectedVersion);
        requireAlive(current);
        return current;
    }

    /**
     * The conflict may be with ourselves: the write took effect, its response was lost, and the client below sent it again. Then the
     * resource is exactly what was asked for.
     */
    private Optional<R> ownWrite(ResourceKey key, R before, R desired) {
        return find(key)
                .filter(now -> now.metadata().uid().equals(before.metadata().uid())
                        && sameSpec.test(now, desired)
                        && !sameSpec.test(before, desired)
                        && now.metadata()
                                .annotations()
                                .equals(desired.metadata().annotations()));
    }

    private void requireAlive(R there) {
        if (there.metadata().isBeingDeleted()) {
            throw new OpenCraneException(
                    ErrorCode.BEING_DELETED,
                    there.key().toString(),
                    "The " + noun + " is on its way out; wait until it is gone.",
                    Retry.MAY_HELP,
                    null);
        }
    }

    private void requireVersion(R current, @Nullable String expected) {
        if (expected != null && !expected.equals(current.metadata().resourceVersion())) {
            throw new OpenCraneException(
                    ErrorCode.CONFLICT,
                    current.key().toString(),
                    "The " + noun + " changed since it was read; read it again and decide.");
        }
    }
}
