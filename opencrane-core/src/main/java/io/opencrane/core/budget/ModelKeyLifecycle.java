package io.opencrane.core.budget;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.port.KeyJournal.Entry;
import io.opencrane.core.port.KeyJournal.Key;
import io.opencrane.core.port.KeyJournal.State;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ModelGateway.KeyState;
import io.opencrane.core.port.ModelGateway.NewKey;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes, rotates and revokes a tenant's model key so that every operation can be cut off after any outside call and run again: exactly
 * one key lives afterwards (two during a rotation), it is the recorded one, and no alias is used twice (invariant 6, DECISIONS 31–34).
 *
 * <p>The order that gives this: a key is recorded before the gateway hears of it, and the gateway forgets it before the record does.
 * Thread-safe; two callers on the same tenant end with the same key.
 */
public final class ModelKeyLifecycle {
    private static final int ATTEMPTS = 4;

    private final ModelGateway gateway;
    private final KeyMaker maker;
    private final KeyTakeover takeover;

    /** How much an {@link #ensure} believes. */
    public enum Check {
        /** The record; a live key costs the gateway no request. */
        RECORD,
        /** Only the gateway: ask it for team and key. */
        GATEWAY
    }

    /** What becomes of the record. */
    public enum Write {
        /** It stays as it is. */
        NONE,
        /** It is made. */
        CREATE,
        /** It changes. */
        REPLACE
    }

    /**
     * What an {@link #ensure} would do.
     *
     * @param revision of the key that would be in use
     * @param write what would become of the record
     * @param managed whether the key would be of our making, or taken over
     */
    public record Foreseen(long revision, Write write, boolean managed) {}

    /**
     * A key that can be used.
     *
     * @param revision of the current key
     * @param alias of the current key
     * @param monthlyBudgetUsd the ceiling agreed with the gateway, or null for unlimited
     * @param issuedAt when the current key was made
     * @param retiring whether an older key lives until {@link #retirePrevious}
     * @param managed whether it is of our making or taken over; another one is used as it is, under a ceiling that we do not know
     * @param spentBeforeUsd what a key that was taken over had spent by then, which the team's spend does not count; null for any other
     */
    public record Ensured(
            long revision,
            String alias,
            @Nullable BigDecimal monthlyBudgetUsd,
            Instant issuedAt,
            boolean retiring,
            boolean managed,
            @Nullable BigDecimal spentBeforeUsd) {
        static Ensured of(Entry entry) {
            Key key = entry.current();
            return new Ensured(
                    key.revision(),
                    key.alias(),
                    entry.monthlyBudgetUsd(),
                    key.issuedAt(),
                    entry.previous() != null,
                    entry.state() != State.UNMANAGED,
                    entry.spentBeforeUsd());
        }
    }

    /**
     * Uses a gateway.
     *
     * @param gateway the gateway
     * @param clock tells when a key is made
     */
    public ModelKeyLifecycle(ModelGateway gateway, InstantSource clock) {
        this(gateway, KeyMaker.random(gateway, clock));
    }

    ModelKeyLifecycle(ModelGateway gateway, KeyMaker maker) {
        this.gateway = gateway;
        this.maker = maker;
        this.takeover = new KeyTakeover(gateway, maker);
    }

    /**
     * Sees to it that the tenant has a live key and the ceiling wanted, and finishes what an earlier call left half done. A key that the
     * deployed platform made is taken over: it joins the tenant's team and loses its own budget; no new key is made while it lives. One
     * that somebody put into another team stays as it is.
     *
     * @param owner whose key
     * @param journal where it is recorded
     * @param revisionFloor the highest revision that pods may have seen; a new key gets a higher one
     * @param check how much to believe
     * @return the key in use
     * @throws OpenCraneException from the journal or the gateway; call again
     */
    public Ensured ensure(KeyOwner owner, KeyJournal journal, long revisionFloor, Check check) {
        return Ensured.of(retrying(() -> {
            Optional<Entry> found = journal.read();
            Entry entry = found.isPresent() ? found.get() : journal.create(maker.firstEntry(owner, revisionFloor));
            return finish(owner, journal, takeover.of(owner, journal, entry, revisionFloor), check);
        }));
    }

