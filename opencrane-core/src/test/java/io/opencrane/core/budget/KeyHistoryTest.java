package io.opencrane.core.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.budget.ModelKeyMetadata;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.audit.AfterChange;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.KeyJournal.Entry;
import io.opencrane.core.port.KeyJournal.Key;
import io.opencrane.core.port.KeyJournal.State;
import io.opencrane.core.support.InMemoryProjection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class KeyHistoryTest {
    private static final TenantId ACME = new TenantId("opencrane", "acme");

    private final InMemoryProjection projection = new InMemoryProjection();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-10T00:00:00Z"));
    private final KeyHistory history = new KeyHistory(new AfterChange(projection, now::get), now::get);

    @Test
    void anEndThatNobodyToldOfKeepsTheTimeAtWhichItWasFirstSeen() {
        history.record(ACME, () -> Optional.of(key(1)), "key.ensure");
        Instant seen = now.updateAndGet(then -> then.plus(Duration.ofDays(1)));
        history.read(ACME, () -> Optional.of(key(2)));
        now.updateAndGet(then -> then.plus(Duration.ofDays(1)));

        List<ModelKeyMetadata> keys = history.read(ACME, () -> Optional.of(key(2)));

        assertThat(keys).extracting(ModelKeyMetadata::keyAlias).containsExactly("team/2", "team/1");
        assertThat(keys.get(0).revokedAt()).isNull();
        assertThat(keys.get(1).revokedAt()).isEqualTo(seen);
    }

    @Test
    void aKeyThatIsRotatedInWhileTheHistoryIsWrittenIsNotTakenForEnded() {
        history.record(ACME, () -> Optional.of(key(1)), "key.ensure");

        history.record(
                ACME,
                () -> {
                    // Another host's rotation, recorded after this one has read what is known.
                    history.record(ACME, () -> Optional.of(key(2)), "key.rotate");
                    return Optional.of(key(2));
                },
                "key.ensure");

        assertThat(projection.keys)
                .filteredOn(key -> key.keyAlias().equals("team/2"))
                .singleElement()
                .extracting(ModelKeyMetadata::revokedAt)
                .isNull();
    }

    @Test
    void nothingIsWrittenOrAuditedTwice() {
        history.record(ACME, () -> Optional.of(key(1)), "key.ensure");
        history.record(ACME, () -> Optional.of(key(1)), "key.ensure");

        assertThat(projection.log).extracting(AuditEntry::action).containsExactly("key.ensure");
    }

    @Test
    void aProjectionThatIsDownIsPendingAndTheRecordsKeysAreToldAllTheSame() {
        projection.down = new IllegalStateException("down");

        assertThat(history.record(ACME, () -> Optional.of(key(1)), "key.ensure"))
                .isEqualTo(ProjectionOutcome.PENDING);
        assertThat(history.read(ACME, () -> Optional.of(key(1)))).hasSize(1);
    }

    private static Entry key(long revision) {
        Key key = new Key(
                SecretText.of("sk-" + revision),
                "team/" + revision,
                revision,
                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(revision));
        return new Entry(State.LIVE, key, null, null, null, null, "1");
    }
}
