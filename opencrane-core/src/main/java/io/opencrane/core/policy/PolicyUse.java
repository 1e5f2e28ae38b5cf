package io.opencrane.core.policy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.tenant.PolicyResolutionSource;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.tenant.NamedTenants;
import java.util.ArrayList;
import java.util.List;

/** Whether a policy may go: not while tenants would be left without the policy they ask for. */
final class PolicyUse {
    private final NamespaceReader reader;

    PolicyUse(NamespaceReader reader) {
        this.reader = reader;
    }

    /** Asks the cluster, because a row that is behind would let a tenant's policy go. */
    void requireUnused(AccessPolicy policy) {
        String namespace = policy.metadata().namespace();
        String name = policy.metadata().name();
        NamespacePolicies policies = reader.prepared(namespace);
        List<TenantId> naming = new ArrayList<>();
        List<TenantId> byDefault = new ArrayList<>();
        reader.forEachTenant(namespace, tenant -> {
            PolicyResolution resolution = policies.resolve(tenant);
            if (name.equals(tenant.policyRef())) {
                naming.add(tenant.id());
            } else if (resolution.source() == PolicyResolutionSource.DEFAULT && name.equals(resolution.effective())) {
                byDefault.add(tenant.id());
            }
        });
        if (!naming.isEmpty()) {
            throw inUse(
                    policy,
                    "Tenants name it: " + NamedTenants.of(naming) + "; clear their policyRef or name another policy.");
        }
        if (!byDefault.isEmpty()) {
            throw inUse(
                    policy,
                    "It is DEFAULT_TENANT_POLICY_REF, which tenants follow: " + NamedTenants.of(byDefault)
                            + "; set another default, or give them a policy.");
        }
    }

    private static OpenCraneException inUse(AccessPolicy policy, String message) {
        return new OpenCraneException(ErrorCode.IN_USE, policy.key().toString(), message);
    }
}
