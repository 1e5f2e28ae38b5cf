package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.PolicyResolutionState;
import io.opencrane.api.tenant.Tenant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which tenants a change of one policy touches, so that exactly they are reconciled: those for whom another policy may resolve now, and
 * those whose pods are told something else. What only changes the network touches no tenant: that is the policy's own work. Pure.
 */
public final class PolicyTouch {
    private PolicyTouch() {}

    /**
     * Whether a change touches a tenant.
     *
     * @param tenant a tenant of the policy's namespace, with its status as of its last reconcile
     * @param before the policy before; null if it is new
     * @param after the policy afterwards; null if it is gone
     * @return true if the tenant is to be reconciled
     */
    public static boolean touches(Tenant tenant, @Nullable AccessPolicy before, @Nullable AccessPolicy after) {
        boolean was = isThere(before);
        boolean is = isThere(after);
        String name = Objects.requireNonNull(before == null ? after : before).metadata().name();
        boolean isUnderIt = name.equals(tenant.status().effectivePolicyRef());
        if (was != is) {
            boolean names = name.equals(tenant.spec().policyRef());
            boolean awaitsDefault = is && tenant.status().policyResolutionState()
                    == PolicyResolutionState.DEFAULT_POLICY_NOT_FOUND;
            return names || isUnderIt || awaitsDefault || selects(before, tenant) || selects(after, tenant);
        }
        return selects(before, tenant) != selects(after, tenant) || isUnderIt && tellsSomethingElse(before, after);
    }

    /** One that is being deleted resolves for nobody. */
    private static boolean isThere(@Nullable AccessPolicy policy) {
        return policy != null && !policy.metadata().isBeingDeleted();
    }

    /** A tenant that names a policy is selected by none. */
    private static boolean selects(@Nullable AccessPolicy policy, Tenant tenant) {
        String named = tenant.spec().policyRef();
        return policy != null
                && (named == null || named.isEmpty())
                && PolicyResolution.selects(policy.spec().tenantSelector(), tenant);
    }

    private static boolean tellsSomethingElse(@Nullable AccessPolicy before, @Nullable AccessPolicy after) {
        return before == null
                || after == null
                || !before.spec().mcpServers().equals(after.spec().mcpServers());
    }
}
