package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.opencrane.api.error.ErrorCode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each shape of LiteLLM's errors means to a caller: E1 to E4 of litellm.md §0, and what proxies answer. */
class FailuresTest {
    private static final String LIST = "GET /v2/team/list";

    private final ScriptedServer server = new ScriptedServer();
    private final LiteLlmGateway gateway =
            server.builder().attempts(1, Duration.ofMillis(1)).build();

    @AfterEach
    void stop() {
        server.close();
    }

    private LiteLlmException failure(int status, String body) {
        server.always(LIST, status, body);
        return (LiteLlmException) catchThrowable(() -> gateway.teams(Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // E1
                "400|{\"error\":{\"message\":\"{'error': 'max_budget cannot be negative.'}\",\"type\":\"internal_server_error\",\"param\":\"None\",\"code\":\"400\"}}|UPSTREAM_ERROR|false|max_budget cannot be negative",
                "400|{\"error\":{\"message\":\"Authentication Error, Not connected to DB!\",\"type\":\"auth_error\"}}|UPSTREAM_ERROR|true|Not connected",
                "400|{\"error\":{\"message\":\"No connected db.\",\"type\":\"no_db_connection\",\"param\":null}}|UPSTREAM_ERROR|true|No connected db",
                "400|{\"error\":{\"message\":\"Budget has been exceeded!\",\"type\":\"budget_exceeded\"}}|UPSTREAM_ERROR|false|A budget is spent",
                "429|{\"error\":{\"message\":\"Budget has been exceeded!\",\"type\":\"budget_exceeded\"}}|UPSTREAM_ERROR|false|A budget is spent",
                "429|{\"error\":{\"message\":\"Rate limit exceeded for api_key: x.\",\"type\":\"None\"}}|UPSTREAM_ERROR|true|Too many requests",
                "500|{\"error\":{\"message\":\"{'error': 'Internal Server Error.'}\",\"type\":\"internal_server_error\"}}|UPSTREAM_ERROR|true|Internal Server Error",
                "500|{\"error\":{\"message\":\"Regenerating Virtual Keys is an Enterprise feature, x\"}}|UPSTREAM_ERROR|false|Enterprise",
                "500|{\"error\":{\"message\":\"Monthly resets currently only support 1 month intervals\"}}|UPSTREAM_ERROR|false|1 month",
                "403|{\"error\":{\"message\":\"{'error': 'This feature is only available'}\"}}|FORBIDDEN|false|only available",
                // E2
                "400|{\"detail\":{\"error\":\"Expired key\"}}|UPSTREAM_ERROR|false|Expired key",
                "500|{\"detail\":{\"error\":\"No db connected. prisma client=None\"}}|UPSTREAM_ERROR|true|No db connected",
                "503|{\"detail\":\"Service Unhealthy (x)\"}|UPSTREAM_ERROR|true|Service Unhealthy",
                // E3
                "422|{\"detail\":[{\"type\":\"int\",\"loc\":[\"query\",\"page\"],\"msg\":\"too small\",\"input\":\"sk-secret\"}]}|UPSTREAM_ERROR|false|query.page: too small",
                // E4 and proxies
                "500|Internal Server Error|UPSTREAM_ERROR|true|(HTTP 500).",
                "502|<html>|UPSTREAM_ERROR|true|(HTTP 502).",
                "504|<html>|TIMEOUT|true|timed out",
                "408||TIMEOUT|true|timed out",
                "413|<html>|PAYLOAD_TOO_LARGE|false|too large",
                "404|<html>|UPSTREAM_ERROR|false|no such route",
                "407||UPSTREAM_ERROR|false|(HTTP 407).",
                "302||UPSTREAM_ERROR|false|redirect"
            })
    void anErrorIsToldByItsMeaning(int status, String body, ErrorCode code, boolean retryable, String part) {
        assertThat(failure(status, body == null ? "" : body)).satisfies(e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.isRetryable()).isEqualTo(retryable);
            assertThat(e.sentence()).contains(part).doesNotContain("sk-secret");
        });
    }

    @Test
    void a401IsBelievedOnlyWhileTheDatabaseIsThereAndNeverQuoted() {
        String quoting = "{\"error\":{\"message\":\"Key Hash (Token) =" + "c0".repeat(32) + "\"}}";
        assertThat(failure(401, quoting)).satisfies(e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
            assertThat(e.isRetryable()).isFalse();
            assertThat(e.getMessage()).doesNotContain("Hash");
        });

        server.databaseIs("disconnected");
        assertThat(failure(401, quoting)).satisfies(e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.UPSTREAM_ERROR);
            assertThat(e.isRetryable()).isTrue();
            assertThat(e.getMessage()).doesNotContain("Hash");
        });
    }
}
