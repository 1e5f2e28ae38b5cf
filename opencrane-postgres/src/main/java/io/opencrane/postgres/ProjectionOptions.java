package io.opencrane.postgres;

import java.time.InstantSource;

/** How a {@link PostgresProjection} works. Immutable. */
public final class ProjectionOptions {
    private static final ProjectionOptions DEFAULTS = new ProjectionOptions("opencrane", InstantSource.system(), 1_000);

    private final String schema;
    private final InstantSource clock;
    private final int rowsAtOnce;

    private ProjectionOptions(String schema, InstantSource clock, int rowsAtOnce) {
        this.schema = schema;
        this.clock = clock;
        this.rowsAtOnce = rowsAtOnce;
    }

    /**
     * Schema {@code opencrane}, the system's clock, 1,000 rows at once.
     *
     * @return the defaults
     */
    public static ProjectionOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The same with another schema. One OpenCrane instance, one schema, and never the platform's own (DECISIONS 13).
     *
     * @param name lower-case letters, digits and underscores, at most 63, not starting with a digit or {@code pg_}
     * @return a copy
     * @throws IllegalArgumentException if it is not such a name
     */
    public ProjectionOptions withSchema(String name) {
        if (!name.matches("[a-z_][a-z0-9_]{0,62}") || name.startsWith("pg_")) {
            throw new IllegalArgumentException(
                    "A schema name has lower-case letters, digits and underscores, at most 63,"
                            + " and starts with neither a digit nor pg_.");
        }
        return new ProjectionOptions(name, clock, rowsAtOnce);
    }

    /**
     * The same with another clock, which dates rows and deletions.
     *
     * @param source a clock
     * @return a copy
     */
    public ProjectionOptions withClock(InstantSource source) {
        return new ProjectionOptions(schema, source, rowsAtOnce);
    }

    /**
     * The same with another number of rows fetched or written by one statement: more is a little faster and takes more memory.
     *
     * @param rows 1 or more
     * @return a copy
     * @throws IllegalArgumentException if less than 1
     */
    public ProjectionOptions withRowsAtOnce(int rows) {
        if (rows < 1) {
            throw new IllegalArgumentException("At least one row at once; asked for " + rows + ".");
        }
        return new ProjectionOptions(schema, clock, rows);
    }

    String schema() {
        return schema;
    }

    InstantSource clock() {
        return clock;
    }

    int rowsAtOnce() {
        return rowsAtOnce;
    }
}
