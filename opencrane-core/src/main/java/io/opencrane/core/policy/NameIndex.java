package io.opencrane.core.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds which of many patterns cover or intersect a name or pattern, without asking all of them: patterns of different numbers of labels
 * have nothing in common, and neither have those whose last labels differ. The first that was added is found first.
 *
 * <p>What is left to ask can still be many thousands for each of as many, so there is an end to it: then nothing more is found, and
 * {@link #isSpent} says that what was not found may be there all the same.
 *
 * @param <T> what a pattern stands for
 */
final class NameIndex<T> {
    /** So many labels at the end tell patterns apart; a bound, because a hostile name has more than a hundred. */
    private static final int TAIL = 4;

    /** Seconds of work: five thousand short patterns, each asked for among five thousand that have their star in the same label. */
    private static final long MOST_WORK = 200_000_000;

    /** So much of the product of two lengths is about the work of comparing two short ones. */
    private static final int UNIT = 64;

    private final List<Item<T>> all = new ArrayList<>();
    private final Map<String, Item<T>> byText = new HashMap<>();
    private final Map<String, List<Item<T>>> wildcardsByTail = new HashMap<>();
    private final Map<String, List<Item<T>>> byEndOfTail = new HashMap<>();

    private long left = MOST_WORK;

    private record Item<T>(int ordinal, NamePattern pattern, T value) {}

    /** Adds a pattern; a text that was added before stays with what it stood for. */
    void add(NamePattern pattern, T value) {
        Item<T> item = new Item<>(all.size(), pattern, value);
        if (byText.putIfAbsent(pattern.text(), item) != null) {
            return;
        }
        all.add(item);
        if (pattern.equals(NamePattern.EVERY_NAME)) {
            return;
        }
        List<String> ends = ends(pattern.text());
        ends.forEach(end -> of(byEndOfTail, end).add(item));
        if (pattern.isWildcard()) {
            of(wildcardsByTail, ends.get(ends.size() - 1)).add(item);
        }
    }

    private List<Item<T>> of(Map<String, List<Item<T>>> map, String key) {
        return map.computeIfAbsent(key, unknown -> new ArrayList<>());
    }

    /** Whether patterns were left out because there were too many to compare. */
    boolean isSpent() {
        return left < 0;
    }

    /** What the same pattern stands for, or null. */
    @Nullable
    T same(NamePattern pattern) {
        return value(byText.get(pattern.text()));
    }

    /** What the first other pattern that covers one stands for, or null. */
    @Nullable
    T coveringOther(NamePattern pattern) {
        Item<T> found = pattern.equals(NamePattern.EVERY_NAME) ? null : byText.get(NamePattern.EVERY_NAME.text());
        for (String end : ends(pattern.text())) {
            found = first(
                    found, wildcardsByTail.get(end), pattern, wide -> wide.covers(pattern) && !wide.equals(pattern));
        }
        return value(found);
    }

    /** What the same pattern, or else the first other that covers it, stands for; or null. */
    @Nullable
    T covering(NamePattern pattern) {
        T same = same(pattern);
        return same != null ? same : coveringOther(pattern);
    }

    /** What the first pattern that has a name in common with one stands for, or null. */
    @Nullable
    T intersecting(NamePattern pattern) {
        if (!pattern.isWildcard()) {
            return covering(pattern);
        }
        if (pattern.equals(NamePattern.EVERY_NAME)) {
            return all.isEmpty() ? null : all.get(0).value();
        }
        Item<T> found = byText.get(NamePattern.EVERY_NAME.text());
        List<String> ends = ends(pattern.text());
        for (String end : ends.subList(0, ends.size() - 1)) {
            found = first(found, wildcardsByTail.get(end), pattern, pattern::intersects);
        }
        return value(first(found, byEndOfTail.get(ends.get(ends.size() - 1)), pattern, pattern::intersects));
    }

    private @Nullable Item<T> first(
            @Nullable Item<T> known, @Nullable List<Item<T>> items, NamePattern asked, Predicate<NamePattern> wanted) {
        if (items == null) {
            return known;
        }
        for (Item<T> item : items) {
            if (known != null && known.ordinal() < item.ordinal()) {
                return known;
            }
            left -= 1 + (long) asked.text().length() * item.pattern().text().length() / UNIT;
            if (isSpent()) {
                return known;
            }
            if (wanted.test(item.pattern())) {
                return item;
            }
        }
        return known;
    }

    private static <T> @Nullable T value(@Nullable Item<T> item) {
        return item == null ? null : item.value();
    }

    /** The number of labels with each end of the last labels that have no star, the shortest, which is nothing, first. */
    private static List<String> ends(String text) {
        String labels = 1 + text.chars().filter(c -> c == '.').count() + "/";
        List<String> ends = new ArrayList<>();
        ends.add(labels);
        int end = text.length();
        while (end > 0 && ends.size() <= TAIL) {
            int start = text.lastIndexOf('.', end - 1) + 1;
            int star = text.indexOf('*', start);
            if (star >= 0) {
                break;
            }
            ends.add(labels + text.substring(start));
            end = start - 1;
        }
        return ends;
    }
}
