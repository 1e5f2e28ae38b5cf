package io.opencrane.api.resource;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One observation about a resource, in the standard shape. An empty reason or message is left out on the wire: some API servers (1.20
 * built with a later Go) take an empty text in a custom resource for null and refuse it.
 *
 * @param type what is observed, CamelCase, for example {@code ModelKeyReady}
 * @param status whether it holds
 * @param reason why, one CamelCase or UPPER_SNAKE word for machines; never empty
 * @param message why, for people; may be empty; never holds a secret
 * @param observedGeneration the spec's generation that this is about; 0 when unknown
 * @param lastTransitionTime when {@code status} last changed, in whole seconds
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/condition/">Condition</a>
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Condition(
        String type,
        Status status,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String reason,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) String message,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long observedGeneration,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
        Instant lastTransitionTime) {
    /** Refuses a condition without type or status; an absent reason or message is empty. */
    public Condition {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(status, "status");
        reason = Absent.asEmpty(reason);
        message = Absent.asEmpty(message);
    }

    /** Whether a condition holds. */
    public enum Status {
        /** It holds. */
        @JsonProperty("True")
        TRUE,
        /** It does not. */
        @JsonProperty("False")
        FALSE,
        /** It could not be told. */
        @JsonProperty("Unknown")
        UNKNOWN
    }

    /**
     * Whether the condition holds.
     *
     * @return true when its status is {@link Status#TRUE}
     */
    @JsonIgnore
    public boolean isTrue() {
        return status == Status.TRUE;
    }
}
