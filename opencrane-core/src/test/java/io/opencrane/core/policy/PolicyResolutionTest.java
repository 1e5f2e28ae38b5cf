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
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PolicyResolutionTest {
    private static final TenantSelector ENGINEERS = new TenantSelector(Map.of(), "engineering");

    private static Tenant tenant(String team, String policyRef, Map<String, String> labels) {
        TenantSpec.Builder spec = TenantSpec.builder("ACME", "a@b");
        if (team != null) {
            spec.team(team);
        }
        if (policyRef != null) {
            spec.policyRef(policyRef);
        }
        return new Tenant(ResourceMetadata.of("ns", "acme").withLabels(labels), spec.build(), TenantStatus.empty());
    }

    private static Tenant engineer() {
        return tenant("engineering", null, Map.of());
    }

    private static AccessPolicy policy(String namespace, String name, TenantSelector selector) {
        return new AccessPolicy(
                ResourceMetadata.of(namespace, name),
                AccessPolicySpec.builder().tenantSelector(selector).build(),
                AccessPolicyStatus.empty());
    }

    private static AccessPolicy policy(String name, TenantSelector selector) {
        return policy("ns", name, selector);
    }

    private static void assertResolution(
            PolicyResolution actual, PolicyResolutionState state, PolicyResolutionSource source, String effective) {
        assertThat(actual.state()).isEqualTo(state);
        assertThat(actual.source()).isEqualTo(source);
        assertThat(actual.effective()).isEqualTo(effective);
        assertThat(actual.message()).endsWith(".");
    }

    @Test
    void aNamedPolicyWinsOverASelector() {
        assertResolution(
                PolicyResolution.resolve(
                        tenant("engineering", "named", Map.of()),
                        List.of(policy("named", TenantSelector.NONE), policy("selecting", ENGINEERS)),
                        "base"),
                PolicyResolutionState.RESOLVED,
                PolicyResolutionSource.POLICY_REF,
                "named");
    }

    @Test
    void aNamedPolicyThatIsMissingDoesNotFallThrough() {
        assertResolution(
                PolicyResolution.resolve(
                        tenant("engineering", "gone", Map.of()),
                        List.of(policy("selecting", ENGINEERS), policy("base", TenantSelector.NONE)),
                        "base"),
                PolicyResolutionState.POLICY_NOT_FOUND,
                PolicyResolutionSource.POLICY_REF,
                null);
    }

    @Test
    void aPolicyOfAnotherNamespaceIsNotThere() {
        List<AccessPolicy> foreign = List.of(policy("other", "named", ENGINEERS));

        assertThat(PolicyResolution.resolve(tenant(null, "named", Map.of()), foreign, null)
                        .state())
                .isEqualTo(PolicyResolutionState.POLICY_NOT_FOUND);
        assertThat(PolicyResolution.resolve(engineer(), foreign, "named").state())
                .isEqualTo(PolicyResolutionState.DEFAULT_POLICY_NOT_FOUND);
    }

    private static AccessPolicy beingDeleted(AccessPolicy policy) {
        ResourceMetadata metadata = policy.metadata();
        return policy.withMetadata(new ResourceMetadata(
                metadata.namespace(),
                metadata.name(),
                metadata.uid(),
                metadata.resourceVersion(),
                metadata.generation(),
                metadata.creationTimestamp(),
                Instant.EPOCH,
                metadata.labels(),
                metadata.annotations(),
                metadata.finalizers()));
    }

    @Test
    void aPolicyThatIsBeingDeletedIsNotThere() {
        AccessPolicy leaving = beingDeleted(policy("leaving", ENGINEERS));

        assertThat(PolicyResolution.resolve(tenant(null, "leaving", Map.of()), List.of(leaving), null)
                        .state())
                .isEqualTo(PolicyResolutionState.POLICY_NOT_FOUND);
        assertThat(PolicyResolution.resolve(engineer(), List.of(leaving), "leaving")
                        .state())
                .isEqualTo(PolicyResolutionState.DEFAULT_POLICY_NOT_FOUND);
        assertResolution(
                PolicyResolution.resolve(engineer(), List.of(leaving, policy("eng", ENGINEERS)), null),
                PolicyResolutionState.RESOLVED,
                PolicyResolutionSource.SELECTOR,
                "eng");
    }

    @Test
    void exactlyOneSelectorResolves() {
        assertResolution(
                PolicyResolution.resolve(
                        engineer(),
                        List.of(policy("sales", new TenantSelector(Map.of(), "sales")), policy("eng", ENGINEERS)),
                        "base"),
                PolicyResolutionState.RESOLVED,
                PolicyResolutionSource.SELECTOR,
                "eng");
    }

    @Test
    void severalSelectorsConflictAndAreNamedInOrder() {
        List<AccessPolicy> policies =
                List.of(policy("zeta", ENGINEERS), policy("base", TenantSelector.NONE), policy("alpha", ENGINEERS));

        PolicyResolution resolution = PolicyResolution.resolve(engineer(), policies, "base");

        assertResolution(resolution, PolicyResolutionState.POLICY_CONFLICT, PolicyResolutionSource.SELECTOR, null);
        assertThat(resolution.message()).isEqualTo("Several policies select the tenant: alpha, zeta.");
    }

    @Test
    void theDefaultAppliesWhenNothingSelects() {
        List<AccessPolicy> policies = List.of(policy("base", TenantSelector.NONE));

        assertResolution(
                PolicyResolution.resolve(engineer(), policies, "base"),
                PolicyResolutionState.RESOLVED,
                PolicyResolutionSource.DEFAULT,
                "base");
        assertResolution(
                PolicyResolution.resolve(engineer(), policies, "gone"),
                PolicyResolutionState.DEFAULT_POLICY_NOT_FOUND,
                PolicyResolutionSource.DEFAULT,
                null);
        assertResolution(
                PolicyResolution.resolve(engineer(), policies, null),
                PolicyResolutionState.NO_POLICY,
                PolicyResolutionSource.NONE,
                null);
        assertThat(PolicyResolution.resolve(tenant(null, "", Map.of()), policies, "")
                        .state())
                .isEqualTo(PolicyResolutionState.NO_POLICY);
    }

    @Test
    void labelsAndTeamMustBothHold() {
        TenantSelector both = new TenantSelector(Map.of("tier", "gold", "opencrane.io/tenant", "acme"), "engineering");

        assertThat(PolicyResolution.selects(both, tenant("engineering", null, Map.of("tier", "gold"))))
                .isTrue();
        assertThat(PolicyResolution.selects(both, tenant("engineering", null, Map.of())))
                .isFalse();
        assertThat(PolicyResolution.selects(both, tenant("sales", null, Map.of("tier", "gold"))))
                .isFalse();
        assertThat(PolicyResolution.selects(both, tenant(null, null, Map.of("tier", "gold"))))
                .isFalse();
    }

    @Test
    void anEmptySelectorSelectsNothing() {
        assertThat(PolicyResolution.selects(TenantSelector.NONE, engineer())).isFalse();
        assertThat(PolicyResolution.selects(new TenantSelector(Map.of(), ""), engineer()))
                .isFalse();
    }

    @Test
    void aLabelOnTheResourceCannotPoseAsAnotherTeamOrTenant() {
        Tenant impostor = tenant(null, null, Map.of("opencrane.io/team", "engineering", "opencrane.io/tenant", "root"));

        assertThat(PolicyResolution.selects(ENGINEERS, impostor)).isFalse();
        assertThat(PolicyResolution.selects(new TenantSelector(Map.of("opencrane.io/tenant", "root"), null), impostor))
                .isFalse();
        assertThat(PolicyResolution.selects(new TenantSelector(Map.of("opencrane.io/tenant", "acme"), null), impostor))
                .isTrue();
    }
}
