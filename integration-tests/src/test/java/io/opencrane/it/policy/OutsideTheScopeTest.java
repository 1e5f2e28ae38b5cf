package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.policy.AccessPolicyId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Informers watch the namespaces of the scope; the namespace of a customer may be another. */
class OutsideTheScopeTest {
    private final PolicyWorld world = PolicyWorld.fresh();

    @Test
    void whatNobodyWatchesIsLookedAtAgain() {
        world.on(PolicyScenariosInMemoryTest.memory(world, List.of(world.home, world.second, "opencrane-acme"))
                .objects());
        world.customer("acme", "opencrane-acme", IsolationTier.SHARED);
        AccessPolicyId lab = new AccessPolicyId(world.home, "lab");
        world.tenant("ada", spec -> spec.team("research"));
        world.policy("lab", forTeam("research"));
        assertThat(world.reconcile(lab).requeueAfter()).isEmpty();

        world.tenant("bob", spec -> spec.team("research").clusterTenantRef("acme"));

        assertThat(world.reconcile(lab).requeueAfter()).contains(Duration.ofMinutes(5));
    }
}
