package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.core.port.ModelGateway.ModelUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpendPathTest {
    private static final LocalDate DAY = LocalDate.parse("2026-01-05");
    private static final String ROW = "{\"team_id\":\"t/1\",\"spend\":99,\"metadata\":"
            + "{\"opencrane_namespace\":\"n s\",\"opencrane_tenant\":\"ac/me?\",\"opencrane_instance\":\"i\"}}";

    private final ScriptedServer server = new ScriptedServer();

    @BeforeEach
    void makeTheTeam() {
        server.always("GET /team/info", 200, "{\"team_id\":\"t/1\",\"team_info\":" + ROW + "}");
        server.always("GET /v2/team/list", 200, "{\"teams\":[" + ROW + "],\"total\":1,\"total_pages\":1}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private LiteLlmGateway gateway(String template) {
        return server.builder().spendPath(template).build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/spend",
                "/spend/{namespace}",
                "/spend/{tenant}/{month}",
                "/spend/{tenant}/{}",
                "spend/{tenant}",
                "/spend/{tenant}#x",
                "/spend/{tenant} x",
                "/spend/{tenant}/{"
            })
    void aPathThatCannotBeFilledIsRefusedInOneSentence(String template) {
        assertThatThrownBy(() -> server.builder().spendPath(template))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .matches("A spend path [^.]+\\.");
    }

    @Test
    void valuesAreEscapedAsPathSegments() {
        server.always("GET /spend/n s/ac/me?/t/1", 200, "{\"totalCostUsd\":1}");

        assertThat(gateway("/spend/{namespace}/{tenant}/{team}").findTeam("t/1"))
                .isPresent();

        assertThat(server.asked().get(1).rawPath()).isEqualTo("/spend/n%20s/ac%2Fme%3F/t%2F1");
    }

    @Test
    void spendComesFromThePathAndAllElseFromTheTeam() {
        server.always("GET /spend/t/1", 200, "{\"totalCostUsd\":12.75,\"tenantName\":\"x\"}");
        LiteLlmGateway gateway = gateway("/spend/{team}");

        assertThat(gateway.findTeam("t/1").orElseThrow().spendUsd()).isEqualByComparingTo("12.75");
        assertThat(gateway.teams(Map.of("opencrane_instance", "i")))
                .singleElement()
                .satisfies(team -> {
                    assertThat(team.spendUsd()).isEqualByComparingTo("12.75");
                    assertThat(team.metadata()).containsEntry("opencrane_namespace", "n s");
                });
        assertThat(gateway.spendSource()).isEqualTo(server.endpoint() + "/spend/{team}");
    }

    @Test
    void modelsComeFromThePathToo() {
        server.always(
                "GET /spend/t/1",
                200,
                "{\"totalCostUsd\":3,\"topModels\":[{\"model\":\"m\",\"costUsd\":2.5,\"requests\":4}]}");

        assertThat(gateway("/spend/{team}").usage("t/1", DAY, DAY))
                .containsExactly(new ModelUsage("m", new BigDecimal("2.5"), 4));
    }

    @Test
    void modelsMayBeLeftOut() {
        server.always("GET /spend/t/1", 200, "{\"totalCostUsd\":3,\"topModels\":null}");

        assertThat(gateway("/spend/{team}").usage("t/1", DAY, DAY)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "<html>",
                "{\"totalCostUsd\":\"3\"}",
                "{\"totalCostUsd\":null}",
                "{\"totalCostUsd\":3,\"topModels\":{}}",
                "{\"totalCostUsd\":3,\"topModels\":[{\"model\":\"m\",\"costUsd\":2.5}]}",
                "{\"totalCostUsd\":3,\"topModels\":[{\"model\":\"m\",\"costUsd\":\"2.5\",\"requests\":1}]}"
            })
    void anyOtherAnswerIsAnUpstreamError(String body) {
        server.always("GET /spend/t/1", 200, body);

        Failing.lasts(() -> gateway("/spend/{team}").usage("t/1", DAY, DAY), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aPathThatIsNotThereIsAnUpstreamErrorAndNoZero() {
        Failing.lasts(() -> gateway("/spend/{team}").findTeam("t/1"), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aTeamThatDoesNotNameItsTenantIsAnUpstreamError() {
        server.always("GET /team/info", 200, "{\"team_id\":\"t\",\"team_info\":{\"team_id\":\"t\"}}");

        Failing.lasts(() -> gateway("/spend/{tenant}").findTeam("t"), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void whetherATeamIsThereIsNotAskedAtThePath() {
        server.always("POST /team/block", 200, "{}");
        server.once("GET /team/info", 200, "{\"team_id\":\"t\",\"team_info\":{\"blocked\":false}}");
        server.always("GET /team/info", 200, "{\"team_id\":\"t\",\"team_info\":{\"blocked\":true}}");

        gateway("/spend/{team}").blockTeam("t", true);

        assertThat(server.routes()).noneMatch(route -> route.contains("spend"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 502, 504})
    void aPathThatIsDeadIsNoOutageOfLiteLlms(int status) {
        server.always("GET /spend/t/1", status, "");
        LiteLlmGateway gateway = server.builder()
                .attempts(1, Duration.ofMillis(1))
                .circuit(1, Duration.ofSeconds(30))
                .spendPath("/spend/{team}")
                .build();
        for (int i = 0; i < 3; i++) {
            assertThat(catchThrowable(() -> gateway.findTeam("t/1"))).isInstanceOf(LiteLlmException.class);
        }
        server.always("GET /key/list", 200, "{\"keys\":[],\"total_count\":0,\"total_pages\":0}");

        assertThat(gateway.keysOf("t/1")).isEmpty();
        assertThat(server.routes()).filteredOn("GET /team/info"::equals).hasSize(3);
    }

    @Test
    void aPathThatIsDeadCostsItsCallersNothing() {
        server.always("GET /spend/t/1", 503, "");
        LiteLlmGateway gateway = server.builder()
                .attempts(1, Duration.ofMillis(1))
                .circuit(1, Duration.ofSeconds(30))
                .spendPath("/spend/{team}")
                .build();
        for (int i = 0; i < 3; i++) {
            Failing.mayPass(() -> gateway.findTeam("t/1"), ErrorCode.UPSTREAM_ERROR);
        }

        assertThat(server.routes()).filteredOn("GET /spend/t/1"::equals).hasSize(1);
    }

    @Test
    void withoutAPathSpendIsTheTeams() {
        assertThat(server.gateway().findTeam("t/1").orElseThrow().spendUsd()).isEqualByComparingTo("99");
        assertThat(server.gateway().spendSource()).isEqualTo(server.endpoint() + "/team/info");
    }
}
