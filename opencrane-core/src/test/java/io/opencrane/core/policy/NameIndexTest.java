package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NameIndexTest {
    private static final List<String> LABELS = List.of("a", "b", "*", "a*", "*a", "*b*", "aa");

    private static NamePattern randomPattern(Random random) {
        StringBuilder text = new StringBuilder(LABELS.get(random.nextInt(LABELS.size())));
        for (int more = random.nextInt(7); more > 0; more--) {
            text.append('.').append(random.nextInt(3) > 0 ? "a" : LABELS.get(random.nextInt(LABELS.size())));
        }
        return new NamePattern(text.toString());
    }

    @Test
    void itFindsWhatAskingEachPatternWouldFind() {
        Random random = new Random(20_260_406);
        int found = 0;
        for (int i = 0; i < 3_000; i++) {
            Set<NamePattern> patterns = new LinkedHashSet<>();
            NameIndex<NamePattern> index = new NameIndex<>();
            for (int size = random.nextInt(12); size > 0; size--) {
                NamePattern pattern = randomPattern(random);
                patterns.add(pattern);
                index.add(pattern, pattern);
            }
            for (int asked = 0; asked < 10; asked++) {
                NamePattern pattern = randomPattern(random);
                NamePattern covering = patterns.stream()
                        .filter(wide -> !wide.equals(pattern) && wide.covers(pattern))
                        .findFirst()
                        .orElse(null);

                assertThat(index.same(pattern)).isEqualTo(patterns.contains(pattern) ? pattern : null);
                assertThat(index.coveringOther(pattern)).isEqualTo(covering);
                assertThat(index.covering(pattern)).isEqualTo(patterns.contains(pattern) ? pattern : covering);
                NamePattern common = patterns.stream()
                        .filter(pattern::intersects)
                        .findFirst()
                        .orElse(null);
                assertThat(index.intersecting(pattern) == null).isEqualTo(common == null);
                if (pattern.isWildcard()) {
                    assertThat(index.intersecting(pattern)).isEqualTo(common);
                }
                found += covering == null ? 0 : 1;
            }
        }
        assertThat(found).isGreaterThan(1_000);
    }
}
