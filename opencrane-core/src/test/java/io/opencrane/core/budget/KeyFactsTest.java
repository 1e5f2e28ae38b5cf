package io.opencrane.core.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.budget.KeyFinding;
import io.opencrane.api.budget.KeyFinding.Kind;
import io.opencrane.api.budget.KeyFinding.Outcome;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.KeyJournal.Entry;
import io.opencrane.core.port.KeyJournal.Key;
import io.opencrane.core.port.KeyJournal.State;
import io.opencrane.core.port.ModelGateway.KeyState;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyFactsTest {
    private static final Instant NOW = Instant.parse("2026-01-20T12:00:00Z");
    private static final Instant FEBRUARY = Instant.parse("2026-02-01T00:00:00Z");
    private static final BigDecimal BUDGET = new BigDecimal("200");
    private static final KeyOwner OWNER = new KeyOwner("team", "acme", BUDGET, Map.of());
    private static final Key KEY = new Key(SecretText.of("sk-secret"), "team/1", 1, NOW);

    private Entry record = new Entry(State.LIVE, KEY, null, null, BUDGET, null, "1");
    private TeamState team = team(BUDGET, "1mo", "50", false, FEBRUARY);
    private KeyState key = key("team", false, null, null);
    private boolean accepted = true;
    private String booked = "50";

    @Test
    void whenAllAgreeThereIsNothingToFind() {
        assertThat(found()).isEmpty();
    }

    @Test
    void amountsAreComparedAsMoneyAndNotAsText() {
        team = team(new BigDecimal("200.00"), "1mo", "50.000", false, FEBRUARY);

        assertThat(found()).isEmpty();
    }

    @Test
    void aTenantWithoutARecordOrWithOneThatWasNeverRegisteredHasNoKey() {
        record = new Entry(State.PENDING, KEY, null, null, BUDGET, null, "1");
        assertThat(found()).containsExactly(Kind.NO_KEY);

        record = null;
        assertThat(found()).contains(Kind.NO_KEY);
    }

    @Test
    void aKeyThatTheGatewayDoesNotKnowIsDead() {
        key = null;
        accepted = false;

        assertThat(found()).containsExactly(Kind.DEAD_KEY);
    }

    @Test
    void whatCutsTheTeamsCeilingShortIsFound() {
        key = key("team", false, BigDecimal.ONE, FEBRUARY);

        assertThat(found()).containsExactly(Kind.OWN_BUDGET, Kind.EXPIRES);
    }

    @Test
    void outOfAnotherTeamAKeyIsNotTakenButIntoOneFromNoneItIs() {
        key = key("other", false, null, null);
        assertThat(facts().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.OTHER_TEAM);
            assertThat(finding.outcome()).isEqualTo(Outcome.NEEDS_A_PERSON);
        });

        key = key(null, false, null, null);
        assertThat(facts().findings())
                .singleElement()
                .extracting(KeyFinding::outcome)
                .isEqualTo(Outcome.REPORTED);
    }

    @Test
    void recordsThatSayYesAndAGatewayThatSaysNoDiffer() {
        accepted = false;

        assertThat(found()).containsExactly(Kind.NOT_ACCEPTED);
    }

    @Test
    void recordsThatSayNoAndAGatewayThatSaysYesDiffer() {
        team = team(BUDGET, "1mo", "50", true, FEBRUARY);
        assertThat(found()).containsExactly(Kind.STILL_ACCEPTED);

        accepted = false;
        assertThat(found()).as("a tenant that is blocked on purpose").isEmpty();
    }

    @Test
    void aBlockedKeyIsSomebodysDecision() {
        key = key("team", true, null, null);
        accepted = false;

        assertThat(found()).containsExactly(Kind.KEY_BLOCKED);
    }

    @Test
    void nullAndZeroAreDifferentBudgets() {
        team = team(BigDecimal.ZERO, "1mo", "50", false, FEBRUARY);
        assertThat(found()).containsExactly(Kind.BUDGET_DIFFERS);

        team = team(null, "1mo", "50", false, FEBRUARY);
        assertThat(facts().findings())
                .singleElement()
                .extracting(KeyFinding::message)
                .asString()
                .contains("Wanted is a budget of 200 USD", "recorded is 200 USD", "enforced is unlimited");
    }

    @Test
    void aBudgetWithoutAPeriodOrWithAnotherOneIsFound() {
        team = team(BUDGET, null, "50", false, null);
        assertThat(found()).containsExactly(Kind.WRONG_PERIOD);

        team = team(BUDGET, "7d", "50", false, FEBRUARY);
        assertThat(found()).containsExactly(Kind.WRONG_PERIOD);
    }

    @Test
    void aResetThatIsLateByMinutesIsLagAndByHoursIsNot() {
        booked = "1"; // of the new month; the counter is still of the old one
        team = team(BUDGET, "1mo", "50", false, NOW.minusSeconds(600));
        assertThat(found()).isEmpty();

        team = team(BUDGET, "1mo", "50", false, NOW.minusSeconds(3 * 3600));
        assertThat(found()).containsExactly(Kind.RESET_OVERDUE);
    }

    @Test
    void countersThatDifferByMoreThanWhatIsOnItsWayAreFound() {
        booked = "49.6";
        assertThat(found()).isEmpty();

        booked = "40";
        assertThat(found()).containsExactly(Kind.SPEND_DISAGREES);
    }

    @Test
    void noFindingShowsAKeyOrItsHash() {
        key = key("other", true, BigDecimal.ONE, FEBRUARY);
        team = null;

        assertThat(facts().findings().toString()).doesNotContain("sk-").doesNotContain(KEY.hash());
        assertThat(facts().toString()).doesNotContain("sk-secret");
    }

    private List<Kind> found() {
        return facts().findings().stream().map(KeyFinding::kind).toList();
    }

    private KeyFacts facts() {
        return new KeyFacts(
                new TenantId("opencrane", "acme"),
                OWNER,
                record,
                team,
                key,
                accepted,
                new SpendReader.Booked(new BigDecimal(booked), new BigDecimal(booked)),
                NOW);
    }

    private static TeamState team(BigDecimal budget, String period, String spent, boolean blocked, Instant resetAt) {
        return new TeamState("team", budget, period, new BigDecimal(spent), blocked, resetAt, Map.of());
    }

    private static KeyState key(String team, boolean blocked, BigDecimal budget, Instant expires) {
        return new KeyState(KEY.hash(), "team/1", team, blocked, budget, BigDecimal.ZERO, expires, Map.of());
    }
}
