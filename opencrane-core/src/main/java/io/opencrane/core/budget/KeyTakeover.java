package io.opencrane.core.budget;

import io.opencrane.core.budget.ModelKeyLifecycle.Foreseen;
import io.opencrane.core.budget.ModelKeyLifecycle.Write;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.port.KeyJournal.Entry;
import io.opencrane.core.port.KeyJournal.Key;
import io.opencrane.core.port.KeyJournal.State;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ModelGateway.KeyState;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes over a key that the deployed platform made. The team is there, with its ceiling, before the key loses its own, so there is no
 * moment without one; the record comes last, so a run that was cut begins again.
 */
final class KeyTakeover {
    private final ModelGateway gateway;
    private final KeyMaker maker;

    KeyTakeover(ModelGateway gateway, KeyMaker maker) {
        this.gateway = gateway;
        this.maker = maker;
    }

    Foreseen foresee(KeyOwner owner, Entry entry, long revisionFloor) {
        Optional<KeyState> key = gateway.findKey(entry.current().hash());
        if (key.isEmpty()) {
            return new Foreseen(maker.firstKey(owner, revisionFloor).revision(), Write.REPLACE, true);
        }
        boolean possible = isFree(owner, key.get());
        return new Foreseen(entry.current().revision(), possible ? Write.REPLACE : Write.NONE, possible);
    }

    /** The record afterwards: as it was when there is nothing to take over, or when somebody put the key into another team. */
    Entry of(KeyOwner owner, KeyJournal journal, Entry entry, long revisionFloor) {
        if (entry.state() != State.UNMANAGED) {
            return entry;
        }
        Optional<KeyState> live = gateway.findKey(entry.current().hash());
        if (live.isEmpty()) {
            // Dead, whoever killed it: pods have nothing that works, and only a new key helps them.
            Key fresh = maker.firstKey(owner, revisionFloor);
            return journal.replace(
                    new Entry(State.PENDING, fresh, null, null, owner.monthlyBudgetUsd(), null, entry.version()));
        }
        return isFree(owner, live.get()) ? taken(owner, journal, entry, live.get()) : entry;
    }

    private Entry taken(KeyOwner owner, KeyJournal journal, Entry entry, KeyState live) {
        Key theirs = entry.current();
        gateway.ensureTeam(owner.team());
        gateway.placeKey(theirs.hash(), owner.teamId(), owner.metadata());
        String alias = Stream.of(Objects.requireNonNullElse(live.alias(), ""), theirs.alias())
                .filter(known -> !known.isBlank())
                .findFirst()
                .orElse(owner.alias(theirs.revision())); // by which it is registered again, should it get lost
        return journal.replace(new Entry(
                State.LIVE,
                new Key(theirs.secret(), alias, theirs.revision(), theirs.issuedAt()),
                null,
                null,
                owner.monthlyBudgetUsd(),
                live.spendUsd(),
                entry.version()));
    }

    private static boolean isFree(KeyOwner owner, KeyState key) {
        return key.teamId() == null || key.teamId().equals(owner.teamId());
    }
}
