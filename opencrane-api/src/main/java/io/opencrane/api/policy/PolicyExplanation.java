package io.opencrane.api.policy;

import io.opencrane.api.tenant.PolicyResolutionSource;
import io.opencrane.api.tenant.PolicyResolutionState;
import io.opencrane.api.tenant.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a tenant is under the policy it is under.
 *
 * @param tenant the tenant
 * @param policy the policy in force, in the tenant's namespace; null for none
 * @param state how resolution ended
 * @param source what decided
 * @param selecting the policies that select the tenant, sorted, whether or not that counted
 * @param message what happened, for people
 */
public record PolicyExplanation(
        TenantId tenant,
        @Nullable String policy,
        PolicyResolutionState state,
        PolicyResolutionSource source,
        List<String> selecting,
        String message) {
    /** Copies the list. */
    public PolicyExplanation {
        selecting = List.copyOf(selecting);
    }
}
