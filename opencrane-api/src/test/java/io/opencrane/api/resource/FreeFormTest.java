package io.opencrane.api.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FreeFormTest {
    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void theOrderOfMembersIsNoiseAndThatOfElementsIsNot() {
        Map<String, Object> ab = new LinkedHashMap<>();
        ab.put("a", 1);
        ab.put("b", 2);
        Map<String, Object> ba = new LinkedHashMap<>();
        ba.put("b", 2);
        ba.put("a", 1);
        assertThat(FreeForm.of(ab)).isEqualTo(FreeForm.of(ba)).hasSameHashCodeAs(FreeForm.of(ba));
        assertThat(FreeForm.of(Map.of("l", List.of(1, 2)))).isNotEqualTo(FreeForm.of(Map.of("l", List.of(2, 1))));
    }

    @Test
    void numbersCompareByValueWhateverTheirType() {
        FreeForm one = FreeForm.of(Map.of("n", 1));
        assertThat(List.<Object>of(1L, 1.0, 1f, new BigDecimal("1.000"), BigInteger.ONE, (short) 1))
                .allSatisfy(number -> assertThat(FreeForm.of(Map.of("n", number)))
                        .isEqualTo(one)
                        .hasSameHashCodeAs(one));
        assertThat(FreeForm.of(Map.of("n", "1"))).isNotEqualTo(one);
        BigDecimal huge = new BigDecimal("1e300");
        assertThat(FreeForm.of(Map.of("n", huge))).isEqualTo(FreeForm.of(Map.of("n", huge.toBigInteger())));
    }

    @Test
    void aNumberAtTheEndOfTheScaleIsKeptAndOneBeyondItIsRefused() {
        for (String edge : List.of("1E2147483647", "-7E2147483647", "1E-2147483647", "0E2147483647")) {
            FreeForm kept = FreeForm.of(Map.of("n", new BigDecimal(edge)));
            assertThat(kept).isEqualTo(FreeForm.of(kept.asMap()));
        }
        assertThatThrownBy(() -> FreeForm.of(Map.of("n", new BigDecimal("1000E2147483647"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aNullMemberEqualsAnAbsentOneButANullElementCounts() {
        Map<String, Object> withNull = new HashMap<>();
        withNull.put("a", null);
        assertThat(FreeForm.of(withNull)).isEqualTo(FreeForm.empty());
        assertThat(FreeForm.of(Map.of("l", Arrays.asList(1, null)))).isNotEqualTo(FreeForm.of(Map.of("l", List.of(1))));
    }

    @Test
    void laterChangesOfTheSourceDoNotShowAndTheCopyCannotBeChanged() {
        List<Object> list = new ArrayList<>(List.of(1));
        Map<String, Object> source = new HashMap<>(Map.of("list", list));
        FreeForm copy = FreeForm.of(source);
        list.add(2);
        source.put("more", 1);
        assertThat(copy).isEqualTo(FreeForm.of(Map.of("list", List.of(1))));
        assertThatThrownBy(() -> copy.asMap().put("x", 1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> ((List<?>) copy.asMap().get("list")).clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void onlyJsonValuesAreTaken() {
        assertThatThrownBy(() -> FreeForm.of(Map.of("d", Double.NaN))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FreeForm.of(Map.of("d", Float.POSITIVE_INFINITY)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FreeForm.of(Map.of("d", List.of(new Object()))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void valuesDoNotShowInToString() {
        assertThat(FreeForm.of(Map.of("token", "hunter2"))).hasToString("FreeForm[token]");
    }

    @Test
    void anyJsonObjectSurvivesARoundTrip() throws Exception {
        Random random = new Random(11);
        for (int i = 0; i < 300; i++) {
            FreeForm value = FreeForm.of(object(random, 3));
            FreeForm again = mapper.readValue(mapper.writeValueAsBytes(value), FreeForm.class);
            assertThat(again).isEqualTo(value).hasSameHashCodeAs(value);
            assertThat(FreeForm.of(value.asMap())).isEqualTo(value);
        }
    }

    private static Map<String, Object> object(Random random, int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.put("k" + random.nextInt(8), value(random, depth));
        }
        return object;
    }

    private static Object value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> random.nextLong();
            case 1 -> new BigInteger(120, random);
            case 2 -> random.nextInt(1000) / 8.0;
            case 3 -> random.nextBoolean();
            case 4 -> "t\u00e9\"" + random.nextInt();
            case 5 -> null;
            case 6 -> object(random, depth - 1);
            default -> new ArrayList<>(Collections.nCopies(random.nextInt(3), value(random, depth - 1)));
        };
    }
}
