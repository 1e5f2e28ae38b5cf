package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.PolicyResolutionSource;
import io.opencrane.api.tenant.PolicyResolutionState;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyInForceTest {
    private static final AccessPolicy ENGINEERING = policy("eng");
    private static final AccessPolicy ALSO_ENGINEERING = policy("eng2");

    private static AccessPolicy policy(String name) {
        return new AccessPolicy(
                ResourceMetadata.of("ns", name),
                AccessPolicySpec.builder()
                        .tenantSelector(new TenantSelector(Map.of(), "engineering"))
                        .build(),
                AccessPolicyStatus.empty());
    }

    private static Tenant tenant(@Nullable String policyRef, @Nullable String last) {
        TenantStatus status = TenantStatus.empty().toBuilder()
                .policy(last, PolicyResolutionSource.POLICY_REF, PolicyResolutionState.RESOLVED)
                .build();
        TenantSpec.Builder spec = TenantSpec.builder("ACME", "a@b").team("engineering");
        if (policyRef != null) {
            spec.policyRef(policyRef);
        }
        return new Tenant(ResourceMetadata.of("ns", "acme"), spec.build(), status);
    }

    private static void assertInForce(
            PolicyInForce actual, @Nullable String name, PolicyResolutionState state, boolean isSettled) {
        assertThat(actual.name()).isEqualTo(name);
        assertThat(actual.resolution().state()).isEqualTo(state);
        assertThat(actual.isSettled()).isEqualTo(isSettled);
    }

    @Test
    void thePolicyThatResolvesIsInForceWhateverWasBefore() {
        assertInForce(
                PolicyInForce.of(tenant(null, "old"), List.of(ENGINEERING), null),
                "eng",
                PolicyResolutionState.RESOLVED,
                true);
    }

    @Test
    void aTenantThatNoPolicyAppliesToAnyMoreIsUnderNone() {
        assertInForce(
                PolicyInForce.of(tenant(null, "old"), List.of(), null), null, PolicyResolutionState.NO_POLICY, true);
    }

    @Test
    void aTenantWhosePolicyDoesNotResolveKeepsTheLast() {
        assertInForce(
                PolicyInForce.of(tenant("gone", "old"), List.of(ENGINEERING), null),
                "old",
                PolicyResolutionState.POLICY_NOT_FOUND,
                false);
        assertInForce(
                PolicyInForce.of(tenant(null, "eng"), List.of(ENGINEERING, ALSO_ENGINEERING), null),
                "eng",
                PolicyResolutionState.POLICY_CONFLICT,
                false);
        assertInForce(
                PolicyInForce.of(tenant(null, "old"), List.of(), "base"),
                "old",
                PolicyResolutionState.DEFAULT_POLICY_NOT_FOUND,
                false);
        assertInForce(
                PolicyInForce.of(tenant("gone", null), List.of(), null),
                null,
                PolicyResolutionState.POLICY_NOT_FOUND,
                false);
    }
}