    /**
     * What {@link #ensure} would do to the record now. Writes nothing, neither to the record nor to the gateway.
     *
     * @param owner whose key
     * @param journal where it is recorded
     * @param revisionFloor the highest revision that pods may have seen
     * @return what would be written, and the revision that would be in use afterwards
     * @throws OpenCraneException from the journal, or from the gateway, which is asked when there is no record, or one of another's making
     */
    public Foreseen foresee(KeyOwner owner, KeyJournal journal, long revisionFloor) {
        Optional<Entry> found = journal.read();
        if (found.isEmpty()) {
            return new Foreseen(maker.firstKey(owner, revisionFloor).revision(), Write.CREATE, true);
        }
        Entry entry = found.get();
        if (entry.state() == State.UNMANAGED) {
            return takeover.foresee(owner, entry, revisionFloor);
        }
        Key next = entry.next();
        boolean changes = entry.state() == State.PENDING
                || next != null
                || !sameAmount(entry.monthlyBudgetUsd(), owner.monthlyBudgetUsd());
        long revision = next == null ? entry.current().revision() : next.revision();
        return new Foreseen(revision, changes ? Write.REPLACE : Write.NONE, true);
    }

    /**
     * Replaces the key without a moment in which none works: the next one is live before it becomes the current one, and the old one
     * lives until {@link #retirePrevious}.
     *
     * @param owner whose key
     * @param journal where it is recorded
     * @param fromRevision the revision to replace; another current revision means that it was replaced already, which is a success
     * @return the key in use; pods roll because its revision is higher
     * @throws OpenCraneException from the journal or the gateway; call again
     */
    public Ensured rotate(KeyOwner owner, KeyJournal journal, long fromRevision) {
        return Ensured.of(retrying(() -> {
            Entry entry = journal.read().orElseThrow(() -> noKey(owner));
            entry = finish(owner, journal, takeover.of(owner, journal, entry, 0), Check.RECORD);
            if (entry.state() == State.UNMANAGED) {
                throw new OpenCraneException(
                        ErrorCode.CONFLICT,
                        owner.teamId(),
                        "Its key was made by somebody else and is in another team; revoke it to have one made.");
            }
            if (entry.current().revision() != fromRevision) {
                return entry;
            }
            return finish(owner, journal, journal.replace(withNewNext(owner, entry)), Check.RECORD);
        }));
    }

    private Entry withNewNext(KeyOwner owner, Entry entry) {
        if (entry.previous() != null) {
            throw new OpenCraneException(
                    ErrorCode.IN_USE,
                    entry.current().alias(),
                    "The key before it is not retired yet; rotate again once the pods have rolled.",
                    OpenCraneException.Retry.MAY_HELP,
                    null);
        }
        return entry.withNext(maker.key(owner, entry.current().revision() + 1));
    }

    /**
     * Ends a rotation once the pods have rolled: the old key dies at the gateway and is forgotten.
     *
     * @param owner whose key
     * @param journal where it is recorded
     * @param rolledTo the revision that the pods have rolled to; if the current one is another, nothing is done, because pods may still
     *     use the one before it
     * @throws OpenCraneException from the journal or the gateway; call again
     */
    public void retirePrevious(KeyOwner owner, KeyJournal journal, long rolledTo) {
        retrying(() -> {
            Optional<Entry> entry = journal.read();
            Key old = entry.filter(found -> found.current().revision() == rolledTo)
                    .map(Entry::previous)
                    .orElse(null);
            if (old != null) {
                gateway.deleteKey(old.hash());
                journal.replace(entry.orElseThrow().withoutPrevious());
            }
            return entry;
        });
    }

    /**
     * Kills every key of the tenant at the gateway, then forgets the record. The team stays, and with it what was spent.
     *
     * @param owner whose key
     * @param journal where it is recorded
     * @return whether there was a record
     * @throws OpenCraneException from the journal or the gateway; call again: a record that is still there names a key that may live
     */
    public boolean revoke(KeyOwner owner, KeyJournal journal) {
        return retrying(() -> {
            Optional<Entry> entry = journal.read();
            entry.stream().flatMap(Entry::keys).forEach(key -> gateway.deleteKey(key.hash()));
            deleteKeys(owner, key -> true);
            entry.ifPresent(journal::delete);
            return entry.isPresent();
        });
    }

    /** Brings a record of any state to: live, nothing half made, ceiling agreed. */
    private Entry finish(KeyOwner owner, KeyJournal journal, Entry start, Check check) {
        Entry entry = start;
        if (entry.state() == State.UNMANAGED) {
            return entry; // it could not be taken over, so its ceiling is not ours to set
        }
        if (entry.state() == State.PENDING) {
            entry = finishFirst(owner, journal, entry);
        }
        Key next = entry.next();
        if (next != null) {
            entry = finishNext(owner, journal, entry, next);
        }
        boolean budgetDiffers = !sameAmount(entry.monthlyBudgetUsd(), owner.monthlyBudgetUsd());
        if (budgetDiffers || check == Check.GATEWAY) {
            gateway.ensureTeam(owner.team());
        }
        if (check == Check.GATEWAY) {
            requireKey(owner, journal, entry.current());
        }
        return budgetDiffers ? journal.replace(entry.withBudget(owner.monthlyBudgetUsd())) : entry;
    }

