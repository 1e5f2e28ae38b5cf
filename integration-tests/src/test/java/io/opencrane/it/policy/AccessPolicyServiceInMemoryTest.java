package io.opencrane.it.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicyChange;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyPatch;
import io.opencrane.api.policy.AccessPolicyQuery;
import io.opencrane.api.policy.AccessPolicySummary;
import io.opencrane.api.policy.BlastRadius;
import io.opencrane.api.policy.BlastRadius.Shift;
import io.opencrane.api.policy.NewAccessPolicy;
import io.opencrane.api.projection.ProjectionOutcome;
import io.opencrane.api.resource.Page;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.core.OpenCrane;
import io.opencrane.testkit.OpenCraneTest;
import org.junit.jupiter.api.Test;

/** What a host's own test does with policies: nothing to set up. */
@OpenCraneTest
class AccessPolicyServiceInMemoryTest {
    private static final AccessPolicyId ENGINEERING = new AccessPolicyId("opencrane", "engineering");

    @Test
    void aPolicyIsMadePreviewedChangedAndDeleted(OpenCrane openCrane) {
        TenantId ada = openCrane
                .tenants()
                .create(NewTenant.builder("ada", "Ada", "ada@acme.com")
                        .team("engineering")
                        .build())
                .tenant()
                .id();
        NewAccessPolicy policy = NewAccessPolicy.builder("engineering")
                .description("What engineers need")
                .matchTeam("engineering")
                .allowDomains("github.com", "*.githubusercontent.com")
                .egress("10.20.0.0/16", 5432)
                .build();

        BlastRadius before = openCrane.policies().previewCreate(policy);
        AccessPolicyChange made = openCrane.policies().create(policy);

        assertThat(before.source()).isEqualTo(Page.Source.PROJECTION);
        assertThat(before.shifts()).singleElement().satisfies(shift -> {
            assertThat(shift.tenants()).containsExactly(ada);
            assertThat(shift.after().policy()).isEqualTo("engineering");
        });
        assertThat(made.projection()).isEqualTo(ProjectionOutcome.WRITTEN);
        assertThat(openCrane.policies().tenantsUnder(ENGINEERING)).containsExactly(ada);
        assertThat(openCrane.policies().explain(ada).policy()).isEqualTo("engineering");
        assertThat(openCrane
                        .policies()
                        .list(AccessPolicyQuery.builder().text("ENGINEERS").build())
                        .items())
                .extracting(AccessPolicySummary::name)
                .containsExactly("engineering");

        AccessPolicyPatch patch =
                AccessPolicyPatch.builder().allowDomains("github.com").build();
        assertThat(openCrane.policies().previewUpdate(ENGINEERING, patch).shifts())
                .extracting(Shift::losses)
                .singleElement()
                .satisfies(losses -> assertThat(losses)
                        .extracting(BlastRadius.Reach::value)
                        .containsExactly("*.githubusercontent.com"));
        openCrane.policies().update(ENGINEERING, patch);
        openCrane.policies().delete(ENGINEERING);

        assertThat(openCrane.policies().find(ENGINEERING)).isEmpty();
        assertThat(openCrane.projections().drift(ResourceKind.TENANT).isClean()).isTrue();
    }
}
