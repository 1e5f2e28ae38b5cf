package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.tenant.PolicyResolutionSource;
import io.opencrane.api.tenant.PolicyResolutionState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The policies of one namespace, prepared once to resolve many tenants: a tenant is compared with the policies that ask for a label it
 * has, and its labels are not copied. Pure, immutable.
 */
public final class NamespacePolicies {
    private final String namespace;
    private final Map<String, AccessPolicy> all = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    /** Filed under one label that each asks for, by key and value. */
    private final Map<String, Map<String, List<Selecting>>> selectors = new HashMap<>();

    private final String defaultPolicyRef;

    /**
     * Prepares them.
     *
     * @param namespace the namespace
     * @param policies policies; those of other namespaces are passed over (DECISIONS 9), and none resolves to one that is
     *     being deleted
     * @param defaultPolicyRef {@code DEFAULT_TENANT_POLICY_REF}, or null
     */
    public NamespacePolicies(String namespace, Collection<AccessPolicy> policies, @Nullable String defaultPolicyRef) {
        this.namespace = namespace;
        this.defaultPolicyRef = defaultPolicyRef == null ? "" : defaultPolicyRef;
        for (AccessPolicy policy : policies) {
            if (policy.metadata().namespace().equals(namespace)) {
                add(policy);
            }
        }
    }

    private void add(AccessPolicy policy) {
        String name = policy.metadata().name();
        all.put(name, policy);
        if (policy.metadata().isBeingDeleted()) {
            return;
        }
        names.add(name);
        TenantSelector selector = policy.spec().tenantSelector();
        Selectors.anchor(selector)
                .ifPresent(label -> selectors
                        .computeIfAbsent(label.getKey(), key -> new HashMap<>())
                        .computeIfAbsent(label.getValue(), value -> new ArrayList<>())
                        .add(new Selecting(name, selector)));
    }

    private record Selecting(String policy, TenantSelector selector) {}

    /**
     * A policy, also one that is being deleted: tenants that keep it are still under it.
     *
     * @param name its name
     * @return the policy, or empty if there is none of the name
     */
    public Optional<AccessPolicy> policy(String name) {
        return Optional.ofNullable(all.get(name));
    }

    /**
     * Finds the policy that a tenant is under.
     *
     * @param tenant a tenant of the namespace
     * @return the one that resolves; or, where none does, the one it ran under last
     */
    public PolicyInForce inForce(PolicySubject tenant) {
        return PolicyInForce.of(resolve(tenant), tenant.lastInForce());
    }

    /**
     * Resolves a tenant.
     *
     * @param tenant a tenant of the namespace
     * @return the resolution; the same for any order of policies
     */
    public PolicyResolution resolve(PolicySubject tenant) {
        String named = tenant.policyRef();
        if (!named.isEmpty()) {
            return names.contains(named)
                    ? resolved(PolicyResolutionSource.POLICY_REF, named, "The tenant names policy " + named + ".")
                    : missing(
                            PolicyResolutionState.POLICY_NOT_FOUND,
                            PolicyResolutionSource.POLICY_REF,
                            "The tenant names policy " + named + ", which does not exist in namespace " + namespace
                                    + ".");
        }
        List<String> selecting = selecting(tenant);
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
        return byDefault();
    }

    /**
     * The policies whose selector selects a tenant, whether or not that counts.
     *
     * @param tenant a tenant of the namespace
     * @return their names, sorted
     */
    public List<String> selecting(PolicySubject tenant) {
        Set<String> found = new TreeSet<>();
        selectors.forEach((key, byValue) -> {
            String value = tenant.label(key);
            List<Selecting> near = value == null ? null : byValue.get(value);
            if (near != null) {
                near.stream()
                        .filter(policy -> Selectors.selects(policy.selector(), tenant))
                        .forEach(policy -> found.add(policy.policy()));
            }
        });
        return List.copyOf(found);
    }

    /**
     * Whether team and name of a tenant are all that the selectors ask for.
     *
     * @return false if one of them asks for a label that somebody puts onto the custom resource
     */
    boolean selectByTeamAndNameOnly() {
        return selectors.values().stream()
                .flatMap(byValue -> byValue.values().stream())
                .flatMap(List::stream)
                .allMatch(policy -> Selectors.asksForTeamAndNameOnly(policy.selector()));
    }

    private PolicyResolution byDefault() {
        if (defaultPolicyRef.isEmpty()) {
            return missing(
                    PolicyResolutionState.NO_POLICY, PolicyResolutionSource.NONE, "No policy applies to the tenant.");
        }
        return names.contains(defaultPolicyRef)
                ? resolved(
                        PolicyResolutionSource.DEFAULT,
                        defaultPolicyRef,
                        "The default policy " + defaultPolicyRef + " applies.")
                : missing(
                        PolicyResolutionState.DEFAULT_POLICY_NOT_FOUND,
                        PolicyResolutionSource.DEFAULT,
                        "The default policy " + defaultPolicyRef + " does not exist in namespace " + namespace + ".");
    }

    private static PolicyResolution resolved(PolicyResolutionSource source, String name, String message) {
        return new PolicyResolution(PolicyResolutionState.RESOLVED, source, name, message);
    }

    private static PolicyResolution missing(
            PolicyResolutionState state, PolicyResolutionSource source, String message) {
        return new PolicyResolution(state, source, null, message);
    }
}