    /** A key that the gateway lost is brought back; a budget or an expiry of its own, which would cut the team's short, goes. */
    private void requireKey(KeyOwner owner, KeyJournal journal, Key key) {
        Optional<KeyState> live = gateway.findKey(key.hash());
        if (live.isEmpty()) {
            gateway.registerKey(registration(owner, key));
            if (forgetUnlessRecorded(journal, key)) {
                throw new OpenCraneException(
                        ErrorCode.CONFLICT,
                        key.alias(),
                        "It was revoked or replaced while it was registered again.",
                        OpenCraneException.Retry.MAY_HELP,
                        null);
            }
        } else if (live.get().ownBudgetUsd() != null
                || live.get().expiresAt() != null
                || live.get().teamId() == null) {
            gateway.placeKey(key.hash(), owner.teamId(), owner.metadata());
        }
    }

    private Entry finishFirst(KeyOwner owner, KeyJournal journal, Entry start) {
        Entry entry = start;
        gateway.ensureTeam(owner.team());
        for (int attempt = 1; !register(owner, entry.current(), attempt); attempt++) {
            entry = journal.replace(entry.withCurrent(KeyMaker.movedOn(owner, entry.current())));
        }
        // Without a record before this one, older keys of the team are of a record that was lost: nobody can use or
        // revoke them. A newer one is of somebody who was faster.
        long revision = entry.current().revision();
        deleteKeys(owner, key -> owner.revisionOf(key.alias()) < revision);
        return recorded(journal, entry.withBudget(owner.monthlyBudgetUsd()).live(), entry.current());
    }

    private Entry recorded(KeyJournal journal, Entry entry, Key registered) {
        try {
            return journal.replace(entry);
        } catch (OpenCraneException e) {
            if (isLostRace(e)) {
                forgetUnlessRecorded(journal, registered);
            }
            throw e;
        }
    }

    /** Somebody revoked or replaced the record while its key was registered: the key must not outlive it. */
    private boolean forgetUnlessRecorded(KeyJournal journal, Key key) {
        boolean recorded = journal.read().stream()
                .flatMap(Entry::keys)
                .anyMatch(kept -> kept.hash().equals(key.hash()));
        if (!recorded) {
            gateway.deleteKey(key.hash());
        }
        return !recorded;
    }

    private Entry finishNext(KeyOwner owner, KeyJournal journal, Entry start, Key prepared) {
        Entry entry = start;
        Key next = prepared;
        for (int attempt = 1; !register(owner, next, attempt); attempt++) {
            next = KeyMaker.movedOn(owner, next);
            entry = journal.replace(entry.withNext(next));
        }
        return recorded(journal, entry.swapped(next), next);
    }

    private static NewKey registration(KeyOwner owner, Key key) {
        return new NewKey(key.secret(), key.alias(), owner.teamId(), owner.metadata());
    }

    /** False when another key has the alias, and it is worth trying the next one. */
    private boolean register(KeyOwner owner, Key key, int attempt) {
        try {
            gateway.registerKey(registration(owner, key));
            return true;
        } catch (OpenCraneException e) {
            if (e.code() != ErrorCode.NAME_TAKEN || attempt == ATTEMPTS) {
                throw e;
            }
            return false;
        }
    }

    private void deleteKeys(KeyOwner owner, Predicate<KeyState> which) {
        gateway.keysOf(owner.teamId()).stream()
                .filter(key -> owner.made(key.metadata()))
                .filter(which)
                .map(KeyState::keyHash)
                .forEach(gateway::deleteKey);
    }

    private static boolean sameAmount(@Nullable BigDecimal one, @Nullable BigDecimal other) {
        return one == null || other == null ? one == other : one.compareTo(other) == 0;
    }

    private static OpenCraneException noKey(KeyOwner owner) {
        return new OpenCraneException(
                ErrorCode.NOT_FOUND, owner.teamId(), "There is no model key to rotate; ensure one first.");
    }

    /** Somebody else wrote the record in between: read it and go on from there. */
    private static <T> T retrying(Supplier<T> operation) {
        for (int attempt = 1; ; attempt++) {
            try {
                return operation.get();
            } catch (OpenCraneException e) {
                if (!isLostRace(e) || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static boolean isLostRace(OpenCraneException e) {
        return e.code() == ErrorCode.ALREADY_EXISTS || e.code() == ErrorCode.CONFLICT;
    }
}
