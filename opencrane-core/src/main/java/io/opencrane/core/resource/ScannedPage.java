package io.opencrane.core.resource;

import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.Resource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A page of a list that is read from the cluster (DECISIONS 40). Pure but for the scan. */
public final class ScannedPage {
    /** Beyond this many read for one page, a scan would be a load on the API server that nobody asked for. */
    public static final int MAX_SCAN = 5_000;

    private ScannedPage() {}

    /**
     * What one request reads. A first page without filter reads no more than it needs: itself and the one that tells whether there is
     * more.
     *
     * @param limit the most items of the page
     * @param isPlain whether it is a first page without filter
     * @return at most {@link ResourceScan#CHUNK}
     */
    public static int chunk(int limit, boolean isPlain) {
        return isPlain ? Math.min(ResourceScan.CHUNK, limit + 1) : ResourceScan.CHUNK;
    }

    /**
     * Fills a page.
     *
     * @param scan what is read, in order
     * @param wanted the filter
     * @param limit the most items
     * @param item what becomes of a resource
     * @param asOf when it is read
     * @param <R> the resources
     * @param <S> the items
     * @return the page
     */
    public static <R extends Resource, S> Page<S> of(
            Iterator<R> scan, Predicate<R> wanted, int limit, Function<R, S> item, Instant asOf) {
        List<S> found = new ArrayList<>();
        @Nullable R last = null;
        while (scan.hasNext()) {
            R next = scan.next();
            if (wanted.test(next)) {
                if (last != null && found.size() == limit) {
                    return new Page<>(found, ResourceScan.position(last), Page.Source.CLUSTER, asOf);
                }
                found.add(item.apply(next));
                last = next;
            }
        }
        return new Page<>(found, null, Page.Source.CLUSTER, asOf);
    }
}
