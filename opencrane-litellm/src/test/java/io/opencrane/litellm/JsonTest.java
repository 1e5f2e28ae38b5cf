package io.opencrane.litellm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
    @ParameterizedTest
    @CsvSource({"1.7E+2, 170", "170.0, 170", "0.015, 0.015", "1e400, 1E+400", "0, 0"})
    void moneyReadsAsPeopleWriteIt(String sent, String read) {
        byte[] row = ("{\"spend\":" + sent + "}").getBytes(StandardCharsets.UTF_8);

        assertThat(Json.decimal(Json.parse(row), "spend")).hasToString(read);
    }
}
