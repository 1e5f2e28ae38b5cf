package io.opencrane.it.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.policy.AccessPolicyField;
import io.opencrane.api.policy.AccessPolicyId;
import io.opencrane.api.policy.AccessPolicyPatch;
import io.opencrane.api.policy.NewAccessPolicy;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.PolicyRow;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.CrashPoints;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.projection.InMemoryProjection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Invariant 2: what the service of policies does is cut at every call to cluster and projection, and run again. */
class AccessPolicyServiceCrashPointsTest {
    private static final AccessPolicyId ID = new AccessPolicyId("opencrane", "engineering");

    @Test
    void createCutAnywhereEndsWithOnePolicyItsRowAndAnAuditEntry() {
        int points = CrashPoints.forEachCall(scenario(world -> {}, World::create, World::assertCreated));
        System.out.println("crash points of a policy's create: " + points);
        assertThat(points).isGreaterThanOrEqualTo(4);
    }

    @Test
    void updateCutAnywhereEndsAsAskedFor() {
        int points = CrashPoints.forEachCall(scenario(World::create, World::update, World::assertUpdated));
        System.out.println("crash points of a policy's update: " + points);
        assertThat(points).isGreaterThanOrEqualTo(6);
    }

    @Test
    void deleteCutAnywhereEndsWithNothingLeft() {
        int points = CrashPoints.forEachCall(scenario(World::create, World::delete, World::assertGone));
        System.out.println("crash points of a policy's delete: " + points);
        assertThat(points).isGreaterThanOrEqualTo(10);
    }

    @Test
    void aFailureAnywhereInADeletionIsSurvivedByTheLivingProcess() {
        CrashPoints.forEachFailure(scenario(World::create, World::delete, World::assertGone), Failure.UPSTREAM_ERROR);
    }

    private static Function<Faults, CrashPoints.Scenario> scenario(
            Consumer<World> given, Consumer<World> when, Consumer<World> then) {
        return faults -> {
            World world = new World(faults);
            given.accept(world);
            return new CrashPoints.Scenario() {
                @Override
                public void run() {
                    when.accept(world);
                }

                @Override
                public void verify() {
                    then.accept(world);
                }
            };
        };
    }

    /** A host; the ports are cut, the systems themselves are not. */
    private static final class World {
        private final InstanceScope scope = InstanceScope.namespace("opencrane");
        private final ObjectStore objects;
        private final InMemoryProjection projection;
        private final OpenCrane openCrane;

        World(Faults faults) {
            TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
            objects = InMemoryCluster.create(scope, clock).objects();
            projection = new InMemoryProjection(clock);
            openCrane = OpenCrane.builder()
                    .cluster(KubernetesCluster.over(faults.wrap(ObjectStore.class, objects), scope))
                    .projection(faults.wrap(ProjectionStore.class, projection))
                    .clock(clock)
                    .build();
        }

        /** Read behind the faults' back. */
        private List<AccessPolicy> policies() {
            return KubernetesCluster.over(objects, scope)
                    .resources()
                    .page(AccessPolicy.class, "opencrane", 10, null)
                    .items();
        }

        private Optional<PolicyRow> row() {
            return projection.policies().find(ID);
        }

        private List<String> actions() {
            return projection.audit(null, 50).stream().map(AuditEntry::action).toList();
        }

        void create() {
            openCrane
                    .policies()
                    .create(NewAccessPolicy.builder("engineering")
                            .description("What engineers need")
                            .matchTeam("engineering")
                            .createRequest("r-1")
                            .build());
        }

        void update() {
            openCrane
                    .policies()
                    .update(
                            ID,
                            AccessPolicyPatch.builder()
                                    .allowDomains("github.com")
                                    .clear(AccessPolicyField.DESCRIPTION)
                                    .build());
        }

        void delete() {
            try {
                openCrane.policies().delete(ID);
            } catch (OpenCraneException e) {
                if (e.code() != ErrorCode.POLICY_NOT_FOUND) {
                    throw e;
                }
            }
        }

        void assertCreated() {
            assertThat(policies()).singleElement().satisfies(policy -> {
                assertThat(policy.spec().tenantSelector().matchTeam()).isEqualTo("engineering");
                assertThat(row().orElseThrow().uid())
                        .isEqualTo(policy.metadata().uid());
            });
            assertThat(actions()).contains("access-policy.create");
        }

        void assertUpdated() {
            assertThat(policies()).singleElement().satisfies(policy -> {
                assertThat(policy.spec().description()).isNull();
                assertThat(row().orElseThrow().domains())
                        .isEqualTo(policy.spec().domains());
                assertThat(row().orElseThrow().resourceVersion())
                        .isEqualTo(policy.metadata().resourceVersion());
            });
            assertThat(actions()).contains("access-policy.update");
        }

        void assertGone() {
            assertThat(policies()).isEmpty();
            assertThat(row()).isEmpty();
            assertThat(actions()).contains("access-policy.delete");
        }
    }
}
