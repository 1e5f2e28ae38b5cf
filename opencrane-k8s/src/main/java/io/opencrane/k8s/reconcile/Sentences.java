package io.opencrane.k8s.reconcile;

import java.util.List;

/** Lists that are short enough for a status. */
final class Sentences {
    private static final int MOST = 5;

    private Sentences() {}

    /** The first few of some words, and how many more there are. */
    static String few(List<String> items) {
        String named = String.join(", ", first(items));
        return items.size() > MOST ? named + " and " + (items.size() - MOST) + " more" : named;
    }

    /** The first few of some sentences, and how many more there are. */
    static String told(List<String> sentences) {
        String text = String.join(" ", first(sentences));
        return sentences.size() > MOST ? text + " And " + (sentences.size() - MOST) + " more." : text;
    }

    private static List<String> first(List<String> items) {
        return items.subList(0, Math.min(MOST, items.size()));
    }
}
