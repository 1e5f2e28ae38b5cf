package io.opencrane.core.tenant;

import io.opencrane.api.resource.Resource;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.resource.ResourceScan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scans of a namespaced kind that keep to the scope. */
public final class ScopeScan {
    private ScopeScan() {}

    /**
     * Starts a scan. Nothing is read yet.
     *
     * @param cluster the cluster
     * @param type the model
     * @param onlyNamespace a namespace of the scope, or null for all of the scope's
     * @param after the {@code namespace/name} behind which it begins; empty for the beginning
     * @param chunk what one request reads
     * @param most beyond so many it is refused with {@code LIST_TOO_LARGE}
     * @param <R> the model
     * @return the resources in the byte order of {@code namespace/name}
     */
    public static <R extends Resource> ResourceScan<R> of(
            Cluster cluster, Class<R> type, @Nullable String onlyNamespace, String after, int chunk, int most) {
        List<String> wanted =
                onlyNamespace != null ? List.of(onlyNamespace) : cluster.scope().namespaces();
        List<String> ordered = wanted.isEmpty()
                ? List.of("")
                : wanted.stream()
                        .filter(name -> after.isEmpty() || ByteOrder.compareTexts(name + "0", after) > 0)
                        .sorted(ByteOrder.OF_NAMESPACES)
                        .toList();
        return new ResourceScan<>(
                cluster.resources(),
                type,
                ordered,
                ByteOrder::compareTexts,
                new ResourceScan.Bounds(
                        after, chunk, most, "narrow the query to a namespace or configure a projection."));
    }

    /**
     * Starts a scan of everything in one namespace. Nothing is read yet.
     *
     * @param cluster the cluster
     * @param type the model
     * @param namespace a namespace of the scope
     * @param <R> the model
     * @return the resources in the byte order of their names
     */
    public static <R extends Resource> ResourceScan<R> of(Cluster cluster, Class<R> type, String namespace) {
        return of(cluster, type, namespace, "", ResourceScan.CHUNK, Integer.MAX_VALUE);
    }
}
