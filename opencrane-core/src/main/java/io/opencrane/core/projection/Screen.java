package io.opencrane.core.projection;

import io.opencrane.api.error.Problem;
import io.opencrane.api.resource.ResourceKey;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Collects the problems of one row, field by field. The limits are those of the columns in {@code opencrane-postgres}. */
final class Screen {
    /** Kubernetes' own limits; also what keeps an index entry below PostgreSQL's 2,704 bytes. */
    static final int MAX_NAMESPACE = 63;

    static final int MAX_NAME = 253;
    static final int MAX_UID = 128;
    static final int MAX_ALIAS = 500;

    /** The column is numeric(12,2). */
    private static final BigDecimal MONEY_LIMIT = new BigDecimal("9999999999.995");

    /** The API server itself knows only 64-bit numbers; beyond this JSON readers refuse a number. */
    private static final int MAX_NUMBER_DIGITS = 1_000;

    private static final int MAX_JSON_DEPTH = 500;
    private static final Pattern UNSIGNED = Pattern.compile("0|[1-9]\\d{0,19}");
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private final List<Problem> problems = new ArrayList<>();

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    void add(String path, Problem.Code code, String message) {
        problems.add(new Problem(path, code, message));
    }

    Screen key(ResourceKey key) {
        return name("namespace", key.namespace(), MAX_NAMESPACE).name("name", key.name(), MAX_NAME);
    }

    /** A slash inside a part would make two rows share one merge key. */
    private Screen name(String path, String value, int max) {
        if (value.indexOf('/') >= 0) {
            add(path, Problem.Code.MALFORMED, "A name has no slash.");
        }
        return limited(path, value, max);
    }

    Screen text(String path, @Nullable String value) {
        if (value != null && !isStorable(value)) {
            add(
                    path,
                    Problem.Code.MALFORMED,
                    "PostgreSQL cannot hold the character U+0000 or half a surrogate pair; remove it.");
        }
        return this;
    }

    Screen limited(String path, String value, int max) {
        if (value.isEmpty()) {
            add(path, Problem.Code.REQUIRED, "It is empty.");
        }
        if (value.length() > max) {
            add(path, Problem.Code.TOO_LONG, "It has more than " + max + " characters.");
        }
        return text(path, value);
    }

    /** Kubernetes calls it opaque; that it is etcd's growing revision is what every informer relies on (DECISIONS 39). */
    Screen version(String path, String value) {
        if (!UNSIGNED.matcher(value).matches()) {
            add(path, Problem.Code.MALFORMED, "It is not an unsigned decimal number, so its age cannot be told.");
        }
        return this;
    }

    Screen time(String path, @Nullable Instant value) {
        if (value != null && (value.isBefore(EARLIEST) || value.isAfter(LATEST))) {
            add(path, Problem.Code.OUT_OF_RANGE, "A time lies between the years 1 and 9999.");
        }
        return this;
    }

    Screen money(String path, @Nullable BigDecimal value) {
        if (value != null && value.abs().compareTo(MONEY_LIMIT) >= 0) {
            add(path, Problem.Code.OUT_OF_RANGE, "An amount has at most ten digits before the point.");
        }
        return this;
    }

    /** For anything made of maps, lists, texts, numbers and nulls. */
    Screen json(String path, @Nullable Object value) {
        Problem.Code found = refused(value, 1);
        if (found == Problem.Code.MALFORMED) {
            add(
                    path,
                    found,
                    "Somewhere in it is the character U+0000 or half a surrogate pair, which PostgreSQL cannot hold;"
                            + " remove it.");
        } else if (found == Problem.Code.OUT_OF_RANGE) {
            add(path, found, "Somewhere in it is a number of more than " + MAX_NUMBER_DIGITS + " digits.");
        } else if (found != null) {
            add(path, found, "It is nested more than " + MAX_JSON_DEPTH + " levels deep.");
        }
        return this;
    }

    /** The first thing in a JSON value that cannot be kept, or null. */
    private static Problem.@Nullable Code refused(@Nullable Object value, int depth) {
        if (depth > MAX_JSON_DEPTH) {
            return Problem.Code.TOO_LONG;
        }
        if (value instanceof String text) {
            return isStorable(text) ? null : Problem.Code.MALFORMED;
        }
        if (value instanceof BigDecimal number) {
            boolean tooLong = integerDigits(number) > MAX_NUMBER_DIGITS || number.scale() > MAX_NUMBER_DIGITS;
            return tooLong ? Problem.Code.OUT_OF_RANGE : null;
        }
        if (value instanceof Map<?, ?> map) {
            return refusedIn(map, depth);
        }
        if (value instanceof List<?> list) {
            for (Object element : list) {
                Problem.Code found = refused(element, depth + 1);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static Problem.@Nullable Code refusedIn(Map<?, ?> map, int depth) {
        for (Map.Entry<?, ?> member : map.entrySet()) {
            Problem.Code found = refused(member.getKey(), depth);
            if (found == null) {
                found = refused(member.getValue(), depth + 1);
            }
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** How many digits stand before the point; negative for zeros behind it. Cheap for any exponent, unlike writing it out. */
    static long integerDigits(BigDecimal number) {
        return number.signum() == 0 ? 0 : (long) number.precision() - number.scale();
    }

    /** Half a surrogate pair has no UTF-8 form; drivers silently write a question mark instead. */
    private static boolean isStorable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
        }
        return true;
    }
}
