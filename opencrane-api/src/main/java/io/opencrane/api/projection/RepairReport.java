package io.opencrane.api.projection;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.opencrane.api.resource.ResourceKind;
import java.util.List;

/**
 * What a repair did, or would do, in the shape of contract §6.
 *
 * @param resource the kind repaired
 * @param mode whether it wrote
 * @param repairedCount entries created or updated
 * @param skippedCount entries skipped
 * @param entries one for each mismatch, in the byte order of {@code namespace/name}
 */
public record RepairReport(
        ResourceKind resource, RepairMode mode, long repairedCount, long skippedCount, List<Entry> entries) {
    /** Copies the entries. */
    public RepairReport {
        entries = List.copyOf(entries);
    }

    /**
     * One mismatch and what came of it.
     *
     * @param namespace the object's namespace
     * @param name the object's name
     * @param action what was or would be done
     * @param reason why
     * @param dryRun whether nothing was written
     */
    public record Entry(String namespace, String name, Action action, String reason, boolean dryRun) {}

    /** What a repair does with a mismatch. */
    public enum Action {
        /** The missing row is written. */
        @JsonProperty("created")
        CREATED,
        /** The differing row is rewritten. */
        @JsonProperty("updated")
        UPDATED,
        /** It is left alone; the reason says why. */
        @JsonProperty("skipped")
        SKIPPED
    }
}
