package io.opencrane.core.policy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.Destination;
import io.opencrane.api.policy.EgressDecision;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.api.policy.PolicyExplanation;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantService;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a host asks about policies as they are. Reads the cluster, writes nothing. */
final class PolicyAnswers {
    private final TenantService tenants;
    private final NamespaceReader reader;
    private final EgressBaseline baseline;

    PolicyAnswers(TenantService tenants, NamespaceReader reader, EgressBaseline baseline) {
        this.tenants = tenants;
        this.reader = reader;
        this.baseline = baseline;
    }

    List<TenantId> tenantsUnder(AccessPolicy policy) {
        String name = policy.metadata().name();
        NamespacePolicies policies = reader.prepared(policy.metadata().namespace());
        List<TenantId> under = new ArrayList<>();
        reader.forEachTenant(policy.metadata().namespace(), tenant -> {
            if (name.equals(policies.inForce(tenant).name())) {
                under.add(tenant.id());
            }
        });
        return List.copyOf(under);
    }

    PolicyExplanation explain(TenantId id) {
        PolicySubject tenant = PolicySubject.of(tenants.get(id));
        NamespacePolicies policies = reader.prepared(id.namespace());
        PolicyInForce inForce = policies.inForce(tenant);
        PolicyResolution resolution = inForce.resolution();
        String name = inForce.name();
        boolean isKept = name != null && !inForce.isSettled();
        return new PolicyExplanation(
                id,
                name,
                resolution.state(),
                resolution.source(),
                policies.selecting(tenant),
                resolution.message() + (isKept ? " It runs on under policy " + name + "." : ""));
    }

    EgressDecision decide(TenantId id, Destination destination, int port) {
        PolicySubject tenant = PolicySubject.of(tenants.get(id));
        NamespacePolicies policies = reader.prepared(id.namespace());
        return fence(id, policies.inForce(tenant).name(), policies).decide(destination, port, Protocol.TCP);
    }

    private EgressFence fence(TenantId id, @Nullable String name, NamespacePolicies policies) {
        if (name == null) {
            return new EgressFence(baseline, null, EgressPlan.NONE, false);
        }
        AccessPolicy policy = policies.policy(name)
                .orElseThrow(() -> new OpenCraneException(
                        ErrorCode.POLICY_NOT_FOUND,
                        new AccessPolicyId(id.namespace(), name).key().toString(),
                        "The policy is gone, and tenant " + id
                                + " runs on under what is left of it, which nobody can tell; create it again, or give the"
                                + " tenant another policy."));
        return new EgressFence(
                baseline, name, EgressPlan.of(policy.spec()), policy.status().opensNames());
    }
}
