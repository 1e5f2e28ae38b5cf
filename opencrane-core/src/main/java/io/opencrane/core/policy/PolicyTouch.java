package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicy;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which tenants a change of one policy touches, so that exactly they are reconciled: those for whom another policy may resolve now, and
 * those whose pods are told something else. What only changes the network touches no tenant: that is the policy's own work. Pure.
 *
 * @param before the policy before; null if it is new
 * @param after the policy afterwards; null if it is gone
 */
public record PolicyTouch(
        @Nullable AccessPolicy before, @Nullable AccessPolicy after) {
    /** Refuses a change of nothing. */
    public PolicyTouch {
        if (before == null && after == null) {
            throw new IllegalArgumentException("A change has a policy before it, or after it, or both.");
        }
    }

    /**
     * Whether the change touches a tenant.
     *
     * @param tenant a tenant of the policy's namespace, as of its last reconcile
     * @param awaitsDefault whether the default policy was missing for it then
     * @return true if the tenant is to be reconciled
     */
    public boolean touches(PolicySubject tenant, boolean awaitsDefault) {
        boolean isUnderIt = name().equals(tenant.lastInForce());
        boolean comes = !isThere(before) && isThere(after);
        if (isThere(before) != isThere(after)) {
            return isUnderIt
                    || name().equals(tenant.policyRef())
                    || comes && awaitsDefault
                    || selects(before, tenant)
                    || selects(after, tenant);
        }
        return isUnderIt && tellsSomethingElse() || selects(before, tenant) != selects(after, tenant);
    }

    private String name() {
        return Objects.requireNonNull(before == null ? after : before)
                .metadata()
                .name();
    }

    /** One that is being deleted resolves for nobody. */
    private static boolean isThere(@Nullable AccessPolicy policy) {
        return policy != null && !policy.metadata().isBeingDeleted();
    }

    /** A tenant that names a policy is selected by none, and nobody is by one that is being deleted. */
    private static boolean selects(@Nullable AccessPolicy policy, PolicySubject tenant) {
        return policy != null
                && isThere(policy)
                && tenant.policyRef().isEmpty()
                && Selectors.selects(policy.spec().tenantSelector(), tenant);
    }

    private boolean tellsSomethingElse() {
        return before == null
                || after == null
                || !before.spec().mcpServers().equals(after.spec().mcpServers());
    }
}
