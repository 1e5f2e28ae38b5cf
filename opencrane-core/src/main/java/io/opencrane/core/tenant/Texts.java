package io.opencrane.core.tenant;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks into texts and free-form JSON for what no store keeps. */
final class Texts {
    private Texts() {}

    /** Whether a text holds a control character or half a surrogate pair. */
    static boolean isDirty(String text) {
        return text.codePoints().anyMatch(c -> Character.isISOControl(c) || isHalfPair(c));
    }

    /** As {@link #isDirty}, but line breaks and tabs are fine: prompts have them. */
    static boolean isDirtyProse(String text) {
        return text.codePoints()
                .anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\r' && c != '\t' || isHalfPair(c));
    }

    private static boolean isHalfPair(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    /** What a JSON value is made of, found in one walk that stops descending at {@link #MAX_DEPTH}. */
    static final class JsonWalk {
        static final int MAX_DEPTH = 32;

        private long bytes;
        private boolean dirty;
        private boolean tooDeep;
        private boolean inexact;

        static JsonWalk over(Map<String, Object> object) {
            JsonWalk walk = new JsonWalk();
            walk.value(object, 1);
            return walk;
        }

        /** A little more than the compact JSON's length in UTF-8, escapes aside. */
        long bytes() {
            return bytes;
        }

        boolean isDirty() {
            return dirty;
        }

        boolean isTooDeep() {
            return tooDeep;
        }

        /** Whether a number would come back from the API server as another one: it keeps 64 bits. */
        boolean isInexact() {
            return inexact;
        }

        private void value(@Nullable Object value, int depth) {
            if (depth > MAX_DEPTH && (value instanceof Map || value instanceof List)) {
                tooDeep = true;
            } else if (value instanceof Map<?, ?> map) {
                bytes += 2;
                map.forEach((name, member) -> {
                    text(String.valueOf(name));
                    bytes += 2;
                    value(member, depth + 1);
                });
            } else if (value instanceof List<?> list) {
                bytes += 2;
                list.forEach(element -> {
                    bytes++;
                    value(element, depth + 1);
                });
            } else if (value instanceof String text) {
                text(text);
            } else {
                bytes += 8;
                inexact |= value instanceof BigDecimal number && !survives(number)
                        || value instanceof BigInteger whole && !survives(new BigDecimal(whole));
            }
        }

        private void text(String text) {
            bytes += text.getBytes(StandardCharsets.UTF_8).length + 2;
            dirty |= isDirtyProse(text);
        }

        private static boolean survives(BigDecimal number) {
            double nearest = number.doubleValue();
            return Double.isFinite(nearest) && new BigDecimal(Double.toString(nearest)).compareTo(number) == 0;
        }
    }
}
