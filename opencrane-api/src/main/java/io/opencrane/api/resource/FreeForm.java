package io.opencrane.api.resource;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object whose shape the contract leaves open ({@code configOverrides}, a channel's {@code config}, a schedule's {@code job}).
 * Kept whole, immutable, and compared by meaning: the order of members is noise, that of array elements is not, {@code 1} equals
 * {@code 1.0}, and a member that is null equals one that is absent (contract §6), so such members are dropped.
 *
 * <p>Values are {@link Map}, {@link List}, {@link String}, {@link Boolean}, {@link Long}, {@link BigDecimal} or {@link BigInteger}; null
 * only inside a list.
 */
public final class FreeForm implements MaybeEmpty {
    private static final int LONG_DIGITS = 18;
    // The largest double has 309 digits; what is longer is no count of anything and would cost memory to write out.
    private static final int INTEGER_DIGITS = 309;

    private static final FreeForm EMPTY = new FreeForm(Map.of());

    private final Map<String, Object> members;

    private FreeForm(Map<String, Object> members) {
        this.members = members;
    }

    /**
     * Copies a JSON object.
     *
     * @param members maps, lists, texts, booleans, numbers and nulls, nested as in JSON
     * @return the copy
     * @throws IllegalArgumentException if a value is of any other type, or not a finite number, or one too large for a {@link BigDecimal}
     */
    @JsonCreator
    public static FreeForm of(Map<String, ? extends @Nullable Object> members) {
        return members.isEmpty() ? EMPTY : new FreeForm(copy(members));
    }

    /**
     * The object without members.
     *
     * @return an empty object
     */
    public static FreeForm empty() {
        return EMPTY;
    }

    /**
     * The members, unmodifiable at every depth.
     *
     * @return the JSON object
     */
    @JsonValue
    public Map<String, Object> asMap() {
        return members;
    }

    /**
     * Whether there are no members.
     *
     * @return true for {@code {}}
     */
    @Override
    public boolean isEmpty() {
        return members.isEmpty();
    }

    private static Map<String, Object> copy(Map<?, ?> source) {
        Map<String, Object> copy = new LinkedHashMap<>();
        source.forEach((name, value) -> {
            if (value != null) {
                copy.put(String.valueOf(name), normal(value));
            }
        });
        return Collections.unmodifiableMap(copy);
    }

    private static Object normal(Object value) {
        if (value instanceof Map<?, ?> map) {
            return copy(map);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(element == null ? null : normal(element)));
            return Collections.unmodifiableList(copy);
        }
        if (value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Number number && !(number instanceof Double d && !Double.isFinite(d))) {
            return normalNumber(new BigDecimal(number.toString()));
        }
        throw new IllegalArgumentException("Not a JSON value: "
                + value.getClass().getName() + "; use maps, lists, texts, booleans and finite numbers.");
    }

    private static Object normalNumber(BigDecimal number) {
        BigDecimal plain = number.signum() == 0 ? BigDecimal.ZERO : stripped(number);
        // As long: the scale may be as large as an int can be.
        long digits = (long) plain.precision() - plain.scale();
        if (plain.scale() > 0 || digits > INTEGER_DIGITS) {
            return plain;
        }
        // As an integer, because a reader takes 1.2E+30 for a floating-point number and rounds it.
        return digits <= LONG_DIGITS ? (Object) plain.longValueExact() : plain.toBigIntegerExact();
    }

    private static BigDecimal stripped(BigDecimal number) {
        try {
            return number.stripTrailingZeros();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("A number's exponent is too large.", e);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FreeForm that && members.equals(that.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    /**
     * Names the members without their values, which may hold credentials.
     *
     * @return for example {@code FreeForm[gateway, models]}
     */
    @Override
    public String toString() {
        return "FreeForm" + members.keySet();
    }
}
