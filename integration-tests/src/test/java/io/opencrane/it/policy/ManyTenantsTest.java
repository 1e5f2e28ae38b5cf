package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.fault.Faults.Moment;
import io.opencrane.testkit.fault.SimulatedCrash;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More tenants under one policy than one object selects. */
class ManyTenantsTest {
    private static final AccessPolicyId LAB = new AccessPolicyId("opencrane", "lab");
    private static final List<String> TENANTS =
            IntStream.range(0, 500).mapToObj(i -> "tenant-" + i).toList();

    private final PolicyWorld world = PolicyWorld.of("opencrane", new Faults());

    @BeforeEach
    void start() {
        world.on(PolicyScenariosInMemoryTest.memory(world, List.of()).objects());
        TENANTS.forEach(this::create);
        world.policy(LAB, forTeam("research", PolicyScenarios.OFFICE));
    }

    private void create(String tenant) {
        world.placeTenant(tenant, spec -> spec.team("research"));
    }

    private List<String> selected() {
        return world.objects().list(ObjectType.NETWORK_POLICY, "opencrane", Filter.all(), 500, null).items().stream()
                .filter(object -> object.getMetadata().getName().startsWith("opencrane-policy-"))
                .flatMap(object -> Rendered.tenants(object).stream())
                .toList();
    }

    @Test
    void oneTooManyIsASecondObjectAndNoTenantIsEverInNone() {
        assertThat(world.networks("opencrane")).containsExactly("opencrane-policy-lab");
        create("one-too-many");

        int cuts = reconcileStepByStep();

        assertThat(cuts).isGreaterThan(5);
        assertThat(world.networks("opencrane")).containsExactly("opencrane-policy-lab", "opencrane-policy-lab.1");
        assertThat(selected()).hasSize(501).doesNotHaveDuplicates().contains("one-too-many");
        assertThat(world.writes(() -> world.reconcile("lab"))).isEmpty();

        Tenant leaver = world.find("one-too-many");
        world.direct().resources().delete(leaver);
        reconcileStepByStep();

        assertThat(world.networks("opencrane")).containsExactly("opencrane-policy-lab");
        assertThat(selected()).containsExactlyInAnyOrderElementsOf(TENANTS);
    }

    /** Ends the process after one call more each time, until it comes through. */
    private int reconcileStepByStep() {
        for (int call = 1; ; call++) {
            world.faults.restart().crashAtCall(call, Moment.AFTER);
            world.restart();
            try {
                world.reconcile(LAB);
                world.faults.restart();
                return call;
            } catch (SimulatedCrash e) {
                assertThat(new TreeSet<>(selected())).as("after call " + call).containsAll(TENANTS);
            }
        }
    }
}
