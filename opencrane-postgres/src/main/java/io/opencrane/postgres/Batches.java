package io.opencrane.postgres;

import io.opencrane.api.resource.ResourceKey;
import io.opencrane.core.port.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Splits many rows into statements. */
final class Batches {
    private Batches() {}

    /**
     * Splits rows, by index, into statements: in key order against deadlocks, and a name that appears again only in a later round, since
     * one statement can write a row only once.
     */
    static List<List<Integer>> of(List<? extends Row> rows, int rowsAtOnce) {
        List<List<Integer>> statements = new ArrayList<>();
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            left.add(i);
        }
        left.sort(Comparator.comparing((Integer i) -> rows.get(i).key().namespace())
                .thenComparing(i -> rows.get(i).key().name()));
        while (!left.isEmpty()) {
            Set<ResourceKey> seen = new HashSet<>();
            List<Integer> again = new ArrayList<>();
            List<Integer> round = new ArrayList<>();
            left.forEach(i -> (seen.add(rows.get(i).key()) ? round : again).add(i));
            for (int from = 0; from < round.size(); from += rowsAtOnce) {
                statements.add(round.subList(from, Math.min(round.size(), from + rowsAtOnce)));
            }
            left = again;
        }
        return statements;
    }
}
