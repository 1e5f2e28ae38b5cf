package io.opencrane.api.projection;

/** What became of a change's row and audit entry. The change itself has happened in every case. */
public enum ProjectionOutcome {
    /** Row and audit entry are written, or a newer row was already there. */
    WRITTEN,
    /** They could not be written; the next repair mends the row. */
    PENDING,
    /** This host has no projection. */
    NONE
}
