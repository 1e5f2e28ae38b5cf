package io.opencrane.core.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.budget.BudgetEvent;
import io.opencrane.api.budget.BudgetEvent.Kind;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.port.BudgetMark;
import io.opencrane.core.port.ModelGateway.TeamState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdsTest {
    private static final TenantId ACME = new TenantId("opencrane", "acme");
    private static final Instant FEBRUARY = Instant.parse("2026-02-01T00:00:00Z");
    private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-20T00:00:00Z");

    private final Thresholds thresholds = new Thresholds(List.of(100, 80));

    /** Budget 100; what was told last, in this period or in the one before; what is told now. */
    @ParameterizedTest
    @CsvSource({
        "0, , , ",
        "79.99, , , ",
        "80, , NEAR_LIMIT, 80",
        "99.99, , NEAR_LIMIT, 80",
        "100, , EXCEEDED, 100",
        "250, , EXCEEDED, 100",
        "85, 80, , ",
        "100, 80, EXCEEDED, 100",
        "120, 100, , ",
        "90, 100, RECOVERED, 80",
        "10, 100, RECOVERED, 0",
        "10, 0, , ",
        "85, last 80, NEAR_LIMIT, 80",
        "85, last 100, NEAR_LIMIT, 80",
        "100, last 100, EXCEEDED, 100",
        "10, last 80, RECOVERED, 0",
        "10, last 0, , "
    })
    void onlyACrossingIsNewsAndANewPeriodBeginsAnew(String spent, String told, Kind kind, Integer percent) {
        BudgetMark mark = told == null
                ? null
                : new BudgetMark(
                        ACME,
                        Integer.parseInt(told.replace("last ", "")),
                        told.startsWith("last ") ? Instant.parse("2026-01-01T00:00:00Z") : FEBRUARY);

        Optional<BudgetEvent> news = thresholds.news(ACME, team("100", spent, FEBRUARY), mark, NOW);

        assertThat(news.map(BudgetEvent::kind)).isEqualTo(Optional.ofNullable(kind));
        assertThat(news.map(BudgetEvent::percent)).isEqualTo(Optional.ofNullable(percent));
    }

    @Test
    void aBudgetOfZeroIsSpentFromTheStartAsTheGatewayReckons() {
        assertThat(thresholds.news(ACME, team("0", "0", FEBRUARY), null, NOW))
                .get()
                .extracting(BudgetEvent::kind)
                .isEqualTo(Kind.EXCEEDED);
    }

    @Test
    void anUnlimitedBudgetIsNeverNearItsLimitAndLiftingABudgetIsARecovery() {
        assertThat(thresholds.news(ACME, team(null, "1000000", null), null, NOW))
                .isEmpty();
        assertThat(thresholds.news(ACME, team(null, "100", FEBRUARY), new BudgetMark(ACME, 100, FEBRUARY), NOW))
                .get()
                .extracting(BudgetEvent::kind)
                .isEqualTo(Kind.RECOVERED);
    }

    @Test
    void anEventTellsWhatAnAlertNeeds() {
        assertThat(thresholds.news(ACME, team("200", "170.5", MARCH), null, NOW))
                .contains(new BudgetEvent(
                        ACME, Kind.NEAR_LIMIT, 80, new BigDecimal("170.5"), new BigDecimal("200"), MARCH, NOW));
    }

    private static TeamState team(String budget, String spent, Instant resetAt) {
        return new TeamState(
                "team",
                budget == null ? null : new BigDecimal(budget),
                "1mo",
                new BigDecimal(spent),
                false,
                resetAt,
                Map.of());
    }
}
