package io.opencrane.api.projection;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * One object that drifted (contract §6; {@code namespace} is ours).
 *
 * @param namespace the object's namespace
 * @param name the object's name
 * @param issue how it drifted
 * @param differences the fields that differ, for {@link Issue#FIELD_MISMATCH}; callers see both values, JSON only the names
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Mismatch(
        String namespace,
        String name,
        Issue issue,
        @JsonIgnore List<FieldDifference> differences) {
    /** Copies the differences. */
    public Mismatch {
        differences = List.copyOf(differences);
    }

    /** How an object drifted. */
    public enum Issue {
        /** There is a row and no custom resource. */
        @JsonProperty("missing-source")
        MISSING_SOURCE,
        /** There is a custom resource and no row. */
        @JsonProperty("missing-projection")
        MISSING_PROJECTION,
        /** Both are there and differ. */
        @JsonProperty("field-mismatch")
        FIELD_MISMATCH
    }

    /**
     * The names of the fields that differ.
     *
     * @return in the order they are compared; empty unless {@link Issue#FIELD_MISMATCH}
     */
    @JsonProperty("fields")
    public List<String> fields() {
        return differences.stream().map(FieldDifference::field).toList();
    }
}
