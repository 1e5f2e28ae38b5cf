package io.opencrane.core.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.budget.ModelKeyLifecycle.Check;
import io.opencrane.core.budget.ModelKeyLifecycle.Ensured;
import io.opencrane.core.budget.ModelKeyLifecycle.Foreseen;
import io.opencrane.core.budget.ModelKeyLifecycle.Write;
import io.opencrane.core.port.KeyJournal;
import io.opencrane.core.port.KeyJournal.Entry;
import io.opencrane.core.port.KeyJournal.State;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ModelGateway.KeyState;
import io.opencrane.core.port.ModelGateway.NewKey;
import io.opencrane.core.support.InMemoryJournal;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

class ModelKeyLifecycleTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
    private static final KeyOwner OWNER = owner("200");

    private final InMemoryGateway gateway = new InMemoryGateway();
    private final InMemoryJournal journal = new InMemoryJournal();
    private final AtomicInteger made = new AtomicInteger();
    private final ModelKeyLifecycle lifecycle = lifecycle(gateway);

    private static KeyOwner owner(String budget) {
        return new KeyOwner(
                "oc-i-opencrane-acme",
                "acme",
                budget == null ? null : new BigDecimal(budget),
                Map.of("opencrane_instance", "i"));
    }

    private ModelKeyLifecycle lifecycle(ModelGateway through) {
        return new ModelKeyLifecycle(
                through, new KeyMaker(through, CLOCK, () -> SecretText.of("sk-" + made.incrementAndGet())));
    }

    private Ensured ensure() {
        return lifecycle.ensure(OWNER, journal, 0, Check.RECORD);
    }

    @Test
    void theFirstEnsureRecordsOneLiveKeyOfRevisionOne() {
        Ensured key = ensure();

        assertThat(key.revision()).isEqualTo(1);
        assertThat(key.alias()).isEqualTo("oc-i-opencrane-acme/1");
        assertExactlyOneLiveKey();
        assertThat(gateway.teams.get(OWNER.teamId()).monthlyBudgetUsd()).isEqualByComparingTo("200");
    }

    @Test
    void anUnchangedKeyCostsTheGatewayNothing() {
        ensure();
        CutWire wire = new CutWire(0, false);

        new ModelKeyLifecycle(wire.through(ModelGateway.class, gateway), CLOCK).ensure(OWNER, journal, 1, Check.RECORD);

        assertThat(wire.calls).isZero();
    }

    @Test
    void aChangedBudgetUpdatesTheTeamAndKeepsTheKey() {
        Ensured before = ensure();

        Ensured after = lifecycle.ensure(owner("300"), journal, 1, Check.RECORD);

        assertThat(after.revision()).isEqualTo(before.revision());
        assertThat(gateway.teams.get(OWNER.teamId()).monthlyBudgetUsd()).isEqualByComparingTo("300");
        assertThat(journal.stored.monthlyBudgetUsd()).isEqualByComparingTo("300");
    }

    @Test
    void aClearedBudgetIsUnlimitedAndNotZero() {
        ensure();

        lifecycle.ensure(owner(null), journal, 1, Check.RECORD);
        assertThat(gateway.teams.get(OWNER.teamId()).monthlyBudgetUsd()).isNull();

        lifecycle.ensure(owner("0"), journal, 1, Check.RECORD);
        assertThat(gateway.teams.get(OWNER.teamId()).monthlyBudgetUsd()).isEqualByComparingTo("0");
    }

    @Test
    void askingTheGatewayBringsBackAKeyItLost() {
        ensure();
        gateway.keys.clear();

        assertThat(lifecycle.ensure(OWNER, journal, 1, Check.GATEWAY).revision())
                .isEqualTo(1);
        assertExactlyOneLiveKey();
    }

    @Test
    void aLostRecordGetsANewKeyOfAHigherRevisionAndTheOldKeyDies() {
        ensure();
        journal.stored = null;

        assertThat(ensure().revision()).isEqualTo(2);
        assertExactlyOneLiveKey();
    }

    @Test
    void theRevisionNeverFallsBelowWhatPodsHaveSeen() {
        assertThat(lifecycle.ensure(OWNER, journal, 7, Check.RECORD).revision()).isEqualTo(8);
    }

    @Test
    void anAliasThatAForeignKeyHoldsIsPassedOver() {
        gateway.keys.put(
                "foreign",
                new KeyState(
                        "foreign", "oc-i-opencrane-acme/1", "elsewhere", false, null, BigDecimal.ZERO, null, Map.of()));

        assertThat(ensure().revision()).isEqualTo(2);
        assertThat(gateway.keys).containsKey("foreign");
    }

    @Test
    void aGatewayThatRefusesEveryAliasIsAnErrorAndNotALoop() {
        ModelGateway refusing = new CutWire(0, false).through(ModelGateway.class, gateway);
        for (int revision = 1; revision < 20; revision++) {
            gateway.keys.put(
                    "f" + revision,
                    new KeyState(
                            "f" + revision,
                            OWNER.alias(revision),
                            "elsewhere",
                            false,
                            null,
                            BigDecimal.ZERO,
                            null,
                            Map.of()));
        }

        assertThatThrownBy(() -> lifecycle(refusing).ensure(OWNER, journal, 0, Check.RECORD))
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NAME_TAKEN));
    }

    @Test
    void rotationKeepsBothKeysAliveUntilTheOldOneIsRetired() {
        Ensured before = ensure();

        Ensured rotated = lifecycle.rotate(OWNER, journal, before.revision());
        assertThat(rotated.revision()).isEqualTo(2);
        assertThat(rotated.retiring()).isTrue();
        assertThat(gateway.keys).hasSize(2).containsKey(journal.stored.current().hash());

        lifecycle.retirePrevious(OWNER, journal, 2);
        assertExactlyOneLiveKey();
        assertThat(journal.stored.previous()).isNull();
    }

    @Test
    void rotatingARevisionThatIsGoneAlreadyChangesNothing() {
        Ensured before = ensure();
        Ensured rotated = lifecycle.rotate(OWNER, journal, before.revision());

        assertThat(lifecycle.rotate(OWNER, journal, before.revision())).isEqualTo(rotated);
    }

    @Test
    void rotatingAgainBeforeThePodsRolledIsRefused() {
        Ensured rotated = lifecycle.rotate(OWNER, journal, ensure().revision());

        assertThatThrownBy(() -> lifecycle.rotate(OWNER, journal, rotated.revision()))
                .isInstanceOfSatisfying(OpenCraneException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.IN_USE);
                    assertThat(e.isRetryable()).isTrue();
                });
    }

    @Test
    void aRetiringThatComesLateLeavesTheKeyThatANewerRotationStillNeeds() {
        lifecycle.rotate(OWNER, journal, ensure().revision());

        lifecycle.retirePrevious(OWNER, journal, 1);

        assertThat(gateway.keys).hasSize(2);
        assertThat(journal.stored.previous()).isNotNull();
    }

    @Test
    void aKeyRegisteredWhileItsRecordWasRevokedAndMadeAnewDoesNotOutliveIt() {
        KeyJournal slow = new KeyJournal() {
            private boolean overtaken;

            @Override
            public Optional<Entry> read() {
                return journal.read();
            }

            @Override
            public Entry create(Entry entry) {
                return journal.create(entry);
            }

            @Override
            public Entry replace(Entry entry) {
                if (!overtaken) {
                    overtaken = true;
                    lifecycle.revoke(OWNER, journal);
                    ensure();
                    // and what the slow one had registered already comes back to life, as if its call had been under
                    // way
                    gateway.registerKey(
                            new NewKey(entry.current().secret(), OWNER.alias(99), OWNER.teamId(), OWNER.metadata()));
                }
                return journal.replace(entry);
            }

            @Override
            public void delete(Entry entry) {
                journal.delete(entry);
            }
        };

        lifecycle.ensure(OWNER, slow, 0, Check.RECORD);

        assertExactlyOneLiveKey();
    }

    @Test
    void aKeyThatIsRevokedWhileItIsRegisteredAgainStaysRevoked() {
        ensure();
        gateway.keys.clear();
        ModelGateway slow = whenRegistering(() -> lifecycle.revoke(OWNER, journal));

        lifecycle(slow).ensure(OWNER, journal, 1, Check.GATEWAY);

        assertThat(journal.stored.current().secret().reveal()).as("a new one").isEqualTo("sk-2");
        assertExactlyOneLiveKey();
    }

    @Test
    void aKeyThatIsRevokedWhileItIsMadeReadyDoesNotOutliveItsRecord() {
        ensure();
        ModelGateway slow = whenRegistering(() -> lifecycle.revoke(OWNER, journal));

        assertThatThrownBy(() -> lifecycle(slow).rotate(OWNER, journal, 1))
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));

        assertThat(journal.stored).isNull();
        assertThat(gateway.keys).isEmpty();
    }

    /** Somebody else does something after the record was read and right before the gateway registers a key. */
    private ModelGateway whenRegistering(Runnable overtaking) {
        AtomicBoolean overtaken = new AtomicBoolean();
        return (ModelGateway) Proxy.newProxyInstance(
                ModelGateway.class.getClassLoader(), new Class<?>[] {ModelGateway.class}, (proxy, method, args) -> {
                    if (method.getName().equals("registerKey") && !overtaken.getAndSet(true)) {
                        overtaking.run();
                    }
                    return method.invoke(gateway, args);
                });
    }

    @Test
    void whatIsForeseenIsWhatEnsureDoesAndWritesNothing() {
        assertThat(lifecycle.foresee(OWNER, journal, 3)).isEqualTo(new Foreseen(4, Write.CREATE, true));
        assertThat(journal.stored).isNull();
        assertThat(gateway.keys).isEmpty();

        assertThat(lifecycle.ensure(OWNER, journal, 3, Check.RECORD).revision()).isEqualTo(4);

        assertThat(lifecycle.foresee(OWNER, journal, 3)).isEqualTo(new Foreseen(4, Write.NONE, true));
        KeyOwner richer = new KeyOwner(OWNER.teamId(), OWNER.displayName(), new BigDecimal("999"), OWNER.metadata());
        assertThat(lifecycle.foresee(richer, journal, 3)).isEqualTo(new Foreseen(4, Write.REPLACE, true));
    }

    @Test
    void aKeyOfThePlatformsMakingIsTakenOverWithoutANewOne() {
        platformKey("sk-platform", null);

        Foreseen foreseen = lifecycle.foresee(OWNER, journal, 0);
        Ensured used = ensure();

        assertThat(foreseen).isEqualTo(new Foreseen(0, Write.REPLACE, true));
        assertThat(used.managed()).isTrue();
        assertThat(used.revision()).as("no pod rolls").isZero();
        assertThat(used.alias()).isEqualTo("tenant-acme");
        assertThat(used.spentBeforeUsd()).isEqualByComparingTo("12.34");
        assertThat(gateway.registrations).isZero();
        assertThat(gateway.keys.get(journal.stored.current().hash())).satisfies(key -> {
            assertThat(key.teamId()).isEqualTo(OWNER.teamId());
            assertThat(key.ownBudgetUsd()).isNull();
            assertThat(key.metadata()).containsAllEntriesOf(OWNER.metadata());
        });
        assertExactlyOneLiveKey();
        assertThat(lifecycle.foresee(OWNER, journal, 0)).isEqualTo(new Foreseen(0, Write.NONE, true));
    }

    @Test
    void aKeyOfThePlatformsMakingWithoutAnAliasCanBeRegisteredAgainToo() {
        platformKey("sk-platform", null);
        Entry theirs = journal.stored;
        String hash = theirs.current().hash();
        KeyState known = gateway.keys.get(hash);
        gateway.keys.put(
                hash,
                new KeyState(hash, null, null, false, known.ownBudgetUsd(), known.spendUsd(), null, known.metadata()));
        journal.stored = new Entry(
                State.UNMANAGED,
                new KeyJournal.Key(theirs.current().secret(), "", 0, CLOCK.instant()),
                null,
                null,
                null,
                null,
                theirs.version());
        ensure();
        gateway.keys.clear();

        Ensured again = lifecycle.ensure(OWNER, journal, 0, Check.GATEWAY);

        assertThat(again.alias()).isEqualTo(OWNER.alias(0));
        assertExactlyOneLiveKey();
    }

    @Test
    void aTakeoverCutAnywhereEndsWithTheSameKey() {
        int points = cutEverywhere(
                () -> platformKey("sk-platform", null), (l, j) -> l.ensure(OWNER, j, 0, Check.RECORD), () -> {
                    assertExactlyOneLiveKey();
                    assertThat(journal.stored.current().secret().reveal()).isEqualTo("sk-platform");
                });

        assertThat(points).isEqualTo(10);
    }

    @Test
    void aKeyOfThePlatformsMakingThatIsDeadIsReplaced() {
        platformKey("sk-platform", null);
        gateway.keys.clear();

        assertThat(lifecycle.foresee(OWNER, journal, 0)).isEqualTo(new Foreseen(1, Write.REPLACE, true));
        assertThat(ensure().revision()).isEqualTo(1);
        assertThat(journal.stored.current().secret().reveal()).isNotEqualTo("sk-platform");
        assertExactlyOneLiveKey();
    }

    @Test
    void aKeyThatSomebodyPutIntoAnotherTeamIsUsedAsItIs() {
        platformKey("sk-platform", "research");

        Ensured used = lifecycle.ensure(owner("999"), journal, 0, Check.GATEWAY);

        assertThat(used.managed()).isFalse();
        assertThat(gateway.teams).isEmpty();
        assertThat(journal.stored.state()).isEqualTo(State.UNMANAGED);
        assertThat(lifecycle.foresee(owner("999"), journal, 0)).isEqualTo(new Foreseen(0, Write.NONE, false));
        assertThatThrownBy(() -> lifecycle.rotate(OWNER, journal, 0)).hasMessageContaining("another team");
    }

    @Test
    void aKeyThatWasTakenOverCanBeRotated() {
        platformKey("sk-platform", null);
        ensure();

        Ensured rotated = lifecycle.rotate(OWNER, journal, 0);

        assertThat(rotated.revision()).isEqualTo(1);
        assertThat(rotated.spentBeforeUsd()).isNull();
        assertThat(gateway.keys).hasSize(2);
        lifecycle.retirePrevious(OWNER, journal, 1);
        assertExactlyOneLiveKey();
    }

    @Test
    void askingTheGatewayTakesABudgetOfItsOwnFromAKey() {
        ensure();
        String hash = journal.stored.current().hash();
        KeyState key = gateway.keys.get(hash);
        gateway.keys.put(
                hash,
                new KeyState(
                        hash, key.alias(), key.teamId(), false, BigDecimal.ONE, BigDecimal.ZERO, null, key.metadata()));

        lifecycle.ensure(OWNER, journal, 0, Check.GATEWAY);

        assertThat(gateway.keys.get(hash).ownBudgetUsd()).isNull();
    }

    /** As the deployed platform leaves it: a budget of its own, no team, and a Secret that marks nothing. */
    private void platformKey(String raw, String team) {
        SecretText secret = SecretText.of(raw);
        String hash = KeyJournal.hash(secret);
        gateway.keys.put(
                hash,
                new KeyState(
                        hash,
                        "tenant-acme",
                        team,
                        false,
                        new BigDecimal("50"),
                        new BigDecimal("12.34"),
                        null,
                        Map.of("made_by", "platform")));
        KeyJournal.Key key = new KeyJournal.Key(secret, "tenant-acme", 0, CLOCK.instant());
        journal.stored = new Entry(State.UNMANAGED, key, null, null, new BigDecimal("50"), null, "v1");
    }

    @Test
    void revokingKillsEveryKeyAndForgetsTheRecordButKeepsTheTeam() {
        lifecycle.rotate(OWNER, journal, ensure().revision());

        assertThat(lifecycle.revoke(OWNER, journal)).isTrue();
        assertThat(gateway.keys).isEmpty();
        assertThat(journal.stored).isNull();
        assertThat(gateway.teams).containsKey(OWNER.teamId());
        assertThat(lifecycle.revoke(OWNER, journal)).isFalse();
    }

    @Test
    void keysOfAnotherTenantWhoseTeamHasTheSameIdAreLeftAlone() {
        KeyState others = new KeyState(
                "other",
                "elsewhere/1",
                OWNER.teamId(),
                false,
                null,
                BigDecimal.ZERO,
                null,
                Map.of("opencrane_instance", "j"));
        gateway.keys.put("other", others);

        ensure();
        lifecycle.revoke(OWNER, journal);

        assertThat(gateway.keys).containsOnlyKeys("other");
    }

    @Test
    void noKeyShowsInTheTextOfARecord() {
        ensure();

        assertThat(journal.stored.toString()).doesNotContain("sk-");
    }

    @Test
    void ensureCutAnywhereEndsWithTheOneRecordedKey() {
        int points = cutEverywhere(() -> {}, (l, j) -> l.ensure(OWNER, j, 0, Check.RECORD), () -> {
            assertExactlyOneLiveKey();
            assertThat(journal.stored.current().revision()).isEqualTo(1);
        });

        assertThat(points).isEqualTo(14);
    }

    @Test
    void rotateAndRetireCutAnywhereEndWithOneKeyOneRevisionOn() {
        BiConsumer<ModelKeyLifecycle, KeyJournal> rotation = (l, j) -> {
            l.rotate(OWNER, j, 1);
            assertThat(gateway.keys)
                    .as("the current key works")
                    .containsKey(journal.stored.current().hash());
            l.retirePrevious(OWNER, j, 2);
        };

        int points = cutEverywhere(this::ensure, rotation, () -> {
            assertExactlyOneLiveKey();
            assertThat(journal.stored.current().revision()).isEqualTo(2);
        });

        assertThat(points).isEqualTo(14);
    }

    @Test
    void revokeCutAnywhereEndsWithoutAnyKey() {
        int points = cutEverywhere(
                () -> lifecycle.rotate(OWNER, journal, ensure().revision()), (l, j) -> l.revoke(OWNER, j), () -> {
                    assertThat(gateway.keys).isEmpty();
                    assertThat(journal.stored).isNull();
                });

        assertThat(points).isEqualTo(10);
    }

    /** Cuts the operation at every outside call, before and after its effect, runs it again, and checks the end. */
    private int cutEverywhere(Runnable given, BiConsumer<ModelKeyLifecycle, KeyJournal> operation, Runnable then) {
        int points = 0;
        for (boolean afterEffect : new boolean[] {false, true}) {
            for (int k = 1; ; k++) {
                gateway.keys.clear();
                gateway.teams.clear();
                journal.stored = null;
                given.run();
                if (!cutAt(k, afterEffect, operation)) {
                    break;
                }
                points++;
                operation.accept(lifecycle, journal);
                then.run();
            }
        }
        return points;
    }

    private boolean cutAt(int k, boolean afterEffect, BiConsumer<ModelKeyLifecycle, KeyJournal> operation) {
        CutWire wire = new CutWire(k, afterEffect);
        try {
            operation.accept(
                    lifecycle(wire.through(ModelGateway.class, gateway)), wire.through(KeyJournal.class, journal));
            return false;
        } catch (CutWire.Cut e) {
            return true;
        }
    }

    private void assertExactlyOneLiveKey() {
        assertThat(journal.stored).extracting(Entry::state).isEqualTo(State.LIVE);
        assertThat(gateway.keys).containsOnlyKeys(journal.stored.current().hash());
        assertThat(gateway.keys.get(journal.stored.current().hash()).alias())
                .isEqualTo(journal.stored.current().alias());
    }
}
