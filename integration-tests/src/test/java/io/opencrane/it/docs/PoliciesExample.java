package io.opencrane.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyPatch;
import io.opencrane.api.policy.AccessPolicyService;
import io.opencrane.api.policy.BlastRadius;
import io.opencrane.api.policy.Destination;
import io.opencrane.api.policy.EgressDecision;
import io.opencrane.api.policy.NewAccessPolicy;
import io.opencrane.api.policy.PolicyFinding;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.projection.InMemoryProjection;
import java.util.ArrayList;
import java.util.List;

/** The example of docs/policies.md; {@link ReadmeTest} runs it and compares the two. */
final class PoliciesExample {
    private static final List<String> SEEN = new ArrayList<>();

    private PoliciesExample() {}

    static void run() {
        TestClock clock = TestClock.at("2026-01-10T12:00:00Z");
        InstanceScope scope = InstanceScope.namespace("opencrane");
        OpenCrane openCrane = OpenCrane.builder()
                .cluster(KubernetesCluster.over(
                        InMemoryCluster.create(scope, clock).objects(), scope))
                .projection(new InMemoryProjection(clock))
                .clock(clock)
                .build();
        openCrane
                .tenants()
                .create(NewTenant.builder("ada", "Ada", "ada@acme.com")
                        .team("engineering")
                        .build());
        SEEN.clear();

        example(openCrane, new TenantId("opencrane", "ada"), new AccessPolicyId("opencrane", "engineering"));

        assertThat(SEEN)
                .containsExactly(
                        "ALLOWED by spec.egressRules[0]",
                        "Policy engineering selects the tenant.",
                        "[opencrane/ada] loses 10.20.0.0/16 5432/TCP");
    }

    // spotless:off
    private static void example(OpenCrane openCrane, TenantId ada, AccessPolicyId engineering) {
        // docs/policies.md begins
        AccessPolicyService policies = openCrane.policies();

        policies.create(NewAccessPolicy.builder("engineering")
                .matchTeam("engineering")
                .egress("10.20.0.0/16", 443, 5432)
                .allowDomains("api.github.com", "*.npmjs.org")
                .build());

        EgressDecision decision = policies.decide(ada, Destination.address("10.20.0.7"), 5432);   // ALLOWED by spec.egressRules[0]
        String why = policies.explain(ada).message();                                           // Policy engineering selects the tenant.

        AccessPolicyPatch narrower = AccessPolicyPatch.builder().egress("10.20.0.0/16", 443).build();
        for (BlastRadius.Shift shift : policies.previewUpdate(engineering, narrower).shifts()) {
            report(shift.tenants(), shift.losses());                                              // ada loses 10.20.0.0/16 5432/TCP
        }
        policies.update(engineering, narrower);
        policies.findings(engineering).forEach(finding -> report(finding));
        // docs/policies.md ends
        SEEN.add(0, decision.verdict() + " by " + decision.rule().path());
        SEEN.add(1, why);
    }
    // spotless:on

    private static void report(List<TenantId> tenants, List<BlastRadius.Reach> losses) {
        losses.forEach(loss -> SEEN.add(tenants + " loses " + loss.value()));
    }

    private static void report(PolicyFinding finding) {
        SEEN.add(finding.toString());
    }
}
