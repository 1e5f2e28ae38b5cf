package io.opencrane.core.tenant;

import io.opencrane.api.tenant.Tenant;
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

    private TenantScan(ResourceScan<Tenant> scan) {
        this.scan = scan;
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
        return new TenantScan(new ResourceScan<>(
                store, Tenant.class, List.of(""), ByteOrder::compareTexts, ResourceScan.Bounds.NONE));
    }

    /** As {@link #of(Cluster)}, in one namespace. */
    static TenantScan of(Cluster cluster, String namespace) {
        return of(cluster, namespace, "", CHUNK, Integer.MAX_VALUE);
    }

    /** As {@link #of(Cluster)}, in one namespace or all of the scope's, behind the key {@code after}; refused beyond so many read. */
    static TenantScan of(Cluster cluster, @Nullable String onlyNamespace, String after, int chunk, int most) {
        return new TenantScan(ScopeScan.of(cluster, Tenant.class, onlyNamespace, after, chunk, most));
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
