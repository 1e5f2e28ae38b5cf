package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.PolicyResolutionSource;
import io.opencrane.api.policy.PolicyResolutionState;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.tenant.Tenant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        List<AccessPolicy> near = policies.stream()
                .filter(policy ->
                        policy.metadata().namespace().equals(tenant.metadata().namespace())
                                && !policy.metadata().isBeingDeleted())
                .toList();
        String named = tenant.spec().policyRef();
        if (named != null && !named.isEmpty()) {
            return exists(near, named)
                    ? resolved(PolicyResolutionSource.POLICY_REF, named, "The tenant names policy " + named + ".")
                    : missing(
                            PolicyResolutionState.POLICY_NOT_FOUND,
                            PolicyResolutionSource.POLICY_REF,
                            "The tenant names policy " + named + ", which does not exist in namespace "
                                    + tenant.metadata().namespace() + ".");
        }
        Map<String, String> labels = labels(tenant);
        List<String> selecting = near.stream()
                .filter(policy -> selects(policy.spec().tenantSelector(), labels))
                .map(policy -> policy.metadata().name())
                .distinct()
                .sorted()
                .toList();
        if (selecting.size() == 1) {
            String name = selecting.get(0);
            return resolved(PolicyResolutionSource.SELECTOR, name, "Policy " + name + " selects the tenant.");
        }
        if (!selecting.isEmpty()) {
            return missing(
                    PolicyResolutionState.POLICY_CONFLICT,
                    PolicyResolutionSource.SELECTOR,
                    "Several policies select the tenant: " + String.join(", ", selecting) + ".");
        }
        return byDefault(tenant, near, defaultPolicyRef);
    }

    private static PolicyResolution byDefault(
            Tenant tenant, List<AccessPolicy> near, @Nullable String defaultPolicyRef) {
        if (defaultPolicyRef == null || defaultPolicyRef.isEmpty()) {
            return missing(
                    PolicyResolutionState.NO_POLICY, PolicyResolutionSource.NONE, "No policy applies to the tenant.");
        }
        return exists(near, defaultPolicyRef)
                ? resolved(
                        PolicyResolutionSource.DEFAULT,
                        defaultPolicyRef,
                        "The default policy " + defaultPolicyRef + " applies.")
                : missing(
                        PolicyResolutionState.DEFAULT_POLICY_NOT_FOUND,
                        PolicyResolutionSource.DEFAULT,
                        "The default policy " + defaultPolicyRef + " does not exist in namespace "
                                + tenant.metadata().namespace() + ".");
    }

    /**
     * Whether a selector selects a tenant. One with neither labels nor team selects nothing; otherwise both must hold.
     *
     * @param selector a policy's selector
     * @param tenant a tenant
     * @return true if it does
     */
    public static boolean selects(TenantSelector selector, Tenant tenant) {
        return selects(selector, labels(tenant));
    }

    private static boolean selects(TenantSelector selector, Map<String, String> labels) {
        String team = Objects.requireNonNullElse(selector.matchTeam(), "");
        boolean anyTeam = team.isEmpty();
        if (anyTeam && selector.matchLabels().isEmpty()) {
            return false;
        }
        return (anyTeam || team.equals(labels.get(TEAM_LABEL)))
                && selector.matchLabels().entrySet().stream()
                        .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
    }

    /** The spec decides name and team: labels that somebody put onto the custom resource cannot pose as another tenant's. */
    private static Map<String, String> labels(Tenant tenant) {
        Map<String, String> labels = new HashMap<>(tenant.metadata().labels());
        labels.put(TENANT_LABEL, tenant.metadata().name());
        labels.remove(TEAM_LABEL);
        tenant.spec().teamName().filter(team -> !team.isEmpty()).ifPresent(team -> labels.put(TEAM_LABEL, team));
        return labels;
    }

    private static boolean exists(List<AccessPolicy> near, String name) {
        return near.stream().anyMatch(policy -> policy.metadata().name().equals(name));
    }

    private static PolicyResolution resolved(PolicyResolutionSource source, String name, String message) {
        return new PolicyResolution(PolicyResolutionState.RESOLVED, source, name, message);
    }

    private static PolicyResolution missing(
            PolicyResolutionState state, PolicyResolutionSource source, String message) {
        return new PolicyResolution(state, source, null, message);
    }
}
