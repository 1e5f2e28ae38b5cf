package io.opencrane.k8s.reconcile;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.tenant.Placement;
import io.opencrane.core.policy.EgressPlan;
import io.opencrane.core.policy.EgressPlan.Reason;
import java.util.List;
import java.util.Set;

/** Says whether exactly the domain names that a policy lists are open (DECISIONS 30). Never silent where some of them are not. */
final class DomainsCondition {
    static final String CILIUM_ABSENT = "CiliumAbsent";

    private static final String TYPE = AccessPolicyStatus.DOMAINS_ENFORCED;

    private final Domains domains;
    private final EgressPlan plan;
    private final PolicyDraft draft;

    DomainsCondition(AccessPolicy policy, EgressPlan plan, PolicyDraft draft) {
        this.domains = policy.spec().domains();
        this.plan = plan;
        this.draft = draft;
    }

    void tell(List<Placement> withoutCilium, List<PolicyPlace.Failure> failures) {
        List<String> malformed = PolicyRun.gaps(plan, Set.of(Reason.DENY_MALFORMED));
        List<String> notExpressible = PolicyRun.gaps(plan, Set.of(Reason.DENY_NOT_EXPRESSIBLE));
        if (domains.isEmpty()) {
            draft.forget(TYPE);
        } else if (!plan.names().isEmpty() && !withoutCilium.isEmpty()) {
            draft.fails(
                    TYPE,
                    CILIUM_ABSENT,
                    "Domain names are allowed, and CiliumNetworkPolicy (cilium.io/v2) is not served for "
                            + Sentences.few(
                                    withoutCilium.stream().map(Parent::describe).toList())
                            + "; they are closed there. Install Cilium, or allow networks by egressRules.");
        } else if (!plan.names().isEmpty() && !failures.isEmpty()) {
            draft.fails(TYPE, failures.get(0).code(), failures.get(0).sentence());
        } else if (!malformed.isEmpty()) {
            draft.fails(TYPE, "DenyMalformed", Sentences.told(malformed));
        } else if (!notExpressible.isEmpty()) {
            draft.fails(TYPE, AccessPolicyStatus.DENY_NOT_EXPRESSIBLE, Sentences.told(notExpressible));
        } else {
            draft.holds(TYPE, "Enforced", "");
        }
    }
}
