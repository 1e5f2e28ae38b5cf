package io.opencrane.testkit.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.ModelGateway.KeyState;
import io.opencrane.core.port.ModelGateway.ModelUsage;
import io.opencrane.core.port.ModelGateway.NewKey;
import io.opencrane.core.port.ModelGateway.Team;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The half of {@link ModelGatewayTck} about fleets and existing installs: lists, blocks, deletions, keys of others, usage. */
abstract class GatewayFleetCases extends GatewayUnderTest {
    private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);

    @Test
    void teamsAreListedByTheirMetadataAndAllOfThem() {
        Map<String, String> ours = Map.of("fleet", team("fleet"));
        String[] ids = IntStream.rangeClosed(1, 103)
                .mapToObj(number -> team("fleet-" + number))
                .toArray(String[]::new);
        for (String id : ids) {
            gateway().ensureTeam(new Team(id, id, new BigDecimal("7"), ours));
        }
        gateway().ensureTeam(team("fleet-stranger", null));

        assertThat(gateway().teams(ours)).extracting(TeamState::teamId).containsExactlyInAnyOrder(ids);
        assertThat(gateway().teams(ours)).contains(found(ids[0]));
        assertThat(gateway().teams(Map.of("fleet", "none"))).isEmpty();
    }

    @Test
    void keysAreListedByTheirMetadataWhateverTheirTeam() {
        gateway().ensureTeam(team("here", null));
        gateway().ensureTeam(team("there", null));
        Map<String, String> ours = Map.of("fleet", team("keys"));
        NewKey here = new NewKey(secret(), team("here") + "/1", team("here"), ours);
        NewKey there = new NewKey(secret(), team("there") + "/1", team("there"), ours);
        gateway().registerKey(here);
        gateway().registerKey(there);
        registered("here", 2);

        assertThat(gateway().keys(ours))
                .containsExactlyInAnyOrder(
                        gateway().findKey(hash(here)).orElseThrow(),
                        gateway().findKey(hash(there)).orElseThrow());
    }

    @Test
    void aTeamTellsThePeriodOfItsBudgetAndAKeyThatItHasNone() {
        NewKey key = registered("plain", 1);

        assertThat(found(team("plain")).budgetPeriod()).isNotBlank();
        KeyState state = gateway().findKey(hash(key)).orElseThrow();
        assertThat(state.ownBudgetUsd()).isNull();
        assertThat(state.expiresAt()).isNull();
        assertThat(state.spendUsd()).isZero();
    }

    @Test
    void aTeamIsBlockedAndLetWorkAgain() {
        NewKey key = registered("blocked", 1);
        BigDecimal before = found(team("blocked")).monthlyBudgetUsd();

        for (int i = 0; i < 2; i++) {
            gateway().blockTeam(team("blocked"), true);
            assertThat(found(team("blocked")).blocked()).isTrue();
            assertThat(gateway().accepts(key.secret())).isFalse();
        }
        assertThat(gateway().keysOf(team("blocked"))).hasSize(1);
        assertThat(found(team("blocked")).monthlyBudgetUsd()).isEqualTo(before);

        gateway().blockTeam(team("blocked"), false);
        assertThat(found(team("blocked")).blocked()).isFalse();
        assertThat(gateway().accepts(key.secret())).isTrue();
    }

    @Test
    void ensuringATeamDoesNotUnblockIt() {
        gateway().ensureTeam(team("stays-blocked", "1"));
        gateway().blockTeam(team("stays-blocked"), true);
        gateway().ensureTeam(team("stays-blocked", "2"));

        assertThat(found(team("stays-blocked")).blocked()).isTrue();
    }

    @Test
    void aTeamThatIsNotThereCannotBeBlocked() {
        assertFails(() -> gateway().blockTeam(team("unmade"), true), ErrorCode.NOT_FOUND);
        assertThat(gateway().findTeam(team("unmade"))).isEmpty();
    }

    @Test
    void aDeletedTeamIsGoneWithItsKeysAndNoOthers() {
        NewKey key = registered("ends", 1);
        NewKey other = registered("goes-on", 1);

        gateway().deleteTeam(team("ends"));

        assertThat(gateway().findTeam(team("ends"))).isEmpty();
        assertThat(gateway().findKey(hash(key))).isEmpty();
        assertThat(gateway().accepts(key.secret())).isFalse();
        assertThat(gateway().findKey(hash(other))).isPresent();
        assertThat(gateway().findTeam(team("goes-on"))).isPresent();
    }

    @Test
    void deletingATeamThatIsNotThereSucceeds() {
        assertThatCode(() -> gateway().deleteTeam(team("never"))).doesNotThrowAnyException();
    }

    @Test
    void aKeyIsLetInFromItsRegistrationToItsDeletion() {
        gateway().ensureTeam(team("door", null));
        NewKey key = key("door", 1);
        assertThat(gateway().accepts(key.secret())).isFalse();
        gateway().registerKey(key);
        assertThat(gateway().accepts(key.secret())).isTrue();
        gateway().deleteKey(hash(key));
        assertThat(gateway().accepts(key.secret())).isFalse();
    }

    @Test
    void aForeignKeyIsPlacedUnderTheTeamsCeiling() {
        SecretText secret = foreign("placed");
        KeyState before = gateway().findKey(ProxyState.sha256(secret.reveal())).orElseThrow();
        assertThat(before.ownBudgetUsd()).isEqualByComparingTo("10");
        assertThat(before.expiresAt()).isNotNull();
        gateway().ensureTeam(team("placed", "50"));

        for (int i = 0; i < 2; i++) {
            gateway().placeKey(before.keyHash(), team("placed"), Map.of("placed", "yes"));
            KeyState after = gateway().findKey(before.keyHash()).orElseThrow();
            assertThat(after.teamId()).isEqualTo(team("placed"));
            assertThat(after.ownBudgetUsd()).isNull();
            assertThat(after.expiresAt()).isNull();
            assertThat(after.alias()).isEqualTo(before.alias());
            assertThat(after.spendUsd()).isEqualByComparingTo(before.spendUsd());
            assertThat(after.metadata()).containsEntry("tenant", "acme").containsEntry("placed", "yes");
        }
        assertThat(gateway().accepts(secret)).isTrue();
        assertThat(gateway().keysOf(team("placed"))).hasSize(1);
    }

    @Test
    void aKeyOfAnotherTeamIsNotMoved() {
        NewKey key = registered("owner", 1);
        gateway().ensureTeam(team("taker", null));

        assertFails(() -> gateway().placeKey(hash(key), team("taker"), Map.of("x", "y")), ErrorCode.CONFLICT);

        KeyState state = gateway().findKey(hash(key)).orElseThrow();
        assertThat(state.teamId()).isEqualTo(team("owner"));
        assertThat(state.metadata()).doesNotContainKey("x");
    }

    @Test
    void aKeyIsNotPutIntoATeamThatIsNotThere() {
        NewKey key = registered("placeless", 1);

        assertFails(() -> gateway().placeKey("2".repeat(64), team("placeless"), Map.of()), ErrorCode.NOT_FOUND);
        assertFails(() -> gateway().placeKey(hash(key), team("nowhere"), Map.of()), ErrorCode.NOT_FOUND);

        assertThat(gateway().findKey(hash(key)).orElseThrow().teamId()).isEqualTo(team("placeless"));
    }

    @Test
    void usageIsSummedByModelOfTheTeamOnly() {
        NewKey first = registered("uses", 1);
        NewKey second = registered("uses", 2);
        NewKey other = registered("uses-else", 1);
        assumeTrue(call(first.secret(), "small", new BigDecimal("0.25")), "This gateway cannot be made to sell calls.");
        call(first.secret(), "small", new BigDecimal("0.5"));
        call(second.secret(), "small", new BigDecimal("1"));
        call(second.secret(), "large", new BigDecimal("4"));
        call(other.secret(), "small", new BigDecimal("100"));

        assertThat(gateway().usage(team("uses"), TODAY.minusDays(1), TODAY.plusDays(1)))
                .usingElementComparator((one, two) -> one.model().equals(two.model())
                                && one.costUsd().compareTo(two.costUsd()) == 0
                                && one.requests() == two.requests()
                        ? 0
                        : 1)
                .containsExactlyInAnyOrder(
                        new ModelUsage("small", new BigDecimal("1.75"), 3),
                        new ModelUsage("large", new BigDecimal("4"), 1));
        assertThat(gateway().usage(team("uses"), TODAY.minusDays(40), TODAY.minusDays(9)))
                .isEmpty();
    }

    @Test
    void whatWasNotSpentIsNoUsage() {
        registered("idle", 1);

        assertThat(gateway().usage(team("idle"), TODAY, TODAY)).isEmpty();
        assertThat(gateway().usage(team("idle-too"), TODAY, TODAY)).isEmpty();
    }

    @Test
    void theSourceOfSpendIsNamed() {
        assertThat(gateway().spendSource()).isNotBlank();
    }

    private SecretText foreign(String name) {
        SecretText key = foreignKey(team(name) + "/foreign");
        assumeTrue(key != null, "There are no keys of others at this gateway.");
        return Objects.requireNonNull(key);
    }
}
