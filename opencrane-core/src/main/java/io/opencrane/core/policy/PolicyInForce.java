package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.tenant.PolicyResolutionState;
import io.opencrane.api.tenant.Tenant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The policy that a tenant is under: the one that resolves; or, where none does, the one it ran under last (DECISIONS 29). Pure.
 *
 * @param name the policy's name in the tenant's namespace; null for none
 * @param resolution what resolution said
 */
public record PolicyInForce(@Nullable String name, PolicyResolution resolution) {
    /**
     * Finds it.
     *
     * @param tenant the tenant with its status, which says what it ran under
     * @param policies policies; those of other namespaces than the tenant's are passed over
     * @param defaultPolicyRef {@code DEFAULT_TENANT_POLICY_REF}, or null
     * @return the same for any order of policies
     */
    public static PolicyInForce of(
            Tenant tenant, Collection<AccessPolicy> policies, @Nullable String defaultPolicyRef) {
        return new NamespacePolicies(tenant.metadata().namespace(), policies, defaultPolicyRef)
                .inForce(PolicySubject.of(tenant));
    }

    static PolicyInForce of(PolicyResolution resolution, @Nullable String lastInForce) {
        return new PolicyInForce(isSettled(resolution) ? resolution.effective() : lastInForce, resolution);
    }

    /**
     * Whether resolution came to an end: one policy, or none and none asked for.
     *
     * @return false where somebody has to mend something
     */
    public boolean isSettled() {
        return isSettled(resolution);
    }

    private static boolean isSettled(PolicyResolution resolution) {
        return resolution.state() == PolicyResolutionState.RESOLVED
                || resolution.state() == PolicyResolutionState.NO_POLICY;
    }
}
