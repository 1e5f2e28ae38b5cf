package io.opencrane.k8s.blueprint;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32;

/**
 * Deals the tenants of a policy out to objects of 500 names or fewer (DECISIONS 29). A tenant's object follows from its own name, so one
 * tenant more or less rewrites one object; when there are too many, each object is split in two. Pure.
 */
final class TenantShards {
    static final int MOST = 500;

    /** More would be the work of somebody who picks names for it. */
    private static final int MOST_SHARDS = 4096;

    private TenantShards() {}

    /** The names, sorted, by the number of their object; objects without a tenant are left out. */
    static SortedMap<Integer, List<String>> of(Collection<String> tenants) {
        SortedSet<String> sorted = new TreeSet<>(tenants);
        int shards = 1;
        SortedMap<Integer, List<String>> dealt = deal(sorted, shards);
        while (shards < MOST_SHARDS && dealt.values().stream().anyMatch(names -> names.size() > MOST)) {
            shards *= 2;
            dealt = deal(sorted, shards);
        }
        return dealt;
    }

    private static SortedMap<Integer, List<String>> deal(SortedSet<String> tenants, int shards) {
        SortedMap<Integer, SortedSet<String>> dealt = new TreeMap<>();
        for (String tenant : tenants) {
            dealt.computeIfAbsent(shardOf(tenant, shards), shard -> new TreeSet<>())
                    .add(tenant);
        }
        SortedMap<Integer, List<String>> lists = new TreeMap<>();
        dealt.forEach((shard, names) -> lists.put(shard, List.copyOf(names)));
        return lists;
    }

    private static int shardOf(String tenant, int shards) {
        CRC32 hash = new CRC32();
        hash.update(tenant.getBytes(StandardCharsets.UTF_8));
        return (int) (hash.getValue() & shards - 1);
    }
}
