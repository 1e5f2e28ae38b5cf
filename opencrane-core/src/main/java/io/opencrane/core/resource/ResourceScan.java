package io.opencrane.core.resource;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Resource;
import io.opencrane.core.port.ResourceStore;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the resources of a kind from the cluster, chunk after chunk, in the byte order of {@code namespace/name}, holding one chunk. A
 * list that expires on the way is started again and skips what was already read. Not thread-safe.
 *
 * @param <R> the model
 */
public final class ResourceScan<R extends Resource> implements Iterator<R> {
    /** What one request reads; the API server's own clients use the same. */
    public static final int CHUNK = 500;

    private static final int MAX_RESTARTS = 3;

    private final ResourceStore store;
    private final Class<R> type;
    private final Iterator<String> namespaces;
    private final Comparator<String> order;
    private final Bounds bounds;
    private String namespace = "";
    private @Nullable String token;
    private boolean more;
    private Iterator<R> buffer = List.<R>of().iterator();
    private String last;
    private boolean restarted;
    private int restarts;
    private int passed;

    /**
     * Where a scan begins and how much it may read.
     *
     * @param after the {@code namespace/name}, or the name of a cluster-scoped kind, behind which it begins; empty for the beginning
     * @param chunk what one request reads
     * @param most beyond so many it is refused with {@code LIST_TOO_LARGE}, what it skips included
     * @param tooLarge says what to do then
     */
    public record Bounds(String after, int chunk, int most, String tooLarge) {
        /** Everything. */
        public static final Bounds NONE = new Bounds("", CHUNK, Integer.MAX_VALUE, "");
    }

    /**
     * A scan. Nothing is read yet.
     *
     * @param store the cluster's
     * @param type the model
     * @param namespaces the namespaces in the order in which they come; an empty text for all, or for a cluster-scoped kind
     * @param order the order of the server's keys
     * @param bounds where it begins and ends
     */
    public ResourceScan(
            ResourceStore store, Class<R> type, List<String> namespaces, Comparator<String> order, Bounds bounds) {
        this.store = store;
        this.type = type;
        this.namespaces = namespaces.iterator();
        this.order = order;
        this.bounds = bounds;
        last = bounds.after();
        restarted = !bounds.after().isEmpty();
    }

    @Override
    public boolean hasNext() {
        while (!buffer.hasNext()) {
            requireWithinLimit();
            if (!more) {
                if (!namespaces.hasNext()) {
                    return false;
                }
                namespace = namespaces.next();
                token = null;
            }
            readChunk();
        }
        return true;
    }

    @Override
    public R next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        R next = buffer.next();
        last = position(next);
        passed++;
        requireWithinLimit();
        return next;
    }

    /** Counts what the server was made to read, what is skipped included. */
    private void requireWithinLimit() {
        if (passed > bounds.most()) {
            throw new OpenCraneException(
                    ErrorCode.LIST_TOO_LARGE,
                    type.getSimpleName() + " list",
                    "More than " + bounds.most() + " would be read; " + bounds.tooLarge());
        }
    }

    private void readChunk() {
        try {
            ResourceStore.Chunk<R> read = store.page(type, namespace, bounds.chunk(), token);
            token = read.continueToken();
            more = token != null;
            buffer = restarted ? unread(read.items()) : read.items().iterator();
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.EXPIRED || restarts == MAX_RESTARTS) {
                throw e;
            }
            restarts++;
            restarted = true;
            token = null;
            more = true;
        }
    }

    private Iterator<R> unread(List<R> items) {
        List<R> unread = items.stream()
                .filter(item -> order.compare(position(item), last) > 0)
                .toList();
        passed += items.size() - unread.size();
        return unread.iterator();
    }

    static String position(Resource item) {
        String namespace = item.metadata().namespace();
        String name = item.metadata().name();
        return item.kind().isNamespaced() ? namespace + "/" + name : name;
    }
}
