package io.opencrane.testkit.projection;

import io.opencrane.core.port.Row;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Comparator;

/**
 * How old the object behind a row is (DECISIONS 39).
 *
 * @param createdAt when it was created, to the second on a real API server
 * @param version its resourceVersion as a number, which tells two objects of one second apart
 */
record RowAge(Instant createdAt, BigInteger version) implements Comparable<RowAge> {
    private static final Comparator<RowAge> ORDER =
            Comparator.comparing(RowAge::createdAt).thenComparing(RowAge::version);

    static RowAge of(Row row) {
        return new RowAge(row.createdAt(), new BigInteger(row.resourceVersion()));
    }

    /** Whether {@code given} may replace {@code there}. */
    static boolean mayReplace(Row there, Row given) {
        int order = of(given).compareTo(of(there));
        return there.uid().equals(given.uid())
                ? of(given).version().compareTo(of(there).version()) >= 0
                : order > 0;
    }

    @Override
    public int compareTo(RowAge other) {
        return ORDER.compare(this, other);
    }
}
