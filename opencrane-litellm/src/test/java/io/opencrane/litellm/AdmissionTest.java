package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.resource.SecretText;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {
    private static final SecretText KEY = SecretText.of("sk-TENANTtenantTENANTtenant");
    private static final String QUOTING =
            "{\"error\":{\"message\":\"Authentication Error, sk-TENANTtenantTENANTtenant hash " + "c0".repeat(32)
                    + "\",\"type\":\"token_not_found_in_db\"}}";

    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aKeyIsAskedForItsOwnInfoWithItself() {
        server.always("GET /key/info", 200, "{\"key\":\"x\",\"info\":{}}");

        assertThat(server.gateway().accepts(KEY)).isTrue();

        ScriptedServer.Asked asked = server.last("GET /key/info");
        assertThat(asked.header("Authorization")).isEqualTo("Bearer " + KEY.reveal());
        assertThat(asked.query()).isEqualTo("null");
        assertThat(asked.toString().replace("Bearer " + KEY.reveal(), "")).doesNotContain(KEY.reveal());
    }

    @Test
    void aRefusalWhileTheDatabaseIsThereIsBelieved() {
        server.always("GET /key/info", 401, QUOTING);

        assertThat(server.gateway().accepts(KEY)).isFalse();
        assertThat(server.routes()).hasSize(1);
    }

    @Test
    void aRefusalDuringAnOutageIsNotBelievedAndNotQuoted() {
        server.always("GET /key/info", 401, QUOTING);
        server.databaseIs("Not connected");

        Failing.mayPass(() -> server.gateway().accepts(KEY), ErrorCode.UPSTREAM_ERROR);
        assertThat(catchThrowable(() -> server.gateway().accepts(KEY)))
                .message()
                .doesNotContain("TENANT")
                .doesNotContain("c0c0");
    }

    @ParameterizedTest
    @CsvSource({
        "400, UPSTREAM_ERROR, false",
        "403, FORBIDDEN, false",
        "404, UPSTREAM_ERROR, false",
        "500, UPSTREAM_ERROR, true",
        "503, UPSTREAM_ERROR, true",
        "504, TIMEOUT, true"
    })
    void anythingElseIsAFailureThatQuotesNothing(int status, ErrorCode code, boolean retryable) {
        server.always("GET /key/info", status, "{\"error\":{\"message\":\"odd TENANTtenant text\"}}");

        Throwable failure = catchThrowable(() -> server.gateway().accepts(KEY));

        assertThat(failure).isInstanceOfSatisfying(LiteLlmException.class, e -> {
            assertThat(e.code()).isEqualTo(code);
            assertThat(e.isRetryable()).isEqualTo(retryable);
            assertThat(e.getMessage()).doesNotContain("TENANT");
        });
    }

    @Test
    void whoeverIsTurnedAwayLaterIsNotToldAboutTheKeyEither() {
        server.always("GET /key/info", 503, "{\"error\":{\"message\":\"odd TENANTtenant text\"}}");
        LiteLlmGateway gateway = server.builder()
                .attempts(1, Duration.ofMillis(1))
                .circuit(1, Duration.ofSeconds(30))
                .build();

        Throwable asked = catchThrowable(() -> gateway.accepts(KEY));
        Throwable turnedAway = catchThrowable(() -> gateway.accepts(KEY));

        assertThat(server.routes()).hasSize(1);
        assertThat(turnedAway).hasMessage(asked.getMessage()).message().doesNotContain("TENANT");
    }

    @ParameterizedTest
    @CsvSource({"400", "429"})
    void aKeyWithoutMoneyIsLetIn(int status) {
        server.always(
                "GET /key/info",
                status,
                "{\"error\":{\"message\":\"Budget has been exceeded!\",\"type\":\"budget_exceeded\"}}");

        assertThat(server.gateway().accepts(KEY)).isTrue();
    }

    @Test
    void aTeamThatCouldNotBeLookedUpIsNotGone() {
        String gone = "{\"error\":{\"message\":\"Team doesn't exist in db. Team=t\",\"type\":\"auth_error\"}}";
        server.once("GET /key/info", 404, gone);
        server.always("GET /key/info", 200, "{\"key\":\"x\",\"info\":{}}");
        assertThat(server.gateway().accepts(KEY)).isTrue();

        server.always("GET /key/info", 404, gone);
        assertThat(server.gateway().accepts(KEY)).isFalse();
        server.databaseIs("Not connected");
        Failing.mayPass(() -> server.gateway().accepts(KEY), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aPageThatIsNotLiteLlmsIsNoAcceptance() {
        server.always("GET /key/info", 200, "<html>Sign in</html>");

        Failing.lasts(() -> server.gateway().accepts(KEY), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aKeyThatNoHeaderCanHoldIsRefusedUnasked() {
        Failing.lasts(() -> server.gateway().accepts(SecretText.of("sk-a\nb")), ErrorCode.VALIDATION_ERROR);
        assertThat(server.asked()).isEmpty();
    }
}
