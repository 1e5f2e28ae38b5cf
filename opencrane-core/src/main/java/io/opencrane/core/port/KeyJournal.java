package io.opencrane.core.port;

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
        /** Somebody else made it, with a budget of its own, and it is not taken over yet. */
        UNMANAGED
    }

    /**
     * One key.
     *
     * @param secret the raw key
     * @param alias its alias at the gateway; empty where that is not known
     * @param revision counts the tenant's keys; a higher revision rolls the pod (DECISIONS 33)
     * @param issuedAt when it was made
     */
    record Key(SecretText secret, String alias, long revision, Instant issuedAt) {
        /**
         * The gateway's name for the key.
         *
         * @return the lower-case hex SHA-256 of the raw key
         */
        public String hash() {
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
     * @param spentBeforeUsd what the current key had spent in its own period when it was taken over from the deployed platform, which its
     *     team's spend does not count; null for a key that was not
     * @param version what the store needs to guard a write; empty before it is stored
     */
    record Entry(
            State state,
            Key current,
            @Nullable Key next,
            @Nullable Key previous,
            @Nullable BigDecimal monthlyBudgetUsd,
            @Nullable BigDecimal spentBeforeUsd,
            String version) {
        /** Refuses a record without a key. */
        public Entry {
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(current, "current");
        }

        /**
         * A record of a key that the gateway has not heard of.
         *
         * @param key the key
         * @param monthlyBudgetUsd the ceiling wanted, or null for unlimited
         * @return a record to be stored
         */
        public static Entry pending(Key key, @Nullable BigDecimal monthlyBudgetUsd) {
            return new Entry(State.PENDING, key, null, null, monthlyBudgetUsd, null, "");
        }

        /**
         * The same with the current key known to the gateway.
         *
         * @return a copy
         */
        public Entry live() {
            return new Entry(State.LIVE, current, next, previous, monthlyBudgetUsd, spentBeforeUsd, version);
        }

        /**
         * The same with another current key.
         *
         * @param changed the key
         * @return a copy
         */
        public Entry withCurrent(Key changed) {
            return new Entry(state, changed, next, previous, monthlyBudgetUsd, spentBeforeUsd, version);
        }

        /**
         * The same with a key being made ready.
         *
         * @param prepared the key
         * @return a copy
         */
        public Entry withNext(Key prepared) {
            return new Entry(state, current, prepared, previous, monthlyBudgetUsd, spentBeforeUsd, version);
        }

        /**
         * The same with a new current key; the one before it is the previous one now.
         *
         * @param ready a key that the gateway knows
         * @return a copy
         */
        public Entry swapped(Key ready) {
            return new Entry(state, ready, null, current, monthlyBudgetUsd, null, version);
        }

        /**
         * The same without the previous key.
         *
         * @return a copy
         */
        public Entry withoutPrevious() {
            return new Entry(state, current, next, null, monthlyBudgetUsd, spentBeforeUsd, version);
        }

        /**
         * The same with another ceiling.
         *
         * @param agreed with the gateway, or null for unlimited
         * @return a copy
         */
        public Entry withBudget(@Nullable BigDecimal agreed) {
            return new Entry(state, current, next, previous, agreed, spentBeforeUsd, version);
        }

        /**
         * Every key it holds.
         *
         * @return one to three
         */
        public Stream<Key> keys() {
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
