package io.opencrane.core.policy;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.BlastRadius;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells whom a change of one policy would hit, and what they would gain and lose. Writes nothing. */
final class PolicyPreviews {
    private final NamespaceReader reader;

    PolicyPreviews(NamespaceReader reader) {
        this.reader = reader;
    }

    /**
     * Compares.
     *
     * @param id the policy that would change
     * @param changed the policy as it would be; null if it were gone
     */
    BlastRadius of(AccessPolicyId id, @Nullable AccessPolicy changed) {
        List<AccessPolicy> now = reader.policies(id.namespace());
        List<AccessPolicy> then = new ArrayList<>(now);
        then.removeIf(policy -> policy.id().equals(id));
        if (changed != null) {
            then.add(changed);
        }
        NamespacePolicies before = reader.prepared(id.namespace(), now);
        NamespacePolicies after = reader.prepared(id.namespace(), then);
        NamespaceReader.Subjects tenants = reader.tenants(id.namespace(), before, after);
        return new BlastRadius(new PolicyShift(before, after).of(tenants.all()), tenants.source(), tenants.asOf());
    }
}
