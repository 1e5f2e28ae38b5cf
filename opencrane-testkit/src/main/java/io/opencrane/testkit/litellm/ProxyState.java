package io.opencrane.testkit.litellm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opencrane.api.resource.SecretText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
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
    LiteLlmDatabase database = LiteLlmDatabase.CONNECTED;

    private final SecretText masterKey;
    private final InstantSource clock;

    ProxyState(SecretText masterKey, InstantSource clock) {
        this.masterKey = masterKey;
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
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

    /** What LiteLLM's job does every ten minutes, so that spend looks stale for as long after the boundary (F20). */
    void resetDueBudgets() {
        if (database == LiteLlmDatabase.CONNECTED) {
            keys.values().forEach(this::resetIfDue);
            teams.values().forEach(this::resetIfDue);
        }
    }

    private void resetIfDue(ObjectNode row) {
        Instant due = BudgetCalendar.read(row.path("budget_reset_at"));
        if (due != null && !now().isBefore(due.plus(RESET_LAG))) {
            row.put("spend", 0.0);
            Rows.applyPeriod(Rows.text(row.path("budget_duration")), row, now());
        }
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
