package io.opencrane.api.policy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.MaybeEmpty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was last observed of a policy (contract §2, DECISIONS 28).
 *
 * @param lastReconciled when this content was first observed; it moves only when another field does
 * @param conditions the standard conditions
 * @param observedGeneration the spec's generation that this is about; 0 before the first reconcile
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AccessPolicyStatus(
        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant lastReconciled,

        List<Condition> conditions,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long observedGeneration)
        implements MaybeEmpty {
    private static final AccessPolicyStatus EMPTY = new AccessPolicyStatus(null, List.of(), 0);

    /** Copies the conditions. */
    public AccessPolicyStatus {
        conditions = Absent.asEmpty(conditions);
    }

    /**
     * The status before anybody looked.
     *
     * @return an empty status
     */
    public static AccessPolicyStatus empty() {
        return EMPTY;
    }

    @Override
    public boolean isEmpty() {
        return equals(EMPTY);
    }
}
