package io.opencrane.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TestClockTest {
    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");

    @Test
    void itStandsStillUntilItIsMoved() {
        assertThat(clock.instant()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(clock.advance(Duration.ofMinutes(5))).isEqualTo("2026-01-01T00:05:00Z");
        assertThat(clock.instant()).isEqualTo("2026-01-01T00:05:00Z");
        clock.set(Instant.EPOCH);
        assertThat(clock.instant()).isEqualTo(Instant.EPOCH);
    }

    @Test
    void itDoesNotAdvanceBackwards() {
        assertThatIllegalArgumentException().isThrownBy(() -> clock.advance(Duration.ofSeconds(-1)));
    }
}
