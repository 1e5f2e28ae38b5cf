package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.testkit.fault.Faults;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code DEFAULT_TENANT_POLICY_REF}: the policy of all that no other is for. */
class DefaultPolicyTest {
    private final PolicyWorld world = PolicyWorld.of("opencrane", new Faults()).withDefaultPolicy("standard");

    @BeforeEach
    void start() {
        world.on(PolicyScenariosInMemoryTest.memory(world, List.of()).objects());
    }

    private List<String> tenants(String policy) {
        return world.objects().get(world.network(policy)).map(Rendered::tenants).orElse(List.of());
    }

    @Test
    void itSelectsThoseThatNoOtherPolicyIsFor() {
        world.policy("standard", spec -> spec);
        world.policy("lab", forTeam("research"));
        world.tenant("ada", spec -> spec.team("research"));
        world.tenant("bob", spec -> spec);
        world.tenant("cyd", spec -> spec.policyRef("lab"));
        world.reconcile("standard");
        world.reconcile("lab");

        assertThat(tenants("standard")).containsExactly("bob");
        assertThat(tenants("lab")).containsExactly("ada", "cyd");

        world.changePolicy("lab", forTeam("sales"));
        world.reconcile("standard");
        assertThat(tenants("standard")).containsExactly("ada", "bob");
        assertThat(tenants("lab")).containsExactly("cyd");
    }

    @Test
    void whereItIsMissingARunningTenantKeepsItAndANewOneWaits() {
        world.policy("standard", spec -> spec.egressRules(List.of(PolicyScenarios.OFFICE)));
        world.tenant("bob", spec -> spec);
        world.reconcile("standard");
        world.deletePolicy("standard");

        Tenant kept = world.reconcile(new TenantId("opencrane", "bob"));
        Tenant late = world.tenant("eve", spec -> spec);
        world.reconcile("standard");

        assertThat(kept.status().effectivePolicyRef()).isEqualTo("standard");
        assertThat(late.status().phase()).isEqualTo(TenantPhase.ERROR);
        assertThat(tenants("standard")).containsExactly("bob");

        world.direct().resources().removeFinalizer(world.findPolicy("standard").orElseThrow());
        world.reconcile(new AccessPolicyId("opencrane", "standard"));
        assertThat(tenants("standard")).containsExactly("bob");
        world.policy("standard", spec -> spec);
        world.reconcile(new TenantId("opencrane", "eve"));
        world.reconcile("standard");
        assertThat(tenants("standard")).containsExactly("bob", "eve");
        assertThat(Rendered.egress(world.live(world.network("standard")))).containsExactly("dns");
    }
}
