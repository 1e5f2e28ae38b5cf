package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.core.port.ModelGateway.KeyState;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyListTest {
    private static final String KEYS = "\"keys\":[{\"token\":\"" + "0".repeat(64) + "\",\"team_id\":\"t\"}]";

    private final ScriptedServer server = new ScriptedServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private void list(String body) {
        server.always("GET /key/list", 200, body);
    }

    @Test
    void aListThatSaysThatItIsWholeIsBelieved() {
        list("{" + KEYS + ",\"total_count\":1,\"current_page\":1,\"total_pages\":1}");

        assertThat(server.gateway().keysOf("t")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"total_count\":1",
                ",\"total_pages\":1",
                ",\"total_count\":null,\"total_pages\":1",
                ",\"total_count\":\"1\",\"total_pages\":1"
            })
    void aListThatDoesNotSayHowManyThereAreIsNoList(String totals) {
        list("{" + KEYS + totals + "}");

        Failing.lasts(() -> server.gateway().keysOf("t"), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aListOfHashesOnlyIsALastingFailure() {
        list("{\"keys\":[\"" + "0".repeat(64) + "\"],\"total_count\":1,\"total_pages\":1}");

        Failing.lasts(() -> server.gateway().keysOf("t"), ErrorCode.UPSTREAM_ERROR);
    }

    @Test
    void aKeyThatSlippedThroughWhileAnotherWasDeletedIsMissed() {
        // Two of three on the first page; then one of the two goes, and the third moves to the first page.
        server.once("GET /key/list", 200, page(3, key("a"), key("b")));
        server.once("GET /key/list", 200, page(2));
        server.once("GET /key/list", 200, page(2, key("b"), key("c")));

        assertThat(server.gateway().keys(Map.of())).hasSize(2);
        assertThat(server.routes()).hasSize(3);
    }

    @Test
    void aKeyMadeWhileTheListIsReadMayBeMissing() {
        // It comes first, and what was last on the first page is first on the second.
        server.once("GET /key/list", 200, page(3, key("a"), key("b")));
        server.once("GET /key/list", 200, page(4, key("b"), key("c")));

        assertThat(server.gateway().keys(Map.of())).hasSize(3);
        assertThat(server.routes()).hasSize(2);
    }

    @Test
    void aKeyMadeMeanwhileDoesNotHideOneThatSlippedThrough() {
        server.once("GET /key/list", 200, page(5, key("a"), key("b")));
        server.once("GET /key/list", 200, page(6, key("b"), key("c")));
        server.once("GET /key/list", 200, page(5, key("e")));
        server.always("GET /key/list", 200, page(1, key("a")));

        assertThat(server.gateway().keys(Map.of())).hasSize(1);
        assertThat(server.routes()).hasSize(4);
    }

    @Test
    void keysAreFoundByTheirMetadataWhateverTheirTeam() {
        list("{\"keys\":[" + key("a") + ",{\"token\":\"" + "b".repeat(64)
                + "\",\"metadata\":{\"tenant\":\"acme\",\"other\":[1]},\"max_budget\":5,\"spend\":1.5,"
                + "\"expires\":\"2026-03-01T10:00:00.123Z\",\"blocked\":null}],\"total_count\":2,\"total_pages\":1}");

        assertThat(server.gateway().keys(Map.of("tenant", "acme")))
                .singleElement()
                .satisfies(found -> {
                    assertThat(found.keyHash()).isEqualTo("b".repeat(64));
                    assertThat(found.teamId()).isNull();
                    assertThat(found.ownBudgetUsd()).isEqualByComparingTo("5");
                    assertThat(found.spendUsd()).isEqualByComparingTo("1.5");
                    assertThat(found.expiresAt()).isEqualTo("2026-03-01T10:00:00.123Z");
                    assertThat(found.metadata()).isEqualTo(Map.of("tenant", "acme"));
                });
        assertThat(server.last("GET /key/list").query())
                .doesNotContain("team_id")
                .contains("return_full_object=true");
        assertThat(server.gateway().keys(Map.of()))
                .extracting(KeyState::keyHash)
                .hasSize(2);
    }

    @Test
    void anExpiryThatCannotBeReadIsNotNone() {
        list("{\"keys\":[{\"token\":\"" + "b".repeat(64) + "\",\"expires\":17}],\"total_count\":1,\"total_pages\":1}");

        Failing.lasts(() -> server.gateway().keys(Map.of()), ErrorCode.UPSTREAM_ERROR);
    }

    private static String key(String name) {
        return "{\"token\":\"" + name.repeat(64) + "\",\"team_id\":\"t\",\"metadata\":{}}";
    }

    private static String page(int total, String... keys) {
        return "{\"keys\":[" + String.join(",", keys) + "],\"total_count\":" + total + ",\"total_pages\":"
                + (total + 1) / 2 + "}";
    }
}
