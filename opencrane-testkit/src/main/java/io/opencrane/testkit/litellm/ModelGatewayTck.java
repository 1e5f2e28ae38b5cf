package io.opencrane.testkit.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ModelGateway.KeyState;
import io.opencrane.core.port.ModelGateway.NewKey;
import io.opencrane.core.port.ModelGateway.Team;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ModelGateway} must do. Extend it, and give it a working gateway; every case uses names of its own, so a shared proxy
 * will do.
 */
public abstract class ModelGatewayTck extends GatewayFleetCases {
    /** For subclasses. */
    protected ModelGatewayTck() {}

    @Test
    void aTeamThatIsNotThereIsEmpty() {
        assertThat(gateway().findTeam(team("none"))).isEmpty();
    }

    @Test
    void aNewTeamIsAsWantedAndSpentNothing() {
        gateway().ensureTeam(team("new", "200"));
        TeamState state = found(team("new"));
        assertThat(state.monthlyBudgetUsd()).isEqualByComparingTo("200");
        assertThat(state.spendUsd()).isZero();
        assertThat(state.blocked()).isFalse();
        assertThat(state.metadata()).containsEntry("tenant", "acme");
    }

    @Test
    void aTeamsSpendResetsMonthly() {
        gateway().ensureTeam(team("resets", "1"));
        Instant reset = Objects.requireNonNull(found(team("resets")).budgetResetAt());
        assertThat(reset).isBetween(Instant.now(), Instant.now().plus(Duration.ofDays(32)));
        assertThat(IntStream.rangeClosed(-12 * 4, 14 * 4)
                        .mapToObj(quarters -> reset.atOffset(ZoneOffset.ofTotalSeconds(quarters * 900))))
                .as("the first of a month, where the gateway is")
                .anyMatch(at -> at.getDayOfMonth() == 1 && at.toLocalTime().equals(LocalTime.MIDNIGHT));
    }

    @Test
    void ensuringATeamTwiceChangesNothing() {
        gateway().ensureTeam(team("twice", "10"));
        TeamState before = found(team("twice"));
        gateway().ensureTeam(team("twice", "10"));
        assertThat(found(team("twice"))).isEqualTo(before);
    }

    @Test
    void aBudgetCanBeRaisedAndLowered() {
        gateway().ensureTeam(team("moves", "10"));
        gateway().ensureTeam(team("moves", "250.50"));
        assertThat(found(team("moves")).monthlyBudgetUsd()).isEqualByComparingTo("250.50");
        gateway().ensureTeam(team("moves", "5"));
        assertThat(found(team("moves")).monthlyBudgetUsd()).isEqualByComparingTo("5");
    }

    @Test
    void anUnlimitedTeamHasNoBudget() {
        gateway().ensureTeam(team("unlimited", null));
        assertThat(found(team("unlimited")).monthlyBudgetUsd()).isNull();
    }

    @Test
    void aZeroBudgetIsNotUnlimited() {
        gateway().ensureTeam(team("zero", "0"));
        assertThat(found(team("zero")).monthlyBudgetUsd()).isNotNull().isZero();
    }

    @Test
    void aBudgetCanBeCleared() {
        gateway().ensureTeam(team("cleared", "10"));
        gateway().ensureTeam(team("cleared", null));
        assertThat(found(team("cleared")).monthlyBudgetUsd()).isNull();
    }

    @Test
    void anUnlimitedTeamCanBeBlockedByZero() {
        gateway().ensureTeam(team("stopped", null));
        gateway().ensureTeam(team("stopped", "0"));
        assertThat(found(team("stopped")).monthlyBudgetUsd()).isNotNull().isZero();
    }

    @Test
    void aNegativeBudgetIsRefused() {
        assertRefused(() -> gateway().ensureTeam(team("negative", "-1")), "monthlyBudgetUsd");
        assertThat(gateway().findTeam(team("negative"))).isEmpty();
    }

    @Test
    void changingATeamKeepsItsSpend() {
        gateway().ensureTeam(team("spender", "10"));
        assumeTrue(spend(team("spender"), new BigDecimal("3.25")), "This gateway cannot be made to spend.");
        gateway().ensureTeam(team("spender", "20"));
        assertThat(found(team("spender")).spendUsd()).isEqualByComparingTo("3.25");
    }

    @Test
    void aTeamsMetadataCanGrow() {
        gateway().ensureTeam(team("meta", "1"));
        gateway()
                .ensureTeam(new Team(team("meta"), "ACME", new BigDecimal("1"), Map.of("tenant", "acme", "more", "x")));
        assertThat(found(team("meta")).metadata())
                .containsEntry("tenant", "acme")
                .containsEntry("more", "x");
    }

