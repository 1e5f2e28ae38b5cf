package io.opencrane.k8s.reconcile;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.PolicyResolutionState;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.policy.PolicyResolution;
import io.opencrane.core.port.ResourceStore.Chunk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which policy a tenant runs under. A tenant whose policy does not resolve keeps the one it runs under, and a new one waits (DECISIONS 29). */
final class PolicyStep {
    private static final int PAGE = 500;
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
     * The policy's name, or null for none.
     *
     * @param hasWorkload whether there is a workload that goes on under the policy it has
     */
    @Nullable
    String resolve(boolean hasWorkload) {
        PolicyResolution resolution = PolicyResolution.resolve(
                tenant, policies(), context.settings().tenants().defaultPolicyRef());
        boolean settled = resolution.state() == PolicyResolutionState.RESOLVED
                || resolution.state() == PolicyResolutionState.NO_POLICY;
        String running = tenant.status().effectivePolicyRef();
        String effective = settled ? resolution.effective() : running;
        draft.fields.policy(effective, resolution.source(), resolution.state());
        String reason = Objects.requireNonNull(STATE_REASONS.get(resolution.state()));
        if (settled) {
            draft.holds(TenantRun.POLICY, reason, resolution.message());
            return effective;
        }
        draft.fails(TenantRun.POLICY, reason, resolution.message());
        if (!hasWorkload) {
            throw Stop.error(reason, resolution.message());
        }
        unresolved = resolution;
        return effective;
    }

    /** A tenant that runs on under its last policy still needs somebody. */
    void requireResolved() {
        if (unresolved != null) {
            throw Stop.error(
                    Objects.requireNonNull(STATE_REASONS.get(unresolved.state())),
                    unresolved.message() + " It runs on under the policy it had.");
        }
    }

    private List<AccessPolicy> policies() {
        List<AccessPolicy> all = new ArrayList<>();
        String token = null;
        do {
            Chunk<AccessPolicy> chunk = context.resources()
                    .page(AccessPolicy.class, tenant.metadata().namespace(), PAGE, token);
            all.addAll(chunk.items());
            token = chunk.continueToken();
        } while (token != null);
        return all;
    }
}
