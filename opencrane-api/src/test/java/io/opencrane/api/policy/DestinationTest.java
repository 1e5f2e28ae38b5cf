package io.opencrane.api.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {
    @ParameterizedTest
    @CsvSource({
        "API.GitHub.com., api.github.com,",
        "localhost, localhost,",
        "_a-b.c, _a-b.c,",
        "10.0.0.7.x, 10.0.0.7.x,",
        "10.0.0.7, , 10.0.0.7",
        "10.0.0, , 10.0.0", // no name has such a last label, so whoever reads it says that it is no address
        "FD00::7, , fd00::7",
        "::, , ::",
    })
    void whatPeopleTypeIsANameOrAnAddress(String text, @Nullable String name, @Nullable String address) {
        assertThat(Destination.parse(text)).isEqualTo(new Destination(name, address));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "a..b",
                ".a",
                "a b",
                "a\n",
                "https://github.com",
                "github.com:443",
                "github.com/x",
                "*.github.com",
                "bücher.example",
                "\u212aube.example",
                "[::1]",
                "fe80::1%eth0",
                "fd00::/8",
                "10.0.0.0/8",
            })
    void anythingElseIsRefusedInASentence(String text) {
        assertThatThrownBy(() -> Destination.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Write ")
                .hasMessageEndingWith(".");
    }

    @Test
    void aNameIsNoAddressAndNotLongerThanANameMayBe() {
        assertThatThrownBy(() -> Destination.name("10.0.0.7")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Destination.name("a".repeat(254))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Destination.address("github.com")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Destination(null, null)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Destination.name("a".repeat(253) + ".").name()).hasSize(253);
    }

    @Test
    void aNameMayComeWithItsAddress() {
        Destination both = Destination.name("github.com").at("140.82.121.4");

        assertThat(both)
                .isEqualTo(new Destination("github.com", "140.82.121.4"))
                .hasToString("github.com (140.82.121.4)");
        assertThat(Destination.name("github.com")).hasToString("github.com");
        assertThat(Destination.address("10.0.0.7")).hasToString("10.0.0.7");
    }
}
