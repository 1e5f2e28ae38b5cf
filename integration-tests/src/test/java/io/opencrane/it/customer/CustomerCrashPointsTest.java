package io.opencrane.it.customer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantPhase;
import io.opencrane.api.clustertenant.ClusterTenantResources;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.clustertenant.IsolationTier;
import io.opencrane.api.clustertenant.Quota;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.provisioner.ClusterTenantProvisioner;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.provisioner.Provisioners;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.CustomerBlueprint;
import io.opencrane.k8s.blueprint.CustomerChildren;
import io.opencrane.k8s.blueprint.NetworkFence;
import io.opencrane.k8s.blueprint.RoleGrant;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.ClusterTenantReconciler;
import io.opencrane.k8s.reconcile.NetworkBaseline;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.CrashPoints;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.provisioner.FakeProvisioner;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Invariant 2 for customers: making and removing one is cut at every outside call to the home cluster, to its own cluster and to the
 * provisioner, before and after it takes effect, and run again.
 */
class CustomerCrashPointsTest {
    private static final InstanceScope SCOPE = InstanceScope.wholeCluster("opencrane-system");
    private static final CustomerChildren GOLD = new CustomerChildren("gold", "opencrane-gold");

    @ParameterizedTest
    @EnumSource(value = IsolationTier.class, names = "DEDICATED_NODES", mode = EnumSource.Mode.EXCLUDE)
    void provisioningCutAnywhereEndsReady(IsolationTier tier) {
        int points = CrashPoints.forEachCall(scenario(tier, world -> {}, World::bringUp, World::assertReady));
        System.out.println("crash points of provisioning, " + tier.wireName() + ": " + points);
        assertThat(points).isGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource(value = IsolationTier.class, names = "DEDICATED_NODES", mode = EnumSource.Mode.EXCLUDE)
    void aFailureAnywhereInProvisioningIsSurvivedByTheLivingProcess(IsolationTier tier) {
        int points = CrashPoints.forEachFailure(
                scenario(tier, world -> {}, World::bringUp, World::assertReady), Failure.UPSTREAM_ERROR);
        assertThat(points).isGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource(value = IsolationTier.class, names = "DEDICATED_NODES", mode = EnumSource.Mode.EXCLUDE)
    void deprovisioningCutAnywhereEndsWithNothingButTheState(IsolationTier tier) {
        int points = CrashPoints.forEachCall(
                scenario(tier, World::withState, World::tearDown, World::assertOnlyStateIsLeft));
        System.out.println("crash points of deprovisioning, " + tier.wireName() + ": " + points);
        assertThat(points).isGreaterThan(10);
    }

    @Test
    void deprovisioningWithoutStateCutAnywhereEndsWithoutANamespace() {
        int points = CrashPoints.forEachCall(scenario(
                IsolationTier.SHARED,
                World::bringUp,
                World::tearDown,
                world -> assertThat(world.here.get(GOLD.boundNamespace())).isEmpty()));
        System.out.println("crash points of deprovisioning without state: " + points);
        assertThat(points).isGreaterThan(10);
    }

    @Test
    void aFailureAnywhereInDeprovisioningIsSurvivedByTheLivingProcess() {
        int points = CrashPoints.forEachFailure(
                scenario(IsolationTier.SHARED, World::withState, World::tearDown, World::assertOnlyStateIsLeft),
                Failure.UPSTREAM_ERROR);
        assertThat(points).isGreaterThan(10);
    }

    private static Function<Faults, CrashPoints.Scenario> scenario(
            IsolationTier tier, Consumer<World> before, Consumer<World> operation, Consumer<World> after) {
        return faults -> {
            World world = new World(tier, faults);
            before.accept(world);
            return new CrashPoints.Scenario() {
                @Override
                public void run() {
                    operation.accept(world);
                }

                @Override
                public void verify() {
                    after.accept(world);
                }
            };
        };
    }

    /** A home cluster, a customer's cluster and a provisioner; of the reconciler a new one for each run, as after a crash. */
    private static final class World {
        private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
        private final ObjectStore here = InMemoryCluster.create(SCOPE, clock).objects();
        private final ObjectStore there = InMemoryCluster.create(SCOPE, clock).objects();
        private final FakeProvisioner fake = new FakeProvisioner(clock).takes(Duration.ofMinutes(20));
        private final IsolationTier tier;
        private final Faults faults;

        World(IsolationTier tier, Faults faults) {
            this.tier = tier;
            this.faults = faults;
            KubernetesCluster.over(here, SCOPE)
                    .resources()
                    .create(new ClusterTenant(
                            ResourceMetadata.of("", "gold"),
                            ClusterTenantSpec.builder("Gold Corp")
                                    .isolationTier(tier)
                                    .resources(new ClusterTenantResources(
                                            Quota.builder().pods(5L).build()))
                                    .build(),
                            ClusterTenantStatus.empty()));
        }

        private boolean isBuiltIn() {
            return Provisioners.isBuiltIn(tier);
        }

        private ClusterTenantReconciler reconciler() {
            ObjectStore remote = faults.wrap(ObjectStore.class, there);
            return ClusterTenantReconciler.builder(
                            KubernetesCluster.over(faults.wrap(ObjectStore.class, here), SCOPE)
                                    .reaching(customer -> ExternalCustomersTest.session(remote)),
                            NetworkBaseline.of(NetworkFence.of(Settings.defaults())))
                    .provisioners(Provisioners.calledOn(Runnable::run)
                            .add(faults.wrap(ClusterTenantProvisioner.class, fake))
                            .build())
                    .namespaceAccess((customer, spec) ->
                            Optional.of(new RoleGrant("view", List.of(RoleGrant.Subject.group("people")))))
                    .clock(clock)
                    .build();
        }

        void bringUp() {
            reconcileUntil(() -> customer().status().phase() == ClusterTenantPhase.READY
                    && customer().status().conditions().stream()
                            .anyMatch(condition -> condition.type().equals("Ready") && condition.isTrue()));
        }

        void withState() {
            bringUp();
            if (isBuiltIn()) {
                GenericKubernetesResource key = new GenericKubernetesResource();
                key.setApiVersion("v1");
                key.setKind("Secret");
                key.setMetadata(new ObjectMetaBuilder()
                        .withNamespace(GOLD.namespace())
                        .withName("openclaw-ada-encryption-key")
                        .build());
                here.create(key);
            }
        }

        void tearDown() {
            KubernetesCluster direct = KubernetesCluster.over(faults.wrap(ObjectStore.class, here), SCOPE);
            direct.resources().find(ClusterTenant.class, "", "gold").ifPresent(direct.resources()::delete);
            reconcileUntil(() -> !exists());
        }

        private void reconcileUntil(BooleanSupplier isDone) {
            ClusterTenantReconciler reconciler = reconciler();
            for (int i = 0; i < 20 && !isDone.getAsBoolean(); i++) {
                try {
                    reconciler
                            .reconcile("gold")
                            .flatMap(result -> result.requeueAfter())
                            .ifPresent(clock::advance);
                } catch (OpenCraneException e) {
                    if (!e.isRetryable()) {
                        throw e;
                    }
                }
                clock.advance(Duration.ofMinutes(5));
            }
            if (!faults.hasCrashed()) {
                assertThat(isDone.getAsBoolean()).isTrue();
            }
        }

        private boolean exists() {
            return KubernetesCluster.over(here, SCOPE)
                    .resources()
                    .find(ClusterTenant.class, "", "gold")
                    .isPresent();
        }

        private ClusterTenant customer() {
            return KubernetesCluster.over(here, SCOPE)
                    .resources()
                    .find(ClusterTenant.class, "", "gold")
                    .orElseThrow();
        }

        void assertReady() {
            ObjectStore where = isBuiltIn() ? here : there;
            ClusterTenantStatus status = customer().status();
            assertThat(status.phase()).isEqualTo(ClusterTenantPhase.READY);
            assertThat(status.boundNamespace()).isEqualTo("opencrane-gold");
            for (var ref : List.of(GOLD.boundNamespace(), GOLD.quota(), GOLD.limits(), GOLD.access(), GOLD.parent())) {
                assertThat(where.get(ref)).as(ref.toString()).isPresent();
            }
            assertThat(fake.resources("gold").size()).isEqualTo(isBuiltIn() ? 0 : 2);
            assertThat(fake.data("gold").size()).isEqualTo(isBuiltIn() ? 0 : 1);
        }

        void assertOnlyStateIsLeft() {
            assertThat(exists()).isFalse();
            if (!isBuiltIn()) {
                assertThat(fake.resources("gold")).isEmpty();
                assertThat(fake.data("gold")).hasSize(1);
                return;
            }
            assertThat(here.get(GOLD.boundNamespace()))
                    .get()
                    .satisfies(namespace -> assertThat(namespace.getMetadata().getAnnotations())
                            .containsKey(CustomerBlueprint.RETAINED_SINCE));
            assertThat(here.get(ObjectType.SECRET.named(GOLD.namespace(), "openclaw-ada-encryption-key")))
                    .isPresent();
            for (var ref : List.of(GOLD.quota(), GOLD.limits(), GOLD.access(), GOLD.parent())) {
                assertThat(here.get(ref)).as(ref.toString()).isEmpty();
            }
        }
    }
}
