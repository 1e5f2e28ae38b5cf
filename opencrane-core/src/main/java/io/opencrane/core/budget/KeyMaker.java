package io.opencrane.core.budget;

import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.KeyJournal.Entry;
import io.opencrane.core.port.KeyJournal.Key;
import io.opencrane.core.port.ModelGateway;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.function.Supplier;

/** Makes keys: their secrets, their revisions and the aliases that follow from these. */
final class KeyMaker {
    private static final int BYTES = 24;

    private final ModelGateway gateway;
    private final InstantSource clock;
    private final Supplier<SecretText> newSecret;

    KeyMaker(ModelGateway gateway, InstantSource clock, Supplier<SecretText> newSecret) {
        this.gateway = gateway;
        this.clock = clock;
        this.newSecret = newSecret;
    }

    static KeyMaker random(ModelGateway gateway, InstantSource clock) {
        SecureRandom random = new SecureRandom();
        return new KeyMaker(gateway, clock, () -> {
            byte[] bytes = new byte[BYTES];
            random.nextBytes(bytes);
            return SecretText.of("sk-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
        });
    }

    Key key(KeyOwner owner, long revision) {
        return new Key(
                newSecret.get(),
                owner.alias(revision),
                revision,
                clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    /** A key of a revision that neither pods have seen nor the gateway has an alias of. */
    Key firstKey(KeyOwner owner, long revisionFloor) {
        long used = gateway.keysOf(owner.teamId()).stream()
                .mapToLong(key -> owner.revisionOf(key.alias()))
                .max()
                .orElse(0);
        return key(owner, Math.max(revisionFloor, used) + 1);
    }

    Entry firstEntry(KeyOwner owner, long revisionFloor) {
        return Entry.pending(firstKey(owner, revisionFloor), owner.monthlyBudgetUsd());
    }

    /** The same secret under the next alias: a foreign key holds this one. */
    static Key movedOn(KeyOwner owner, Key key) {
        long revision = key.revision() + 1;
        return new Key(key.secret(), owner.alias(revision), revision, key.issuedAt());
    }
}
