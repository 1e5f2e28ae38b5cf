package io.opencrane.api.policy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.opencrane.api.resource.Absent;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.MaybeEmpty;
import io.opencrane.api.tenant.Placement;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was last observed of a policy (contract §2, DECISIONS 28).
 *
 * @param lastReconciled when this content was first observed; it moves only when another field does
 * @param conditions the standard conditions
 * @param observedGeneration the spec's generation that this is about; 0 before the first reconcile
 * @param placements where network objects of the policy are, or may be
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AccessPolicyStatus(
        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Instant lastReconciled,

        List<Condition> conditions,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) long observedGeneration,
        List<Placement> placements)
        implements MaybeEmpty {
    private static final AccessPolicyStatus EMPTY = new AccessPolicyStatus(null, List.of(), 0, List.of());

    /** The condition that says whether the allowed domain names, and nothing but them, are open; absent while a policy lists none. */
    public static final String DOMAINS_ENFORCED = "DomainsEnforced";

    /** The reason of {@link #DOMAINS_ENFORCED} where a name stays closed because a denied one lies within it; the others are open. */
    public static final String DENY_NOT_EXPRESSIBLE = "DenyNotExpressible";

    /** Copies the lists. */
    public AccessPolicyStatus {
        conditions = Absent.asEmpty(conditions);
        placements = Absent.asEmpty(placements);
    }

    /**
     * The status before anybody looked.
     *
     * @return an empty status
     */
    public static AccessPolicyStatus empty() {
        return EMPTY;
    }

    /**
     * Whether the domain names that the policy allows are open wherever its tenants run: something puts them into force, even if others of
     * its names had to stay closed.
     *
     * @return false before anybody looked, and if they are closed in one place or more, which the condition's message names
     */
    @JsonIgnore
    public boolean opensNames() {
        return conditions.stream()
                .filter(condition -> condition.type().equals(DOMAINS_ENFORCED))
                .anyMatch(condition -> condition.isTrue() || condition.reason().equals(DENY_NOT_EXPRESSIBLE));
    }

    @Override
    public boolean isEmpty() {
        return equals(EMPTY);
    }
}
