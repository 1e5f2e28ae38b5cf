package io.opencrane.it.clustertenant;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantDeletion;
import io.opencrane.api.clustertenant.ClusterTenantPatch;
import io.opencrane.api.clustertenant.Compute;
import io.opencrane.api.clustertenant.NewClusterTenant;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.clustertenant.CustomerPurge;
import io.opencrane.core.port.AuditEntry;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.tenant.TenantScan;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.CrashPoints;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.projection.InMemoryProjection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Invariant 2: what the service of customers does is cut at every call to cluster and projection, and run again. */
class ClusterTenantCrashPointsTest {
    private static final Quota TEN_PODS = Quota.builder().pods(10L).build();

    @Test
    void createCutAnywhereEndsWithOneCustomerAndAnAuditEntry() {
        int points = CrashPoints.forEachCall(scenario(world -> {}, World::create, World::assertCreated));
        System.out.println("crash points of a customer's create: " + points);
        assertThat(points).isGreaterThanOrEqualTo(4);
    }

    @Test
    void updateCutAnywhereEndsAsAskedFor() {
        int points = CrashPoints.forEachCall(scenario(World::createWithTenants, World::update, World::assertUpdated));
        System.out.println("crash points of a customer's update: " + points);
        assertThat(points).isGreaterThanOrEqualTo(8);
    }

    @Test
    void aFailureAnywhereInUpdateIsSurvivedByTheLivingProcess() {
        CrashPoints.forEachFailure(
                scenario(World::createWithTenants, World::update, World::assertUpdated), Failure.UPSTREAM_ERROR);
    }

    @Test
    void deleteWithTenantsCutAnywhereEndsWithNothingLeft() {
        int points = CrashPoints.forEachCall(scenario(
                World::createWithTenants,
                world -> world.delete(ClusterTenantDeletion.careful().withTenants()),
                World::assertGone));
        System.out.println("crash points of deleting a customer with its tenants: " + points);
        assertThat(points).isGreaterThanOrEqualTo(24);
    }

    @Test
    void purgeCutAnywhereNeverDeletesWithoutTheWish() {
        int points = CrashPoints.forEachCall(scenario(
                World::createHeld,
                world -> world.delete(ClusterTenantDeletion.careful().purging("acme")),
                world -> {
                    ClusterTenant held = world.openCrane.clusterTenants().get("acme");
                    assertThat(held.metadata().isBeingDeleted()).isTrue();
                    assertThat(CustomerPurge.isConfirmed(held)).isTrue();
                }));
        System.out.println("crash points of purging a customer: " + points);
        assertThat(points).isGreaterThanOrEqualTo(8);
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

    /** A platform's host; the ports are cut, the systems themselves are not. */
    private static final class World {
        private final InstanceScope scope = InstanceScope.wholeCluster("opencrane");
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
        private ResourceStore resources() {
            return KubernetesCluster.over(objects, scope).resources();
        }

        private List<ClusterTenant> customers() {
            return resources().page(ClusterTenant.class, "", 10, null).items();
        }

        private List<String> actions() {
            return projection.audit(null, 50).stream().map(AuditEntry::action).toList();
        }

        void create() {
            openCrane
                    .clusterTenants()
                    .create(NewClusterTenant.builder("acme", "ACME Corp", TEN_PODS)
                            .baseDomain("acme.example.com")
                            .createRequest("r-1")
                            .build());
        }

        void createWithTenants() {
            create();
            for (String name : List.of("one", "two")) {
                openCrane
                        .tenants()
                        .create(NewTenant.builder(name, "Name", "a@b.com")
                                .clusterTenantRef("acme")
                                .build());
            }
            openCrane
                    .tenants()
                    .create(NewTenant.builder("other", "Name", "a@b.com").build());
        }

        /** As the platform's reconciler holds it. */
        void createHeld() {
            create();
            resources().addFinalizer(customers().get(0));
        }

        void update() {
            openCrane
                    .clusterTenants()
                    .update(
                            "acme",
                            ClusterTenantPatch.builder()
                                    .clearBaseDomain()
                                    .dedicatedNodes("gold")
                                    .quota(Quota.builder().pods(2L).build())
                                    .build());
        }

        void delete(ClusterTenantDeletion how) {
            try {
                openCrane.clusterTenants().delete("acme", how);
            } catch (OpenCraneException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.CLUSTER_TENANT_NOT_FOUND);
            }
        }

        void assertCreated() {
            assertThat(customers()).singleElement().satisfies(customer -> {
                assertThat(customer.metadata().name()).isEqualTo("acme");
                assertThat(customer.spec().resources().quota()).isEqualTo(TEN_PODS);
            });
            assertThat(actions()).contains("cluster-tenant.create");
        }

        void assertUpdated() {
            assertThat(customers()).singleElement().satisfies(customer -> {
                assertThat(customer.spec().baseDomain()).isNull();
                assertThat(customer.spec().compute()).isEqualTo(Compute.dedicated("gold"));
                assertThat(customer.spec().resources().quota().pods()).isEqualTo(2);
            });
            assertThat(actions()).contains("cluster-tenant.update");
        }

        void assertGone() {
            assertThat(customers()).isEmpty();
            List<String> left = new ArrayList<>();
            TenantScan.ofEverything(resources())
                    .forEachRemaining(tenant -> left.add(tenant.id().toString()));
            assertThat(left).containsExactly("opencrane/other");
            assertThat(openCrane.projections().drift(ResourceKind.TENANT).isClean())
                    .isTrue();
        }
    }
}
