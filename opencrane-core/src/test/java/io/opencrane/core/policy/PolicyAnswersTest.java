package io.opencrane.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyService;
import io.opencrane.api.policy.AccessPolicyStatus;
import io.opencrane.api.policy.Destination;
import io.opencrane.api.policy.EgressDecision;
import io.opencrane.api.policy.EgressDecision.Rule;
import io.opencrane.api.policy.EgressDecision.Source;
import io.opencrane.api.policy.EgressDecision.Verdict;
import io.opencrane.api.policy.NewAccessPolicy;
import io.opencrane.api.policy.PolicyExplanation;
import io.opencrane.api.policy.PolicyFinding;
import io.opencrane.api.resource.Condition;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.PolicyResolutionSource;
import io.opencrane.api.tenant.PolicyResolutionState;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.settings.Settings;
import io.opencrane.core.support.InMemoryCluster;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PolicyAnswersTest {
    private static final TenantId ADA = new TenantId("opencrane", "ada");
    private static final AccessPolicyId ENGINEERING = new AccessPolicyId("opencrane", "engineering");

    private final InMemoryCluster cluster = new InMemoryCluster(InstanceScope.namespaces("opencrane", "second"));
    private final AccessPolicyService service = OpenCrane.builder()
            .cluster(cluster)
            .settings(Settings.builder()
                    .namespace("opencrane")
                    .egressBaseline(List.of("192.0.2.0/24"))
                    .build())
            .build()
            .policies();

    private AccessPolicy engineering(AccessPolicyStatus status) {
        NewAccessPolicy policy = NewAccessPolicy.builder("engineering")
                .matchTeam("engineering")
                .allowDomains("github.com")
                .egress("10.0.0.0/8", 5432)
                .build();
        return cluster.put(new AccessPolicy(ResourceMetadata.of("opencrane", "engineering"), policy.spec(), status));
    }

    private AccessPolicy engineering() {
        return engineering(AccessPolicyStatus.empty());
    }

    private AccessPolicy withNames(Condition.Status status) {
        Condition enforced = new Condition(AccessPolicyStatus.DOMAINS_ENFORCED, status, "Test", "", 1, Instant.EPOCH);
        return engineering(new AccessPolicyStatus(null, List.of(enforced), 1, List.of()));
    }

    private void tenant(String namespace, String name, String team, String policyRef, @Nullable String lastInForce) {
        cluster.put(new Tenant(
                ResourceMetadata.of(namespace, name),
                TenantSpec.builder("Name", "a@b.com")
                        .team(team)
                        .policyRef(policyRef)
                        .build(),
                TenantStatus.empty().toBuilder()
                        .policy(lastInForce, PolicyResolutionSource.SELECTOR, PolicyResolutionState.RESOLVED)
                        .build()));
    }

    private void ada(String team, String policyRef, @Nullable String lastInForce) {
        tenant("opencrane", "ada", team, policyRef, lastInForce);
    }

    private static AbstractThrowableAssert<?, ?> refused(ErrorCode code, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void underAPolicyIsWhomItResolvesForAndWhoKeepsIt() {
        engineering();
        tenant("opencrane", "keeps", "", "gone", "engineering");
        tenant("opencrane", "names", "", "engineering", null);
        tenant("opencrane", "other", "sales", "", "engineering");
        tenant("opencrane", "selected", "engineering", "", null);
        tenant("second", "foreign", "engineering", "", null);

        assertThat(service.tenantsUnder(ENGINEERING))
                .extracting(TenantId::name)
                .containsExactly("keeps", "names", "selected");
    }

    @Test
    void anExplanationNamesThePolicyAndWhatDecided() {
        engineering();
        ada("engineering", "", null);

        assertThat(service.explain(ADA))
                .isEqualTo(new PolicyExplanation(
                        ADA,
                        "engineering",
                        PolicyResolutionState.RESOLVED,
                        PolicyResolutionSource.SELECTOR,
                        List.of("engineering"),
                        "Policy engineering selects the tenant."));
    }

    @Test
    void anExplanationNamesSelectorsThatDidNotCountAndThePolicyThatIsKept() {
        engineering();
        ada("engineering", "gone", "engineering");

        PolicyExplanation kept = service.explain(ADA);

        assertThat(kept.policy()).isEqualTo("engineering");
        assertThat(kept.state()).isEqualTo(PolicyResolutionState.POLICY_NOT_FOUND);
        assertThat(kept.selecting()).containsExactly("engineering");
        assertThat(kept.message())
                .isEqualTo("The tenant names policy gone, which does not exist in namespace opencrane. It runs on under"
                        + " policy engineering.");
    }

    @Test
    void aTenantWithoutPolicyIsExplainedToo() {
        ada("engineering", "", "engineering");

        PolicyExplanation none = service.explain(ADA);

        assertThat(none.policy()).isNull();
        assertThat(none.state()).isEqualTo(PolicyResolutionState.NO_POLICY);
        assertThat(none.selecting()).isEmpty();
        refused(ErrorCode.TENANT_NOT_FOUND, () -> service.explain(new TenantId("opencrane", "nobody")));
    }

    private void assertDecision(String destination, int port, Verdict verdict, Source source, String path) {
        EgressDecision decision = service.decide(ADA, Destination.parse(destination), port);
        assertThat(decision.verdict()).as(decision.message()).isEqualTo(verdict);
        assertThat(decision.rule()).isEqualTo(new Rule(source, source == Source.POLICY ? "engineering" : null, path));
    }

    @Test
    void aDecisionComesFromBaselineAndThePolicyInForce() {
        engineering();
        ada("engineering", "", null);

        assertDecision("10.1.2.3", 5432, Verdict.ALLOWED, Source.POLICY, "spec.egressRules[0]");
        assertDecision("192.0.2.7", 5432, Verdict.ALLOWED, Source.BASELINE, "OPENCRANE_EGRESS_BASELINE[0]");
        assertThat(service.decide(ADA, Destination.address("10.1.2.3"), 443).verdict())
                .isEqualTo(Verdict.DENIED);

        ada("", "", null);
        assertThat(service.decide(ADA, Destination.address("10.1.2.3"), 5432).verdict())
                .isEqualTo(Verdict.DENIED);
    }

    @Test
    void namesCountOnlyWhereTheStatusSaysThatTheyAreInForce() {
        ada("engineering", "", null);

        withNames(Condition.Status.TRUE);
        assertDecision("github.com", 443, Verdict.ALLOWED, Source.POLICY, "spec.domains.allow[0]");

        withNames(Condition.Status.FALSE);
        assertThat(service.decide(ADA, Destination.name("github.com"), 443).verdict())
                .isNotEqualTo(Verdict.ALLOWED);
    }

    @Test
    void whatIsLeftOfAPolicyThatIsGoneNobodyCanTell() {
        ada("", "gone", "gone");

        refused(ErrorCode.POLICY_NOT_FOUND, () -> service.decide(ADA, Destination.name("github.com"), 443))
                .hasMessageContaining("AccessPolicy opencrane/gone");
    }

    @Test
    void aPortOutOfRangeIsRefused() {
        engineering();
        ada("engineering", "", null);

        refused(ErrorCode.VALIDATION_ERROR, () -> service.decide(ADA, Destination.name("github.com"), 0));
        refused(
                ErrorCode.TENANT_NOT_FOUND,
                () -> service.decide(new TenantId("opencrane", "nobody"), Destination.name("github.com"), 443));
    }

    @Test
    void findingsAreAboutTheStoredSpec() {
        NewAccessPolicy policy = NewAccessPolicy.builder("engineering")
                .egress("10.0.0.0/8")
                .egress("10.1.0.0/16")
                .build();
        cluster.put(new AccessPolicy(
                ResourceMetadata.of("opencrane", "engineering"), policy.spec(), AccessPolicyStatus.empty()));

        assertThat(service.findings(ENGINEERING)).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(PolicyFinding.Kind.SHADOWED);
            assertThat(finding.path()).isEqualTo("spec.egressRules[1]");
        });
    }
}
