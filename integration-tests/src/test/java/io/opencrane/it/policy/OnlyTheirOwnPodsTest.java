package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.condition;
import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.EgressRule;
import io.opencrane.api.policy.EgressRule.Protocol;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A policy selects pods by the names of tenants; a tenant that has no pods has none that it could select by the name. */
class OnlyTheirOwnPodsTest {
    private static final EgressRule ANYWHERE = new EgressRule("0.0.0.0/0", List.of(443), Protocol.TCP);

    private final PolicyWorld world = PolicyWorld.fresh();

    @BeforeEach
    void start() {
        world.on(PolicyScenariosInMemoryTest.memory(world, List.of(world.home, world.second))
                .objects());
    }

    private AccessPolicyId wide() {
        return new AccessPolicyId(world.second, "wide");
    }

    @Test
    void aNamesakeInTheNamespaceOfACustomerDoesNotOpenAnythingForItsTenant() {
        world.customer("acme", world.second, IsolationTier.SHARED);
        world.tenant("ada", spec -> spec.clusterTenantRef("acme"));
        Tenant namesake = world.tenant(new TenantId(world.second, "ada"), spec -> spec.policyRef("wide"));
        assertThat(namesake.status().phase()).isEqualTo(TenantPhase.ERROR);

        AccessPolicy policy = world.policy(wide(), spec -> spec.egressRules(List.of(ANYWHERE)));

        assertThat(world.networks(world.second)).isEmpty();
        assertThat(policy.status().placements()).isEmpty();
    }

    @Test
    void aNamesakeThatNeverStartsDoesNotWaitForItsPods() {
        world.createTenant(new TenantId(world.second, "ada"), spec -> spec.policyRef("wide"));
        world.policy(wide(), spec -> spec.egressRules(List.of(ANYWHERE)));

        assertThat(world.networks(world.second)).isEmpty();

        world.reconcile(new TenantId(world.second, "ada"));
        world.reconcile(wide());
        assertThat(world.networks(world.second)).containsExactly("opencrane-policy-wide");
    }

    @Test
    void aNamesakeThatLostTheRaceForTheNamesHasNoPods() {
        world.customer("acme", world.second, IsolationTier.SHARED);
        TenantId loser = new TenantId(world.second, "ada");
        world.tenant("ada", spec -> spec.clusterTenantRef("acme"));
        Tenant lost = world.tenant(loser, spec -> spec.policyRef("wide"));
        // Recorded before the first child, which another tenant was faster to make.
        world.direct()
                .resources()
                .patchStatus(
                        lost,
                        lost.withStatus(lost.status().toBuilder()
                                .placement(new Placement("", world.second))
                                .build()));
        world.reconcile(loser);

        world.policy(wide(), spec -> spec.egressRules(List.of(ANYWHERE)));

        assertThat(world.networks(world.second)).isEmpty();
    }

    /** The name is no label's value, and newer servers refuse the whole object. */
    @Test
    void aTenantWhoseNameIsNoLabelDoesNotKeepAPolicyFromBeingNarrowed() {
        world.tenant("ada", spec -> spec.team("research"));
        world.policy("lab", forTeam("research", ANYWHERE));
        world.tenant("a".repeat(64), spec -> spec.team("research"));

        AccessPolicy policy = world.changePolicy("lab", spec -> spec.egressRules(List.of()));

        assertThat(condition(policy, "Ready")).isEqualTo("True");
        assertThat(Rendered.tenants(world.live(world.network("lab")))).containsExactly("ada");
        assertThat(Rendered.egress(world.live(world.network("lab")))).containsExactly("dns");
    }
}
