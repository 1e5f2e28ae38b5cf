package io.opencrane.testkit.cluster;

import io.opencrane.api.resource.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/** Writes quantities as the server stores them: {@code 1000m} is {@code 1}, {@code 1024Mi} is {@code 1Gi}, {@code 1.5} is {@code 1500m}. */
final class Quantities {
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

    private Quantities() {}

    /** The stored form; an {@link IllegalArgumentException} if it is no quantity. */
    static String canonical(String text) {
        BigDecimal amount = Quantity.parse(text).amount();
        if (amount.signum() == 0) {
            return "0";
        }
        if (text.matches(".*[0-9.][eE][-+]?[0-9]+")) {
            return exponent(amount);
        }
        boolean binary = text.endsWith("i");
        // A binary form that is not whole (or is below 1024) falls back to the decimal one.
        return binary && isWhole(amount) && amount.abs().compareTo(KIBI) >= 0 ? binary(amount) : decimal(amount);
    }

    private static String binary(BigDecimal amount) {
        BigInteger rest = amount.toBigIntegerExact();
        BigInteger kibi = BigInteger.valueOf(1024);
        int unit = 0;
        while (unit < BINARY.size() - 1 && rest.mod(kibi).signum() == 0) {
            rest = rest.divide(kibi);
            unit++;
        }
        return rest + BINARY.get(unit);
    }

    private static String decimal(BigDecimal amount) {
        BigDecimal rest = amount.movePointRight(9);
        int unit = 0;
        while (unit < DECIMAL.size() - 1 && isWhole(rest.movePointLeft(3))) {
            rest = rest.movePointLeft(3);
            unit++;
        }
        return rest.stripTrailingZeros().toPlainString() + DECIMAL.get(unit);
    }

    private static String exponent(BigDecimal amount) {
        BigDecimal bare = amount.stripTrailingZeros();
        int power = Math.floorDiv(-bare.scale(), 3) * 3;
        String digits = bare.movePointLeft(power).toPlainString();
        return power == 0 ? digits : digits + "e" + power;
    }

    private static boolean isWhole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }
}
