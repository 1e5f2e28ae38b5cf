package io.opencrane.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextFilterTest {
    @ParameterizedTest
    @CsvSource({
        "Engineering, GINE, true",
        "Engineering, '', true",
        "Engineering, sales, false",
        "ΟΔΟΣΑ, ΟΔΟΣ, true",
        "οδος, ΟΔΟΣ, true",
        "οδοσα, ΟΔΟς, true",
        "İstanbul, İSTAN, true",
        "𐐀𐐁, 𐐨, true",
    })
    void aTextIsFoundInUpperAndLowerCase(String whole, String part, boolean expected) {
        assertThat(TextFilter.contains(whole, part)).isEqualTo(expected);
    }
}