    @Test
    void aTeamOfSomebodyElseIsNeverTaken() {
        gateway().ensureTeam(team("meta", "1"));
        assertThatThrownBy(() -> gateway()
                        .ensureTeam(new Team(team("meta"), "ACME", new BigDecimal("9"), Map.of("tenant", "other"))))
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NAME_TAKEN));
        assertThat(found(team("meta")).monthlyBudgetUsd()).isEqualByComparingTo("1");
    }

    @Test
    void aTeamIdMayHoldCharactersThatUrlsEscape() {
        String odd = team("a b&c=d/é+%");
        gateway().ensureTeam(new Team(odd, "odd", null, Map.of()));
        assertThat(found(odd).teamId()).isEqualTo(odd);
    }

    @Test
    void aRegisteredKeyIsFoundByItsHash() {
        NewKey key = registered("finds", 1);
        KeyState state = gateway().findKey(hash(key)).orElseThrow();
        assertThat(state.keyHash()).isEqualTo(hash(key));
        assertThat(state.alias()).isEqualTo(key.alias());
        assertThat(state.teamId()).isEqualTo(key.teamId());
        assertThat(state.blocked()).isFalse();
        assertThat(state.metadata()).containsEntry("revision", "1");
    }

    @Test
    void aRegisteredKeyWorks() {
        NewKey key = registered("works", 1);
        assertThat(isLive(key.secret())).isNotEqualTo(false);
    }

    @Test
    void aKeyThatIsNotThereIsEmpty() {
        assertThat(gateway().findKey("0".repeat(64))).isEmpty();
    }

    @Test
    void registeringAKeyAgainSucceedsAndMakesNoSecondOne() {
        NewKey key = registered("again", 1);
        gateway().registerKey(key);
        assertThat(gateway().keysOf(key.teamId())).extracting(KeyState::keyHash).containsExactly(hash(key));
    }

    @Test
    void aSecondClaimantOfAnAliasGetsNameTaken() {
        NewKey first = registered("claimed", 1);
        NewKey second = new NewKey(secret(), first.alias(), first.teamId(), Map.of());
        assertFails(() -> gateway().registerKey(second), ErrorCode.NAME_TAKEN);
        assertThat(gateway().findKey(hash(second))).isEmpty();
        assertThat(gateway().findKey(hash(first))).isPresent();
    }

    @Test
    void anAliasIsTakenAcrossTeams() {
        NewKey first = registered("one-team", 1);
        gateway().ensureTeam(team("other-team", null));
        NewKey second = new NewKey(secret(), first.alias(), team("other-team"), Map.of());
        assertFails(() -> gateway().registerKey(second), ErrorCode.NAME_TAKEN);
    }

    @Test
    void aKnownKeyUnderAnotherAliasIsAConflict() {
        NewKey first = registered("renamed", 1);
        NewKey renamed = new NewKey(first.secret(), first.alias() + "-x", first.teamId(), Map.of());
        assertFails(() -> gateway().registerKey(renamed), ErrorCode.CONFLICT);
        assertThat(gateway().findKey(hash(first)).orElseThrow().alias()).isEqualTo(first.alias());
    }

    @Test
    void aKeyOfATeamThatIsNotThereIsRefused() {
        NewKey key = key("teamless", 1);
        assertFails(() -> gateway().registerKey(key), ErrorCode.NOT_FOUND);
        assertThat(gateway().findKey(hash(key))).isEmpty();
    }

    @Test
    void aKeyThatCanBeGuessedIsRefused() {
        gateway().ensureTeam(team("weak", null));
        NewKey weak = new NewKey(SecretText.of("sk-1234"), team("weak") + "/1", team("weak"), Map.of());
        assertRefused(() -> gateway().registerKey(weak), "secret");
    }

    @Test
    void aDeletedKeyIsGoneAndItsAliasFree() {
        NewKey key = registered("deleted", 1);
        gateway().deleteKey(hash(key));
        assertThat(gateway().findKey(hash(key))).isEmpty();
        assertThat(isLive(key.secret())).isNotEqualTo(true);
        NewKey next = new NewKey(secret(), key.alias(), key.teamId(), Map.of());
        gateway().registerKey(next);
        assertThat(gateway().findKey(hash(next))).isPresent();
    }

    @Test
    void deletingAKeyThatIsNotThereSucceeds() {
        assertThatCode(() -> gateway().deleteKey("1".repeat(64))).doesNotThrowAnyException();
    }

    @Test
    void deletingAKeyKeepsTheTeamAndItsOtherKeys() {
        NewKey old = registered("rotates", 1);
        NewKey next = registered("rotates", 2);
        gateway().deleteKey(hash(old));
        assertThat(gateway().findTeam(team("rotates"))).isPresent();
        assertThat(gateway().keysOf(team("rotates")))
                .extracting(KeyState::keyHash)
                .containsExactly(hash(next));
    }

    @Test
    void aTeamThatIsNotThereHasNoKeys() {
        assertThat(gateway().keysOf(team("nobody"))).isEmpty();
    }

    @Test
    void aTeamsKeysAreItsOwnAndAllOfThem() {
        registered("neighbour", 1);
        gateway().ensureTeam(team("many", null));
        String[] hashes = IntStream.rangeClosed(1, 103)
                .mapToObj(revision -> registered("many", revision))
                .map(GatewayUnderTest::hash)
                .toArray(String[]::new);
        assertThat(gateway().keysOf(team("many"))).extracting(KeyState::keyHash).containsExactlyInAnyOrder(hashes);
    }

    @Test
    void aWorkingGatewayIsReady() {
        assertThat(gateway().health().isReady()).isTrue();
        assertThat(gateway().health().message()).isNotBlank();
    }
}
