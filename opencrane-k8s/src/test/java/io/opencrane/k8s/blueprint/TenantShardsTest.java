package io.opencrane.k8s.blueprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenantShardsTest {
    private static List<String> tenants(int count) {
        return IntStream.range(0, count).mapToObj(i -> "tenant-" + i).toList();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "499, 1", "500, 1", "501, 2"})
    void upTo500NamesAreOneObject(int count, int objects) {
        assertThat(TenantShards.of(tenants(count))).hasSize(objects);
    }

    @ParameterizedTest
    @CsvSource({"1", "500", "501", "3000", "10000"})
    void everyNameIsInOneObjectInOrderAndNoneIsTooLarge(int count) {
        SortedMap<Integer, List<String>> shards = TenantShards.of(tenants(count));

        assertThat(shards.values())
                .allSatisfy(names ->
                        assertThat(names).hasSizeBetween(1, TenantShards.MOST).isSorted());
        assertThat(shards.values().stream().flatMap(List::stream)).containsExactlyInAnyOrderElementsOf(tenants(count));
        assertThat(shards.size()).as("and they are not many").isLessThanOrEqualTo(Math.max(1, 4 * count / 500));
    }

    @Test
    void theOrderIsNoiseAndSoIsANameThatComesTwice() {
        List<String> names = new ArrayList<>(tenants(1_000));
        SortedMap<Integer, List<String>> shards = TenantShards.of(names);
        Collections.reverse(names);
        names.add("tenant-7");

        assertThat(TenantShards.of(names)).isEqualTo(shards);
    }

    /** Unless one is full, which is then split together with all others. */
    @Test
    void oneTenantMoreOrLessRewritesOneObject() {
        Random random = new Random(20_260_407);
        List<String> names = new ArrayList<>(tenants(9_000));
        SortedMap<Integer, List<String>> before = TenantShards.of(names);
        int splits = 0;
        for (int i = 0; i < 200; i++) {
            if (random.nextBoolean()) {
                names.remove(random.nextInt(names.size()));
            } else {
                names.add("late-" + i);
            }
            SortedMap<Integer, List<String>> after = TenantShards.of(names);
            if (after.size() == before.size()) {
                assertThat(changed(before, after)).isEqualTo(1);
            } else {
                splits++;
            }
            before = after;
        }
        assertThat(splits).isLessThanOrEqualTo(2);
    }

    private static long changed(Map<Integer, List<String>> before, Map<Integer, List<String>> after) {
        Set<Integer> all = new HashSet<>(before.keySet());
        all.addAll(after.keySet());
        return all.stream()
                .filter(shard -> !before.getOrDefault(shard, List.of()).equals(after.getOrDefault(shard, List.of())))
                .count();
    }

    /** So a policy never loses a tenant while it grows: it is in the old object until that is rewritten, and in its new one before. */
    @Test
    void aSplitMovesNamesOutOfAnObjectAndNoneIntoIt() {
        List<String> names = tenants(20_000);
        SortedMap<Integer, List<String>> before = TenantShards.of(names.subList(0, 1));
        for (int count = 250; count <= names.size(); count += 250) {
            SortedMap<Integer, List<String>> after = TenantShards.of(names.subList(0, count));
            Set<String> known = new TreeSet<>();
            before.values().forEach(known::addAll);
            boolean isSplit = after.size() > before.size();
            for (Map.Entry<Integer, List<String>> shard : before.entrySet()) {
                Set<String> stayed = new TreeSet<>(after.getOrDefault(shard.getKey(), List.of()));
                stayed.retainAll(known);
                assertThat(shard.getValue()).as("after " + count).containsAll(stayed);
                if (!isSplit) {
                    assertThat(stayed).containsAll(shard.getValue());
                }
            }
            before = after;
        }
        assertThat(before.size()).isGreaterThan(20);
    }
}
