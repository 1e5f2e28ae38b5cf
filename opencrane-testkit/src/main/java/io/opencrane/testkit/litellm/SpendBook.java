package io.opencrane.testkit.litellm;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Every call of a model, of deleted keys and teams too: what is written, and what waits for the next write (F21). Guarded by the monitor of
 * the {@link ProxyState}.
 */
final class SpendBook {
    static final Duration FLUSH_DELAY = Duration.ofSeconds(10);
    static final BigDecimal PRICE = new BigDecimal("0.01");

    private final List<Entry> written = new ArrayList<>();
    private final PriorityQueue<Entry> waiting = new PriorityQueue<>(Comparator.comparing(Entry::writtenAt));
    private final Map<String, BigDecimal> prices = new HashMap<>();
    private Duration flushDelay = FLUSH_DELAY;

    void flushDelay(Duration delay) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("Spend is not written before it is made; asked for " + delay + ".");
        }
        flushDelay = delay;
    }

    Duration flushDelay() {
        return flushDelay;
    }

    void price(String model, BigDecimal usd) {
        prices.put(model, requirePositive(usd));
    }

    BigDecimal price(String model) {
        return prices.getOrDefault(model, PRICE);
    }

    static BigDecimal requirePositive(BigDecimal usd) {
        if (usd.signum() < 0) {
            throw new IllegalArgumentException("A call costs 0 or more; asked for " + usd + ".");
        }
        return usd;
    }

    void await(Entry entry) {
        waiting.add(entry);
    }

    /** The next entry whose time has come, which then is written. */
    @Nullable
    Entry write(Instant now) {
        Entry next = waiting.peek();
        if (next == null || next.writtenAt().isAfter(now)) {
            return null;
        }
        waiting.remove();
        written.add(next);
        return next;
    }

    void write(Entry entry) {
        written.add(entry);
    }

    /** What was written, in that order. */
    List<Entry> written() {
        return written;
    }

    /** What counts against a budget already and does not show yet. */
    BigDecimal unwritten(Predicate<Entry> which) {
        return waiting.stream().filter(which).map(Entry::usd).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    void clear() {
        written.clear();
        waiting.clear();
    }

    void reset() {
        clear();
        prices.clear();
        flushDelay = FLUSH_DELAY;
    }

    /**
     * A call of a model.
     *
     * @param at when it was
     * @param writtenAt when it shows
     * @param keyHash whose it was
     * @param teamId the team of that key then, or null
     * @param model the model
     * @param usd what it cost
     */
    record Entry(
            Instant at,
            Instant writtenAt,
            String keyHash,
            @Nullable String teamId,
            String model,
            BigDecimal usd) {
        static final int PROMPT_TOKENS = 10;
        static final int COMPLETION_TOKENS = 5;

        String date() {
            return at.toString().substring(0, 10);
        }
    }
}
