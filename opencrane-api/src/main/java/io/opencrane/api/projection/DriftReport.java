package io.opencrane.api.projection;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.opencrane.api.resource.ResourceKind;
import java.util.List;

/**
 * How far the projection is from the cluster, in the shape of contract §6.
 *
 * @param resource the kind compared
 * @param comparedFields wire names of the fields compared
 * @param summary the counts
 * @param mismatches what differs, in the byte order of {@code namespace/name}
 */
@JsonPropertyOrder({"resource", "mode", "comparedFields", "summary", "mismatches"})
public record DriftReport(
        ResourceKind resource, List<String> comparedFields, Summary summary, List<Mismatch> mismatches) {
    /** Copies the lists. */
    public DriftReport {
        comparedFields = List.copyOf(comparedFields);
        mismatches = List.copyOf(mismatches);
    }

    /**
     * The counts of a comparison.
     *
     * @param sourceCount custom resources seen
     * @param projectionCount rows seen
     * @param driftCount mismatches
     */
    public record Summary(long sourceCount, long projectionCount, long driftCount) {}

    /**
     * Always {@code detect-only}.
     *
     * @return the mode
     */
    @JsonProperty
    public String mode() {
        return "detect-only";
    }

    /**
     * Whether both sides agree.
     *
     * @return true when there is no mismatch
     */
    @JsonIgnore
    public boolean isClean() {
        return summary.driftCount() == 0;
    }
}
