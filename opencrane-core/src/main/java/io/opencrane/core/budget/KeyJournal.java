package io.opencrane.core.budget;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where one tenant's model key is recorded, raw key included: its Secret (DECISIONS 32). Writes are guarded by the version that was read,
 * so of two concurrent writers one fails. Absent means that the store said so, never an outage.
 */
public interface KeyJournal {
    /**
     * Reads the record, never from a cache.
     *
     * @return the record, or empty if there is none
     */
    Optional<Entry> read();

    /**
     * Makes the record.
     *
     * @param entry what to record
     * @return the record as stored
     * @throws OpenCraneException {@code ALREADY_EXISTS} if there is one, also when an earlier attempt of this call made it
     */
    Entry create(Entry entry);

    /**
     * Replaces the record.
     *
     * @param entry what to record, with the version that was read
     * @return the record as stored
     * @throws OpenCraneException {@code CONFLICT} if it changed since, or is gone
     */
    Entry replace(Entry entry);

    /**
     * Forgets the record, and only this one. One that is already gone is a success.
     *
     * @param entry the record as read
     * @throws OpenCraneException {@code CONFLICT} if it was made anew since
     */
    void delete(Entry entry);

    /** How far the current key is. */
    enum State {
        /** Recorded; whether the gateway knows it is unknown. */
        PENDING,
        /** The gateway knows it. */
        LIVE,
        /** Somebody else made it, with a budget of its own; it is used as it is. */
        UNMANAGED
    }

    /**
     * One key.
     *
     * @param secret the raw key
     * @param alias its alias at the gateway
     * @param revision counts the tenant's keys; a higher revision rolls the pod (DECISIONS 33)
     * @param issuedAt when it was made
     */
    record Key(SecretText secret, String alias, long revision, Instant issuedAt) {
        /** The gateway's name for the key: the lower-case hex SHA-256 of the raw key. */
        String hash() {
            return KeyJournal.hash(secret);
        }
    }

    /**
     * The record.
     *
     * @param state how far the current key is
     * @param current the key that pods use
     * @param next a key being made ready to replace it, or null
     * @param previous the key it replaced, alive until the pods have rolled, or null
     * @param monthlyBudgetUsd the ceiling that was last agreed with the gateway, or null for unlimited
     * @param version what the store needs to guard a write; empty before it is stored
     */
    record Entry(
            State state,
            Key current,
            @Nullable Key next,
            @Nullable Key previous,
            @Nullable BigDecimal monthlyBudgetUsd,
            String version) {
        /** Refuses a record without a key. */
        public Entry {
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(current, "current");
        }

        Entry live() {
            return new Entry(State.LIVE, current, next, previous, monthlyBudgetUsd, version);
        }

        Entry withCurrent(Key changed) {
            return new Entry(state, changed, next, previous, monthlyBudgetUsd, version);
        }

        Entry withNext(@Nullable Key changed) {
            return new Entry(state, current, changed, previous, monthlyBudgetUsd, version);
        }

        Entry swapped(Key ready) {
            return new Entry(state, ready, null, current, monthlyBudgetUsd, version);
        }

        Entry withoutPrevious() {
            return new Entry(state, current, next, null, monthlyBudgetUsd, version);
        }

        Entry withBudget(@Nullable BigDecimal changed) {
            return new Entry(state, current, next, previous, changed, version);
        }

        Stream<Key> keys() {
            return Stream.of(current, next, previous).flatMap(Stream::ofNullable);
        }
    }

    /**
     * The gateway's name for a key.
     *
     * @param secret the raw key
     * @return the lower-case hex SHA-256 of the raw key
     */
    static String hash(SecretText secret) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(secret.reveal().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }
}
