package io.opencrane.core.tenant;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ResourceStore;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tenants of a scope from the cluster, chunk after chunk, in the byte order of {@code namespace/name}, holding one chunk. A
 * list that expires on the way is started again and skips what was already read. Not thread-safe.
 */
public final class TenantScan implements Iterator<Tenant> {
    /** What one request reads; the API server's own clients use the same. */
    public static final int CHUNK = 500;

    private static final int MAX_RESTARTS = 3;

    private final ResourceStore store;
    private final Iterator<String> namespaces;
    private final int chunk;
    private final int most;
    private String namespace = "";
    private @Nullable String token;
    private boolean more;
    private Iterator<Tenant> buffer = List.<Tenant>of().iterator();
    private String last;
    private boolean restarted;
    private int restarts;
    private int passed;

    private TenantScan(ResourceStore store, List<String> namespaces, String after, int chunk, int most) {
        this.store = store;
        this.namespaces = namespaces.iterator();
        this.last = after;
        this.chunk = chunk;
        this.most = most;
        this.restarted = !after.isEmpty();
    }

    /**
     * Starts a scan of everything in scope. Nothing is read yet.
     *
     * @param cluster the cluster
     * @return the scan
     */
    public static TenantScan of(Cluster cluster) {
        return of(cluster, null, "", CHUNK, Integer.MAX_VALUE);
    }

    /**
     * Starts a scan of every namespace, for who may read the whole cluster. Nothing is read yet.
     *
     * @param store reads the tenants
     * @return the scan
     */
    public static TenantScan ofEverything(ResourceStore store) {
        return new TenantScan(store, List.of(""), "", CHUNK, Integer.MAX_VALUE);
    }

    /** As {@link #of(Cluster)}, in one namespace. */
    static TenantScan of(Cluster cluster, String namespace) {
        return of(cluster, namespace, "", CHUNK, Integer.MAX_VALUE);
    }

    /** As {@link #of(Cluster)}, in one namespace or all of the scope's, behind the key {@code after}; refused beyond so many read. */
    static TenantScan of(Cluster cluster, @Nullable String onlyNamespace, String after, int chunk, int most) {
        InstanceScope scope = cluster.scope();
        List<String> wanted = onlyNamespace != null ? List.of(onlyNamespace) : scope.namespaces();
        List<String> ordered = wanted.isEmpty()
                ? List.of("")
                : wanted.stream()
                        .filter(name -> after.isEmpty() || ByteOrder.compareTexts(name + "0", after) > 0)
                        .sorted(ByteOrder.OF_NAMESPACES)
                        .toList();
        return new TenantScan(cluster.resources(), ordered, after, chunk, most);
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
    public Tenant next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Tenant tenant = buffer.next();
        last = tenant.id().toString();
        passed++;
        requireWithinLimit();
        return tenant;
    }

    /** Counts what the server was made to read, what is skipped included. */
    private void requireWithinLimit() {
        if (passed > most) {
            throw new OpenCraneException(
                    ErrorCode.LIST_TOO_LARGE,
                    "Tenant list",
                    "More than " + most + " tenants would be read; narrow the query to a namespace or configure a"
                            + " projection.");
        }
    }

    private void readChunk() {
        try {
            ResourceStore.Chunk<Tenant> read = store.page(Tenant.class, namespace, chunk, token);
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

    private Iterator<Tenant> unread(List<Tenant> items) {
        List<Tenant> unread = items.stream()
                .filter(tenant -> ByteOrder.compareTexts(tenant.id().toString(), last) > 0)
                .toList();
        passed += items.size() - unread.size();
        return unread.iterator();
    }
}
