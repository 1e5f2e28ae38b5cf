package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ErrorReplyTest {
    @Test
    void aProxyErrorIsRead() {
        ErrorReply error = error(400, """
                {"error":{"message":"Key with alias 'a' already exists. Unique key aliases across all keys are required.",
                "type":"bad_request_error","param":"key_alias","code":"400"}}""");
        assertThat(error.shape()).isEqualTo(ErrorReply.Shape.PROXY);
        assertThat(error.isAliasTaken()).isTrue();
        assertThat(error.isTeamTaken()).isFalse();
    }

    @Test
    void aPythonReprIsMatchedNotParsed() {
        ErrorReply error = error(400, """
                {"error":{"message":"{'error': 'Team id = t already exists. Please use a different team id.'}",
                "type":"internal_server_error","param":"None","code":"400"}}""");
        assertThat(error.isTeamTaken()).isTrue();
    }

    @Test
    void aDetailIsReadAsTextAndAsObject() {
        assertThat(error(400, "{\"detail\":{\"error\":\"Team id = t already exists.\"}}")
                        .isTeamTaken())
                .isTrue();
        assertThat(error(503, "{\"detail\":\"Service Unhealthy\"}").text()).isEqualTo("Service Unhealthy");
    }

    @Test
    void aRefusedFieldIsNamedWithoutItsInput() {
        ErrorReply error = error(422, """
                {"detail":[{"type":"string_type","loc":["body","key"],"msg":"Input should be a valid string","input":"sk-secret"}]}""");
        assertThat(error.shape()).isEqualTo(ErrorReply.Shape.VALIDATION);
        assertThat(error.text()).isEqualTo("body.key: Input should be a valid string");
    }

    @Test
    void plainTextHasNoText() {
        ErrorReply error = error(500, "Internal Server Error");
        assertThat(error.shape()).isEqualTo(ErrorReply.Shape.PLAIN);
        assertThat(error.text()).isEmpty();
    }

    @Test
    void onlyLiteLlmsOwn404IsAboutAnObject() {
        assertThat(error(404, "{\"error\":{\"message\":\"Key not found in database\"}}")
                        .isUnknownObject())
                .isTrue();
        assertThat(error(404, "{\"detail\":{\"error\":\"Team not found\"}}").isUnknownObject())
                .isTrue();
        assertThat(error(404, "{\"detail\":\"Not Found\"}").isUnknownObject()).isFalse();
        assertThat(error(404, "<html>nginx</html>").isUnknownObject()).isFalse();
    }

    @Test
    void anUnknownRouteIsFastApisOwn404() {
        assertThat(error(404, "{\"detail\":\"Not Found\"}").isUnknownRoute()).isTrue();
        assertThat(error(404, "{\"detail\":{\"error\":\"Team not found\"}}").isUnknownRoute())
                .isFalse();
        assertThat(error(404, "<html>nginx</html>").isUnknownRoute()).isFalse();
        assertThat(error(405, "{\"detail\":\"Not Found\"}").isUnknownRoute()).isFalse();
    }

    @Test
    void anUnexpectedFailureOfAnUpdateMayBeTheDatabases() {
        ErrorReply error = error(
                400,
                "{\"error\":{\"message\":\"Authentication Error, Can't reach database server\",\"type\":\"auth_error\"}}");
        assertThat(error.isUnexpectedFailure()).isTrue();
        assertThat(error.isDatabaseMissing()).isTrue();
        assertThat(error(401, "{\"error\":{\"message\":\"Authentication Error, x\"}}")
                        .isUnexpectedFailure())
                .isFalse();
    }

    @Test
    void anUnknownKeyIs401InOlderReleases() {
        assertThat(error(
                                401,
                                "{\"error\":{\"message\":\"Authentication Error: invalid user key - user key does not exist in db.\"}}")
                        .isUnknownKey())
                .isTrue();
        assertThat(error(401, "{\"error\":{\"message\":\"Invalid proxy server token passed\"}}")
                        .isUnknownKey())
                .isFalse();
    }

    @Test
    void aSpentBudgetIs400Or429ButNoRateLimit() {
        String spent = "{\"error\":{\"message\":\"Budget has been exceeded!\",\"type\":\"budget_exceeded\"}}";
        assertThat(error(400, spent).isBudgetExceeded()).isTrue();
        assertThat(error(429, spent).isBudgetExceeded()).isTrue();
        assertThat(error(429, "{\"error\":{\"message\":\"Rate limit exceeded\",\"type\":\"None\"}}")
                        .isBudgetExceeded())
                .isFalse();
    }

    @Test
    void aMissingLicenceIsARefusalAnyOther500IsNot() {
        assertThat(error(
                                500,
                                "{\"error\":{\"message\":\"Regenerating Virtual Keys is an Enterprise feature, get one\"}}")
                        .isRefusal())
                .isTrue();
        assertThat(error(500, "{\"error\":{\"message\":\"{'error': 'Internal Server Error.'}\"}}")
                        .isRefusal())
                .isFalse();
    }

    @Test
    void aMissingDatabaseToldAs400IsSeen() {
        assertThat(error(400, "{\"error\":{\"message\":\"No connected db.\",\"type\":\"no_db_connection\"}}")
                        .isDatabaseMissing())
                .isTrue();
    }

    private static ErrorReply error(int status, String body) {
        return ErrorReply.of(new Reply(status, Json.parse(body.getBytes(StandardCharsets.UTF_8)), null));
    }
}
