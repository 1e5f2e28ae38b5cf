package io.opencrane.api.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    private final ObjectMapper mapper = new ObjectMapper();

    @ParameterizedTest
    @CsvSource({
        "1000m,1",
        "1,1.0",
        "1Gi,1073741824",
        "1024Mi,1Gi",
        "1.5Gi,1536Mi",
        "1e3,1k",
        "1E3,1000",
        "0.1,100m",
        ".5,500m",
        "5.,5",
        "+2,2",
        "1000000n,1m",
        "1000u,1m",
        "0,0m",
        "1E,1e18",
        "1Ei,1024Pi",
        "0.0000000001,1n"
    })
    void equalAmountsAreEqualHoweverWritten(String one, String other) {
        Quantity left = Quantity.parse(one);
        Quantity right = Quantity.parse(other);
        assertThat(left).isEqualTo(right).hasSameHashCodeAs(right).isEqualByComparingTo(right);
    }

    @ParameterizedTest
    @CsvSource({"1,2", "1m,1", "1k,1Ki", "999Mi,1Gi", "-1,0", "1M,1Mi"})
    void lessIsLess(String less, String more) {
        assertThat(Quantity.parse(less)).isLessThan(Quantity.parse(more)).isNotEqualTo(Quantity.parse(more));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "1 Gi", "one", "1gi", "1K", "--1", "1.2.3", ".", "1e", "Gi", "1e999", "0x10", "1Gi "})
    void whatKubernetesRefusesIsRefused(String text) {
        assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"'\"500m\"',500m", "2,2", "1.5,1.5", "'\"2\"',2"})
    void theWireHoldsTextsOrBareNumbers(String json, String expected) throws Exception {
        assertThat(mapper.readValue(json, Quantity.class)).isEqualTo(Quantity.parse(expected));
    }

    @Test
    void theTextIsKeptAsWritten() throws Exception {
        assertThat(mapper.writeValueAsString(Quantity.parse("1000m"))).isEqualTo("\"1000m\"");
    }

    @Test
    void aScaledNumberIsTheNumberTimesItsUnit() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            long number = random.nextInt(1_000_000);
            assertThat(Quantity.parse(number + "m").amount()).isEqualByComparingTo(BigDecimal.valueOf(number, 3));
            assertThat(Quantity.parse(number + "Ki").amount()).isEqualByComparingTo(BigDecimal.valueOf(number * 1024));
            assertThat(Quantity.parse(number + "e2").amount()).isEqualByComparingTo(BigDecimal.valueOf(number * 100));
        }
    }
}
