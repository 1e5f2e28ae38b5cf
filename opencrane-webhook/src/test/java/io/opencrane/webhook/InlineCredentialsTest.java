package io.opencrane.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class InlineCredentialsTest {
    @Test
    @Timeout(5)
    void manyBeginningsOfATokenDoNotTakeTheSquareOfTheirNumber() {
        assertThat(InlineCredentials.in(Map.of("message", "-eyJ".repeat(16_000)))).isFalse();
    }
}
