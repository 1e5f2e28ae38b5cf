package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.resource.SecretText;
import io.opencrane.testkit.litellm.Flights.Flight;
import io.opencrane.testkit.litellm.SpendBook.Entry;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything the proxy remembers. Its monitor guards it, and the rows in it: whoever touches them holds it. Raw keys are never kept. */
final class ProxyState {
    private static final Duration RESET_LAG = Duration.ofMinutes(10);

    final Map<String, ObjectNode> keys = new LinkedHashMap<>();
    final Map<String, ObjectNode> teams = new LinkedHashMap<>();
    final Set<LiteLlmQuirk> quirks = EnumSet.noneOf(LiteLlmQuirk.class);
    final SpendBook book = new SpendBook();
    final KeyCache cache = new KeyCache();
    final RateLimits rateLimits = new RateLimits();
    final Flights flights = new Flights();
    /** Which request made a key, by its hash. */
    final Map<String, Flight> makers = new HashMap<>();

    LiteLlmDatabase database = LiteLlmDatabase.CONNECTED;
    private long resetAsOf = Long.MIN_VALUE;

    private final SecretText masterKey;
    private final InstantSource clock;
    private Duration ahead = Duration.ZERO;

    ProxyState(SecretText masterKey, InstantSource clock) {
        this.masterKey = masterKey;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant().plus(ahead);
    }

    void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("A clock advances; asked for " + by + ".");
        }
        ahead = ahead.plus(by);
    }

    void spend(String teamId, BigDecimal usd) {
        ObjectNode row = teams.get(teamId);
        if (row == null) {
            throw new IllegalArgumentException("The fake LiteLLM has no team " + teamId + ".");
        }
        addSpend(row, usd);
    }

    boolean isMasterKey(@Nullable String credential) {
        return credential != null && !credential.isEmpty() && masterKey.equals(SecretText.of(credential));
    }

    boolean has(LiteLlmQuirk quirk) {
        return quirks.contains(quirk);
    }

    /** Fails as the route does without a database: one way when it never came, one way when it went. */
    void requireDatabase(Answer whenNeverConnected, Answer whenLost) {
        if (database == LiteLlmDatabase.NEVER_CONNECTED) {
            throw whenNeverConnected.refuse();
        }
        if (database == LiteLlmDatabase.LOST) {
            throw whenLost.refuse();
        }
    }

    static Answer internalError() {
        return Answer.wrappedError(500, "Internal Server Error.");
    }

    /** What LiteLLM's jobs did until now: waiting spend is written (F21), due budgets are reset (F20), in the order of time. */
    void settle() {
        if (database == LiteLlmDatabase.CONNECTED) {
            Instant now = now();
            for (Entry due = book.write(now); due != null; due = book.write(now)) {
                resetDueBudgets(due.writtenAt());
                charge(due);
            }
            resetDueBudgets(now);
        }
    }

    /** Books a call at once. */
    void bookNow(String keyHash, String model, BigDecimal usd) {
        ObjectNode key = keys.get(keyHash);
        if (key == null) {
            throw new IllegalArgumentException("The fake LiteLLM has no such key.");
        }
        Instant now = now();
        Entry entry =
                new Entry(now, now, keyHash, Rows.text(key.path("team_id")), model, SpendBook.requirePositive(usd));
        book.write(entry);
        charge(entry);
    }

    /** To the key, and to the team that it had at the time of the call. */
    private void charge(Entry entry) {
        addSpend(keys.get(entry.keyHash()), entry.usd());
        addSpend(entry.teamId() == null ? null : teams.get(entry.teamId()), entry.usd());
    }

    private static void addSpend(@Nullable ObjectNode row, BigDecimal usd) {
        if (row != null) {
            row.put("spend", Rows.spend(row).add(usd));
        }
    }

    /**
     * The job runs every ten minutes, so that spend looks stale for as long after the boundary. It looks at every row, and therefore once
     * a second at most: budgets fall due at whole seconds, and never at once.
     */
    private void resetDueBudgets(Instant now) {
        if (now.getEpochSecond() == resetAsOf) {
            return;
        }
        resetAsOf = now.getEpochSecond();
        keys.values().forEach(row -> resetIfDue(row, now));
        teams.values().forEach(row -> resetIfDue(row, now));
    }

    private static void resetIfDue(ObjectNode row, Instant now) {
        Instant due = BudgetCalendar.read(row.path("budget_reset_at"));
        if (due != null && !now.isBefore(due.plus(RESET_LAG))) {
            row.put("spend", 0.0);
            Rows.applyPeriod(Rows.text(row.path("budget_duration")), row, now);
        }
    }

    /** Copies of the rows of a team's keys. */
    ArrayNode keysOf(String teamId) {
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        keys.values().stream()
                .filter(key -> teamId.equals(Rows.text(key.path("team_id"))))
                .forEach(key -> rows.add(key.deepCopy()));
        return rows;
    }

    void clear() {
        teams.clear();
        keys.clear();
        book.clear();
        cache.clear();
        rateLimits.clear();
        makers.clear();
    }

    /** Also what a test switched. */
    void reset() {
        clear();
        book.reset();
        quirks.clear();
        database = LiteLlmDatabase.CONNECTED;
        ahead = Duration.ZERO;
    }

    /** Routes take a raw key or its hash. */
    static String hashOf(String rawOrHash) {
        return rawOrHash.startsWith("sk-") ? sha256(rawOrHash) : rawOrHash;
    }

    static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
