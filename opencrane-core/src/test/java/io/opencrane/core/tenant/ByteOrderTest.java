package io.opencrane.core.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.tenant.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ByteOrderTest {
    private static final String[] ALPHABET = {"a", "b", "-", ".", "0", "z", "é", "\uffee", "🦞"};

    @Test
    void aDashSortsBeforeTheSlash() {
        assertThat(ByteOrder.compare(new TenantId("a-b", "x"), new TenantId("a", "x")))
                .isNegative();
        assertThat(Stream.of("a", "a-b", "a0").sorted(ByteOrder.OF_NAMESPACES)).containsExactly("a-b", "a", "a0");
    }

    @Test
    void theOrderIsThatOfUtf8Bytes() {
        Random random = new Random(20_260_101);
        for (int i = 0; i < 20_000; i++) {
            TenantId a = new TenantId(word(random), word(random));
            TenantId b = new TenantId(word(random), word(random));

            int bytes = Arrays.compareUnsigned(
                    a.toString().getBytes(StandardCharsets.UTF_8), b.toString().getBytes(StandardCharsets.UTF_8));

            assertThat(Integer.signum(ByteOrder.compare(a, b)))
                    .as("%s and %s", a, b)
                    .isEqualTo(Integer.signum(bytes));
        }
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int length = 1 + random.nextInt(3); length > 0; length--) {
            word.append(ALPHABET[random.nextInt(ALPHABET.length)]);
        }
        return word.toString();
    }
}
