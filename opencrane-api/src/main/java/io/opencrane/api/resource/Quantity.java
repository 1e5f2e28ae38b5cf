package io.opencrane.api.resource;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An amount of a resource, for example {@code 500m} or {@code 1Gi}. Compared by amount: {@code 1000m} equals {@code 1}, although both
 * keep the text they were written in.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/">Quantity</a>
 */
public final class Quantity implements Comparable<Quantity> {
    private static final Pattern FORM = Pattern.compile(
            "([+-]?(?:\\d{1,30}(?:\\.\\d{0,30})?|\\.\\d{1,30}))(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\\d{1,2})?");
    private static final Map<String, BigDecimal> UNITS = Map.ofEntries(
            Map.entry("n", new BigDecimal("1e-9")),
            Map.entry("u", new BigDecimal("1e-6")),
            Map.entry("m", new BigDecimal("1e-3")),
            Map.entry("k", new BigDecimal("1e3")),
            Map.entry("M", new BigDecimal("1e6")),
            Map.entry("G", new BigDecimal("1e9")),
            Map.entry("T", new BigDecimal("1e12")),
            Map.entry("P", new BigDecimal("1e15")),
            Map.entry("E", new BigDecimal("1e18")),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
            Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
            Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

    private final String text;
    private final BigDecimal amount;

    private Quantity(String text, BigDecimal amount) {
        this.text = text;
        this.amount = amount;
    }

    /**
     * Reads a quantity in Kubernetes' notation.
     *
     * @param text for example {@code 250m}, {@code 2}, {@code 1.5Gi}, {@code 1e3}
     * @return the quantity
     * @throws IllegalArgumentException if the text is not a quantity
     */
    public static Quantity parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "Not a quantity: write a number with an optional unit, as in 500m, 2 or 1Gi.");
        }
        BigDecimal number = new BigDecimal(matcher.group(1).endsWith(".") ? matcher.group(1) + "0" : matcher.group(1));
        // Finer than a nano unit is rounded up, as the API server does.
        BigDecimal amount = number.multiply(factor(matcher.group(2)));
        if (amount.scale() > 9) {
            amount = amount.setScale(9, RoundingMode.UP);
        }
        return new Quantity(text, amount);
    }

    private static BigDecimal factor(@Nullable String unit) {
        if (unit == null) {
            return BigDecimal.ONE;
        }
        BigDecimal known = UNITS.get(unit);
        return known != null ? known : BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(unit.substring(1)));
    }

    /** The wire holds quantities as text or as bare numbers. */
    @JsonCreator
    static Quantity fromJson(Object value) {
        return parse(value.toString());
    }

    /**
     * The amount in base units: cores, bytes or a count.
     *
     * @return the amount, at most nine digits behind the point
     */
    public BigDecimal amount() {
        return amount;
    }

    @Override
    public int compareTo(Quantity other) {
        return amount.compareTo(other.amount);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Quantity that && amount.compareTo(that.amount) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(amount.stripTrailingZeros());
    }

    /**
     * The text it was parsed from, which is also its JSON.
     *
     * @return for example {@code 500m}
     */
    @Override
    @JsonValue
    public String toString() {
        return text;
    }
}
