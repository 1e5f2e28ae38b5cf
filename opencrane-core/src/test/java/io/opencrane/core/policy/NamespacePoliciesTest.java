package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicySpec;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.TenantSelector;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.PolicyResolutionState;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.support.CpuTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class NamespacePoliciesTest {
    private static AccessPolicy policy(String namespace, String name, TenantSelector selector) {
        return new AccessPolicy(
                ResourceMetadata.of(namespace, name),
                AccessPolicySpec.builder().tenantSelector(selector).build(),
                AccessPolicyStatus.empty());
    }

    private static AccessPolicy leaving(AccessPolicy policy) {
        ResourceMetadata now = policy.metadata();
        return policy.withMetadata(new ResourceMetadata(
                now.namespace(), now.name(), "", "", 1, null, Instant.EPOCH, Map.of(), Map.of(), List.of()));
    }

    private static PolicySubject subject(String name, String team, Map<String, String> labels, String policyRef) {
        return new PolicySubject(new TenantId("ns", name), team, labels, policyRef, null);
    }

    private static TenantSelector team(String name) {
        return new TenantSelector(Map.of(), name);
    }

    @Test
    void thePoliciesThatSelectATenantAreNamedAlsoWhereTheyDoNotCount() {
        NamespacePolicies policies = new NamespacePolicies(
                "ns",
                List.of(
                        policy("ns", "z", team("x")),
                        policy("ns", "a", new TenantSelector(Map.of("opencrane.io/tenant", "ada"), null)),
                        policy("ns", "labels", new TenantSelector(Map.of("tier", "gold"), "x")),
                        policy("ns", "nobody", TenantSelector.NONE),
                        policy("other", "foreign", team("x"))),
                null);

        assertThat(policies.selecting(subject("ada", "x", Map.of("tier", "gold"), "gone")))
                .containsExactly("a", "labels", "z");
        assertThat(policies.selecting(subject("bob", "", Map.of("opencrane.io/team", "x"), "")))
                .isEmpty();
    }

    @Test
    void aPolicyThatIsBeingDeletedResolvesForNobodyButIsStillKnown() {
        NamespacePolicies policies = new NamespacePolicies("ns", List.of(leaving(policy("ns", "p", team("x")))), "p");

        assertThat(policies.resolve(subject("ada", "x", Map.of(), "p")).state())
                .isEqualTo(PolicyResolutionState.POLICY_NOT_FOUND);
        assertThat(policies.resolve(subject("ada", "x", Map.of(), "")).state())
                .isEqualTo(PolicyResolutionState.DEFAULT_POLICY_NOT_FOUND);
        assertThat(policies.policy("p")).isPresent();
        assertThat(policies.policy("q")).isEmpty();
    }

    @Test
    void onlyLabelsThatTheSpecDoesNotDecideNeedTheCustomResource() {
        assertThat(asksOnlyForTheSpec(new TenantSelector(Map.of("opencrane.io/team", "x"), "x")))
                .isTrue();
        assertThat(asksOnlyForTheSpec(new TenantSelector(Map.of("tier", "x"), "x")))
                .isFalse();
    }

    private static boolean asksOnlyForTheSpec(TenantSelector selector) {
        return new NamespacePolicies("ns", List.of(policy("ns", "p", selector)), null).selectByTeamAndNameOnly();
    }

    @Test
    void aHundredThousandTenantsUnderFiftyPoliciesAreResolvedInSeconds() {
        List<AccessPolicy> policies = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            policies.add(policy("ns", "p-" + i, new TenantSelector(Map.of("shard", "s-" + i), null)));
        }
        List<PolicySubject> tenants = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            tenants.add(subject("t-" + i, "team", Map.of("shard", "s-" + i % 51), ""));
        }
        AtomicLong resolved = new AtomicLong();

        Duration took = CpuTime.of(() -> {
            NamespacePolicies prepared = new NamespacePolicies("ns", policies, null);
            resolved.set(tenants.stream()
                    .filter(tenant -> prepared.resolve(tenant).state() == PolicyResolutionState.RESOLVED)
                    .count());
        });

        System.out.println("resolving 100,000 tenants under 50 policies: " + took.toMillis() + " ms");
        assertThat(resolved.get()).isEqualTo(100_000 - 100_000 / 51);
        assertThat(took).isLessThan(Duration.ofSeconds(5));
    }
}
