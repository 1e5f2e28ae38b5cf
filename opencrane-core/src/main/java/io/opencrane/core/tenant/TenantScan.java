package io.opencrane.core.tenant;

import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.resource.ResourceScan;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tenants of a scope from the cluster, chunk after chunk, in the byte order of {@code namespace/name}, holding one chunk. A
 * list that expires on the way is started again and skips what was already read. Not thread-safe.
 */
public final class TenantScan implements Iterator<Tenant> {
    /** What one request reads; the API server's own clients use the same. */
    public static final int CHUNK = ResourceScan.CHUNK;

    private final ResourceScan<Tenant> scan;

    private TenantScan(ResourceStore store, List<String> namespaces, ResourceScan.Bounds bounds) {
        scan = new ResourceScan<>(store, Tenant.class, namespaces, ByteOrder::compareTexts, bounds);
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
        return new TenantScan(store, List.of(""), ResourceScan.Bounds.NONE);
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
        return new TenantScan(
                cluster.resources(),
                ordered,
                new ResourceScan.Bounds(
                        after, chunk, most, "narrow the query to a namespace or configure a projection."));
    }

    @Override
    public boolean hasNext() {
        return scan.hasNext();
    }

    @Override
    public Tenant next() {
        return scan.next();
    }
}
