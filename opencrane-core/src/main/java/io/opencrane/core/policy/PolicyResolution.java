package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.tenant.PolicyResolutionSource;
import io.opencrane.api.tenant.PolicyResolutionState;
import io.opencrane.api.tenant.Tenant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Which policy a tenant follows (contract §4): the one it names; else the one that selects it; else the configured default; else none.
 * Never falls through from a step that failed: a named policy that is missing does not make the default apply.
 *
 * @param state how resolution ended
 * @param source what decided
 * @param effective the policy's name; null unless resolved
 * @param message one sentence for people
 */
public record PolicyResolution(
        PolicyResolutionState state,
        PolicyResolutionSource source,
        @Nullable String effective,
        String message) {
    /** A policy's selector may ask for this label: the tenant's name. */
    public static final String TENANT_LABEL = "opencrane.io/tenant";

    /** A policy's selector may ask for this label: the tenant's team. */
    public static final String TEAM_LABEL = "opencrane.io/team";

    /**
     * Resolves.
     *
     * @param tenant the tenant
     * @param policies policies; those of other namespaces than the tenant's are passed over (DECISIONS 9), and so are those
     *     that are being deleted
     * @param defaultPolicyRef {@code DEFAULT_TENANT_POLICY_REF}, or null
     * @return the resolution; the same for any order of policies
     */
    public static PolicyResolution resolve(
            Tenant tenant, Collection<AccessPolicy> policies, @Nullable String defaultPolicyRef) {
        return new NamespacePolicies(tenant.metadata().namespace(), policies, defaultPolicyRef)
                .resolve(PolicySubject.of(tenant));
    }

    /**
     * Whether a selector selects a tenant. One with neither labels nor team selects nothing; otherwise both must hold.
     *
     * @param selector a policy's selector
     * @param tenant a tenant
     * @return true if it does
     */
    public static boolean selects(TenantSelector selector, Tenant tenant) {
        return selects(selector, PolicySubject.of(tenant));
    }

    /**
     * As {@link #selects(TenantSelector, Tenant)}, of what decides it.
     *
     * @param selector a policy's selector
     * @param tenant what of a tenant decides
     * @return true if it does
     */
    public static boolean selects(TenantSelector selector, PolicySubject tenant) {
        return Selectors.selects(selector, tenant);
    }
}
