package io.opencrane.it.policy;

import static io.opencrane.it.policy.PolicyWorld.condition;
import static io.opencrane.it.policy.PolicyWorld.forTeam;
import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.Domains;
import io.opencrane.api.tenant.Placement;
import io.opencrane.core.InstanceScope;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.CrashPoints;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Invariant 2 for policies: what is made, changed and removed in two namespaces is cut at every outside call, before and after it. */
class PolicyCrashPointsTest {
    private static final String BOUND = "opencrane-gold";
    private static final AccessPolicyId LAB = new AccessPolicyId("opencrane", "lab");

    @Test
    void aNewPolicyCutAnywhereIsInForceEverywhere() {
        everywhere("a new policy", 20, world -> {}, World::create, World::assertInForce);
    }

    @Test
    void aRemovedRuleCutAnywhereIsRemovedEverywhere() {
        everywhere("a removed rule", 16, World::create, World::removeRules, World::assertRulesAreGone);
    }

    @Test
    void aTenantThatLeavesCutAnywhereTakesItsObjectsAndPlaceWithIt() {
        everywhere("a tenant that left", 16, World::withLeaver, World::reconcile, World::assertOneIsLeft);
    }

    @Test
    void aDeletionCutAnywhereLeavesNothing() {
        everywhere("a deletion", 20, World::create, World::delete, World::assertNothingIsLeft);
    }

    @Test
    void aClearingUpCutAnywhereLeavesNothing() {
        everywhere("clearing up", 12, World::withoutPolicy, World::reconcile, World::assertNothingIsLeft);
    }

    private static void everywhere(
            String what, int atLeast, Consumer<World> before, Consumer<World> operation, Consumer<World> after) {
        int cuts = CrashPoints.forEachCall(scenario(before, operation, after));
        int failures = CrashPoints.forEachFailure(
                scenario(before, world -> world.untilItPasses(operation), after), Failure.UPSTREAM_ERROR);
        System.out.println("crash points of " + what + ": " + cuts + ", of a living process: " + failures);
        assertThat(cuts).isGreaterThanOrEqualTo(atLeast);
        assertThat(failures).isGreaterThanOrEqualTo(atLeast);
    }

    private static Function<Faults, CrashPoints.Scenario> scenario(
            Consumer<World> before, Consumer<World> operation, Consumer<World> after) {
        return faults -> {
            World world = new World(faults);
            before.accept(world);
            return new CrashPoints.Scenario() {
                @Override
                public void run() {
                    world.policies.restart();
                    operation.accept(world);
                }

                @Override
                public void verify() {
                    after.accept(world);
                }
            };
        };
    }

    /** A policy with networks and names, for ada at home and bob in a customer's namespace. */
    private static final class World {
        private final PolicyWorld policies;

        World(Faults faults) {
            InMemoryCluster cluster = InMemoryCluster.create(
                            InstanceScope.wholeCluster("opencrane"), InstantSource.system())
                    .serve(ObjectType.CILIUM_NETWORK_POLICY);
            cluster.createNamespace("opencrane-b");
            cluster.createNamespace(BOUND);
            policies = PolicyWorld.of("opencrane", faults).acrossTheCluster().on(cluster.objects());
            policies.customer("gold", BOUND, IsolationTier.SHARED);
            policies.tenant("ada", spec -> spec.team("research"));
            policies.tenant("bob", spec -> spec.team("research").clusterTenantRef("gold"));
        }

        private void createdOnce() {
            if (policies.findPolicy("lab").isEmpty()) {
                policies.createPolicy(
                        LAB,
                        spec -> forTeam("research", PolicyScenarios.OFFICE)
                                .apply(spec)
                                .domains(new Domains(List.of("github.com"), List.of(), true)));
            }
        }

        void create() {
            createdOnce();
            policies.reconcile(LAB);
        }

        void reconcile() {
            policies.reconcile(LAB);
        }

        void removeRules() {
            policies.changePolicy("lab", spec -> spec.egressRules(List.of()).domains(Domains.DEFAULT));
        }

        void withLeaver() {
            create();
            policies.deleteTenant("bob");
        }

        void delete() {
            policies.findPolicy("lab")
                    .filter(policy -> !policy.metadata().isBeingDeleted())
                    .ifPresent(policy -> policies.deletePolicy("lab"));
            policies.reconcile(LAB);
        }

        void withoutPolicy() {
            create();
            policies.deletePolicy("lab");
            policies.direct()
                    .resources()
                    .removeFinalizer(policies.findPolicy("lab").orElseThrow());
        }

        void untilItPasses(Consumer<World> operation) {
            for (int attempt = 1; ; attempt++) {
                try {
                    operation.accept(this);
                    boolean isReady = policies.findPolicy("lab")
                            .map(policy -> condition(policy, "Ready").equals("True"))
                            .orElse(true);
                    if (isReady) {
                        return;
                    }
                } catch (OpenCraneException e) {
                    assertThat(e.isRetryable()).as("%s", e.getMessage()).isTrue();
                }
                assertThat(attempt).isLessThan(4);
            }
        }

        private List<ObjectRef> everything() {
            return List.of(
                    PolicyWorld.network("opencrane", "lab"),
                    PolicyWorld.network(BOUND, "lab"),
                    PolicyWorld.cilium("opencrane", "lab"),
                    PolicyWorld.cilium(BOUND, "lab"));
        }

        void assertInForce() {
            for (ObjectRef ref : everything()) {
                String tenant = ref.namespace().equals(BOUND) ? "bob" : "ada";
                assertThat(Rendered.tenants(policies.live(ref)))
                        .as(ref.toString())
                        .containsExactly(tenant);
            }
            assertThat(Rendered.egress(policies.live(everything().get(1))))
                    .containsExactly("dns", "10.20.0.0/16 tcp 443");
            assertThat(Rendered.names(policies.live(everything().get(3)))).containsExactly("github.com");
            assertThat(policies.findPolicy("lab")).get().satisfies(policy -> {
                assertThat(condition(policy, "Ready")).isEqualTo("True");
                assertThat(policy.status().placements())
                        .containsExactlyInAnyOrder(new Placement("", "opencrane"), new Placement("", BOUND));
            });
        }

        void assertRulesAreGone() {
            assertThat(Rendered.egress(policies.live(everything().get(0)))).containsExactly("dns");
            assertThat(Rendered.egress(policies.live(everything().get(1)))).containsExactly("dns");
            assertThat(policies.objects().get(everything().get(2))).isEmpty();
            assertThat(policies.objects().get(everything().get(3))).isEmpty();
            assertThat(policies.findPolicy("lab"))
                    .get()
                    .satisfies(policy -> assertThat(policy.status().observedGeneration())
                            .isEqualTo(policy.metadata().generation()));
        }

        void assertOneIsLeft() {
            assertThat(policies.objects().get(everything().get(0))).isPresent();
            assertThat(policies.objects().get(everything().get(1))).isEmpty();
            assertThat(policies.objects().get(everything().get(2))).isPresent();
            assertThat(policies.objects().get(everything().get(3))).isEmpty();
            assertThat(policies.findPolicy("lab"))
                    .get()
                    .satisfies(policy ->
                            assertThat(policy.status().placements()).containsExactly(new Placement("", "opencrane")));
        }

        void assertNothingIsLeft() {
            assertThat(policies.findPolicy("lab")).isEmpty();
            assertThat(everything())
                    .allSatisfy(ref -> assertThat(policies.objects().get(ref)).isEmpty());
        }
    }
}
