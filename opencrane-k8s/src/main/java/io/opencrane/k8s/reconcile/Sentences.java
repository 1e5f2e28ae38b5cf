package io.opencrane.k8s.reconcile;

import java.util.List;

/** Lists in sentences, short enough for a status. */
final class Sentences {
    private static final int MOST = 5;

    private Sentences() {}

    /** The first few, and how many more there are. */
    static String few(List<String> items) {
        String named = String.join(", ", items.subList(0, Math.min(MOST, items.size())));
        return items.size() > MOST ? named + " and " + (items.size() - MOST) + " more" : named;
    }
}
