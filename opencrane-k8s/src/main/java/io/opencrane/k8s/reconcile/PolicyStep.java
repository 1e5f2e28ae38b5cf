package io.opencrane.k8s.reconcile;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.McpServers;
import io.opencrane.api.tenant.PolicyResolutionState;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.policy.PolicyInForce;
import io.opencrane.core.policy.PolicyResolution;
import io.opencrane.k8s.blueprint.EffectivePolicy;
import io.opencrane.k8s.blueprint.TenantBlueprint;
import io.opencrane.k8s.blueprint.TenantChildren;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which policy a tenant runs under. A tenant whose policy does not resolve keeps the one it runs under, and a new one waits (DECISIONS 29). */
final class PolicyStep {
    private static final Map<PolicyResolutionState, String> STATE_REASONS = Map.of(
            PolicyResolutionState.RESOLVED, "Resolved",
            PolicyResolutionState.NO_POLICY, "NoPolicy",
            PolicyResolutionState.POLICY_NOT_FOUND, "PolicyNotFound",
            PolicyResolutionState.POLICY_CONFLICT, "PolicyConflict",
            PolicyResolutionState.DEFAULT_POLICY_NOT_FOUND, "DefaultPolicyNotFound");

    private final Context context;
    private final Tenant tenant;
    private final StatusDraft draft;
    private @Nullable PolicyResolution unresolved;

    PolicyStep(Context context, Tenant tenant, StatusDraft draft) {
        this.context = context;
        this.tenant = tenant;
        this.draft = draft;
    }

    /**
     * The policy in force.
     *
     * @param live the children; with a workload the tenant goes on under the policy it has
     * @param names their names
     */
    EffectivePolicy resolve(LiveChildren live, TenantChildren names) {
        List<AccessPolicy> policies = Pages.all(
                context.resources(), AccessPolicy.class, tenant.metadata().namespace());
        PolicyInForce inForce =
                PolicyInForce.of(tenant, policies, context.settings().tenants().defaultPolicyRef());
        PolicyResolution resolution = inForce.resolution();
        draft.fields.policy(inForce.name(), resolution.source(), resolution.state());
        String reason = Objects.requireNonNull(STATE_REASONS.get(resolution.state()));
        if (inForce.isSettled()) {
            draft.holds(TenantRun.POLICY, reason, resolution.message());
        } else {
            draft.fails(TenantRun.POLICY, reason, resolution.message());
            if (live.get(names.deployment()).isEmpty()) {
                throw Stop.error(reason, resolution.message());
            }
            unresolved = resolution;
        }
        String name = inForce.name();
        return name == null ? EffectivePolicy.NONE : new EffectivePolicy(name, servers(name, policies, live, names));
    }

    /** What a policy that is gone said is known from what the pod was told, and from nowhere else. */
    private static McpServers servers(
            String policy, List<AccessPolicy> policies, LiveChildren live, TenantChildren names) {
        return policies.stream()
                .filter(there -> there.metadata().name().equals(policy))
                .map(there -> there.spec().mcpServers())
                .findFirst()
                .or(() -> live.get(names.config()).flatMap(config -> TenantBlueprint.toldServers(config, policy)))
                .orElseThrow(() -> Stop.error(
                        "PolicyNotFound",
                        "Policy " + policy + ", under which it runs, is gone, and so is what its pod was told of it;"
                                + " give the tenant another policy."));
    }

    /** A tenant that runs on under its last policy still needs somebody. */
    void requireResolved() {
        if (unresolved != null) {
            throw Stop.error(
                    Objects.requireNonNull(STATE_REASONS.get(unresolved.state())),
                    unresolved.message() + " It runs on under the policy it had.");
        }
    }
}
