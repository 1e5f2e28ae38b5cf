package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.BlastRadius.Shift;
import io.opencrane.api.policy.BlastRadius.Standing;
import io.opencrane.api.tenant.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where tenants stand under some policies and under others, and what the difference is for them. Tenants that go from the same standing
 * to the same standing gain and lose the same, so it is worked out once for all of them. Pure.
 */
final class PolicyShift {
    private static final AccessPolicySpec NOTHING = AccessPolicySpec.builder().build();

    private final NamespacePolicies before;
    private final NamespacePolicies after;

    PolicyShift(NamespacePolicies before, NamespacePolicies after) {
        this.before = before;
        this.after = after;
    }

    private record Move(Standing from, Standing to) {}

    /** One for each way in which tenants are hit, in the order of their first tenant. */
    List<Shift> of(List<PolicySubject> tenants) {
        Map<Move, List<TenantId>> moves = new LinkedHashMap<>();
        for (PolicySubject tenant : tenants) {
            moves.computeIfAbsent(move(tenant), move -> new ArrayList<>()).add(tenant.id());
        }
        return moves.entrySet().stream()
                .flatMap(move -> shift(move.getKey(), move.getValue()).stream())
                .toList();
    }

    /** What is in force now is what a tenant keeps that would not resolve any more. */
    private Move move(PolicySubject tenant) {
        PolicyInForce now = before.inForce(tenant);
        PolicyInForce then = PolicyInForce.of(after.resolve(tenant), now.name());
        return new Move(standing(now), standing(then));
    }

    private static Standing standing(PolicyInForce policy) {
        return new Standing(policy.name(), policy.resolution().state());
    }

    private Optional<Shift> shift(Move move, List<TenantId> tenants) {
        AccessPolicySpec had = spec(before, move.from().policy()).orElse(NOTHING);
        // A policy that would be gone stays in force as it is for who keeps it.
        AccessPolicySpec gets = spec(after, move.to().policy())
                .or(() -> spec(before, move.to().policy()))
                .orElse(NOTHING);
        ReachDifference difference = ReachDifference.between(had, gets);
        boolean isSame = move.from().equals(move.to()) && difference.isEmpty();
        return isSame
                ? Optional.empty()
                : Optional.of(new Shift(tenants, move.from(), move.to(), difference.gains(), difference.losses()));
    }

    private static Optional<AccessPolicySpec> spec(NamespacePolicies policies, @Nullable String name) {
        return name == null ? Optional.empty() : policies.policy(name).map(AccessPolicy::spec);
    }
}
