package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.core.support.CpuTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {
    /** Every name of at most five characters over two letters that patterns here have and one that they have not. */
    private static final List<String> NAMES = names(5);

    private static NamePattern pattern(String text) {
        return new NamePattern(text);
    }

    private static List<String> names(int longest) {
        List<String> all = new ArrayList<>();
        List<String> last = List.of("");
        for (int length = 1; length <= longest; length++) {
            last = last.stream()
                    .flatMap(start -> List.of("a", "b", "z", ".").stream().map(start::concat))
                    .toList();
            all.addAll(last);
        }
        return all.stream().filter(NameText::isName).toList();
    }

    /** As Cilium does it, but for the names with empty labels that its expression also takes. */
    private static Pattern asCiliumReadsIt(String pattern) {
        return pattern.equals("*")
                ? Pattern.compile("([-a-z0-9_]+\\.)*[-a-z0-9_]+")
                : Pattern.compile(pattern.replace(".", "[.]").replace("*", "[-a-z0-9_]*"));
    }

    private static String randomPattern(Random random, int longest) {
        String text;
        do {
            StringBuilder pattern = new StringBuilder();
            for (int length = 1 + random.nextInt(longest); length > 0; length--) {
                pattern.append("aab**.".charAt(random.nextInt(6)));
            }
            text = pattern.toString();
        } while (NameText.refusal(text) != null);
        return NameText.pattern(text).text();
    }

    @ParameterizedTest
    @CsvSource({
        "api.github.com, api.github.com, true",
        "api.github.com, github.com, false",
        "api.github.com, xapi.github.com, false",
        "*.github.com, api.github.com, true",
        "*.github.com, github.com, false",
        "*.github.com, a.b.github.com, false",
        "*.github.com, .github.com, false",
        "*.github.com, api.github.com.evil.org, false",
        "*github.com, github.com, true",
        "*github.com, evilgithub.com, true",
        "api-*.github.com, api-.github.com, true",
        "api-*-x.github.com, api-1-2-x.github.com, true",
        "api-*-x.github.com, api-x.github.com, false",
        "*.*.com, a.b.com, true",
        "*, github.com, true",
        "*, localhost, true",
        "*, a..b, false",
        "*, '', false",
        "*, _srv._tcp.x, true",
        "*, *, false",
        "a*, A, false",
        "*.com, ä.com, false",
        "*.com, a/b.com, false",
    })
    void aPatternStandsForNames(String pattern, String name, boolean expected) {
        assertThat(pattern(pattern).matches(name)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "*, *, true",
        "*, *.com, true",
        "*, a.b.c, true",
        "*.com, *, false",
        "*.com, *.com, true",
        "*.com, a.com, true",
        "a.com, *.com, false",
        "*.com, *.*.com, false",
        "*a*.com, *aa*.com, true",
        "*aa*.com, *a*.com, false",
        "a*b.com, a*c*b.com, true",
        "*ab.com, *a*b.com, false",
    })
    void aPatternCoversAnother(String wide, String narrow, boolean expected) {
        assertThat(pattern(wide).covers(pattern(narrow))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "*, a.b, true",
        "*, *, true",
        "a*.com, *b.com, true",
        "a*.com, b*.com, false",
        "*a.com, *b.com, false",
        "*.com, *.org, false",
        "*.com, *.*.com, false",
        "a*b*c.com, a*x*c.com, true",
        "a*bc.com, abc.com, true",
        "ab*ba.com, aba.com, false",
        "ab*ba.com, a*a.com, true",
        "*.b.com, a.*.com, true",
    })
    void patternsHaveANameInCommon(String one, String other, boolean expected) {
        assertThat(pattern(one).intersects(pattern(other))).isEqualTo(expected);
        assertThat(pattern(other).intersects(pattern(one))).isEqualTo(expected);
    }

    @Test
    void matchingIsThatOfCiliumsExpression() {
        Random random = new Random(20_260_401);
        for (int i = 0; i < 400; i++) {
            String text = randomPattern(random, 6);
            Pattern expression = asCiliumReadsIt(text);
            for (String name : NAMES) {
                assertThat(pattern(text).matches(name))
                        .as("%s and %s", text, name)
                        .isEqualTo(expression.matcher(name).matches());
            }
        }
    }

    @Test
    void coveringIsContainmentOfTheNames() {
        Random random = new Random(20_260_402);
        int covered = 0;
        for (int i = 0; i < 3_000; i++) {
            NamePattern wide = pattern(randomPattern(random, 4));
            NamePattern narrow = pattern(randomPattern(random, 4));
            boolean contained = NAMES.stream().filter(narrow::matches).allMatch(wide::matches);

            // Of at most four characters, a pattern is told from another by a name of five, and z occurs in none.
            assertThat(wide.covers(narrow)).as("%s and %s", wide, narrow).isEqualTo(contained);
            covered += contained ? 1 : 0;
        }
        assertThat(covered).isBetween(200, 2_800);
    }

    @Test
    void intersectingIsHavingANameInCommon() {
        Random random = new Random(20_260_403);
        int common = 0;
        for (int i = 0; i < 20_000; i++) {
            NamePattern one = pattern(randomPattern(random, 8));
            NamePattern other = pattern(randomPattern(random, 8));
            boolean expected = one.text().equals("*")
                    || other.text().equals("*")
                    || haveOneInCommon(one.text(), 0, other.text(), 0, new Boolean[10][10]);

            assertThat(one.intersects(other)).as("%s and %s", one, other).isEqualTo(expected);
            common += expected ? 1 : 0;
        }
        assertThat(common).isBetween(1_000, 19_000);
    }

    @Test
    void namesThatBothStandForAreFound() {
        Random random = new Random(20_260_404);
        for (int i = 0; i < 2_000; i++) {
            NamePattern one = pattern(randomPattern(random, 6));
            NamePattern other = pattern(randomPattern(random, 6));
            if (NAMES.stream().anyMatch(name -> one.matches(name) && other.matches(name))) {
                assertThat(one.intersects(other)).as("%s and %s", one, other).isTrue();
            }
        }
    }

    /** Whether the rests of two patterns have a text in common, tried character by character. */
    private static boolean haveOneInCommon(String a, int i, String b, int j, Boolean[][] known) {
        if (known[i][j] == null) {
            boolean aStar = i < a.length() && a.charAt(i) == '*';
            boolean bStar = j < b.length() && b.charAt(j) == '*';
            boolean aLetter = i < a.length() && !aStar;
            boolean bLetter = j < b.length() && !bStar;
            known[i][j] = i == a.length() && j == b.length()
                    || aStar && haveOneInCommon(a, i + 1, b, j, known)
                    || bStar && haveOneInCommon(a, i, b, j + 1, known)
                    || aStar && bLetter && b.charAt(j) != '.' && haveOneInCommon(a, i, b, j + 1, known)
                    || bStar && aLetter && a.charAt(i) != '.' && haveOneInCommon(a, i + 1, b, j, known)
                    || aLetter && bLetter && a.charAt(i) == b.charAt(j) && haveOneInCommon(a, i + 1, b, j + 1, known);
        }
        return known[i][j];
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "*a",
                "*aaaaaaaab",
                "a*",
            })
    @Timeout(60)
    void hostilePatternsAreFast(String part) {
        NamePattern hostile = pattern(part.repeat(250 / part.length()));
        NamePattern other = pattern("a".repeat(249) + "c");
        Duration thousandTimes = CpuTime.of(() -> {
            for (int i = 0; i < 1_000; i++) {
                hostile.matches(other.text());
                hostile.covers(hostile);
                hostile.covers(other);
                hostile.intersects(other);
                other.intersects(hostile);
            }
        });
        assertThat(thousandTimes).isLessThan(Duration.ofSeconds(5));
        assertThat(hostile.covers(hostile)).isTrue();
        assertThat(hostile.intersects(hostile)).isTrue();
    }
}
