package io.opencrane.it.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.clustertenant.ClusterTenantSpec;
import io.opencrane.api.clustertenant.ClusterTenantStatus;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.Annotations;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.k8s.reconcile.TenantReconciler;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.TestClock;
import io.opencrane.testkit.cluster.FakeKubelet;
import io.opencrane.testkit.cluster.InMemoryCluster;
import io.opencrane.testkit.fault.CrashPoints;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import io.opencrane.testkit.projection.InMemoryProjection;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Invariant 2: create, change, suspend and delete, each followed by a reconcile, are cut at every outside call to cluster, projection and
 * model gateway, before and after it takes effect, and run again. Experiment C (DECISIONS) over the real journal, the Secret.
 */
class TenantCrashPointsTest {
    private static final SecretText MASTER_KEY = SecretText.of("sk-master");
    private static final String NAMESPACE = "opencrane";
    private static final TenantId ACME = new TenantId(NAMESPACE, "acme");
    private static final String BOUND = "opencrane-gold";

    private FakeLiteLlm liteLlm;
    private ModelGateway gateway;

    @BeforeEach
    void startGateway() {
        liteLlm = FakeLiteLlm.start(MASTER_KEY);
        gateway = LiteLlmGateway.builder(liteLlm.endpoint(), MASTER_KEY).build();
    }

    @AfterEach
    void stopGateway() {
        liteLlm.close();
    }

    @Test
    void createCutAnywhereEndsWithOneTenantOneKeyAndOneRow() {
        int points = CrashPoints.forEachCall(scenario(world -> {}, World::create, World::assertRunsWithOneKey));
        System.out.println("crash points of create and first reconcile: " + points);
        assertThat(points).isGreaterThan(60);
    }

    @Test
    void aFailureAnywhereInCreateIsSurvivedByTheLivingProcess() {
        int points = CrashPoints.forEachFailure(
                scenario(world -> {}, World::createUntilDone, World::assertRunsWithOneKeyThatMayHaveComeLate),
                Failure.UPSTREAM_ERROR);
        assertThat(points).isGreaterThan(60);
    }

    @Test
    void changingTheBudgetCutAnywhereEndsWithTheNewCeilingAndTheSameKey() {
        int points = CrashPoints.forEachCall(scenario(
                World::create,
                world -> {
                    world.openCrane
                            .tenants()
                            .update(
                                    ACME,
                                    TenantPatch.builder()
                                            .monthlyBudgetUsd("300")
                                            .build());
                    world.reconciler.reconcile(ACME);
                },
                world -> {
                    world.assertRunsWithOneKey();
                    assertThat(liteLlm.teams())
                            .singleElement()
                            .satisfies(team -> assertThat(team.maxBudgetUsd()).isEqualByComparingTo("300"));
                }));
        System.out.println("crash points of a changed budget: " + points);
        assertThat(points).isGreaterThan(20);
    }

    @Test
    void suspendCutAnywhereEndsSuspendedWithTheSameKey() {
        int points = CrashPoints.forEachCall(scenario(
                World::create,
                world -> {
                    world.openCrane.tenants().suspend(ACME);
                    world.reconcileUntil(TenantPhase.SUSPENDED);
                },
                world -> {
                    world.assertOneKey();
                    assertThat(world.live().<Integer>get("spec", "replicas")).isZero();
                }));
        System.out.println("crash points of suspend: " + points);
        assertThat(points).isGreaterThan(20);
    }

    @Test
    void deleteCutAnywhereLeavesStateAndEncryptionKeyAndNothingElse() {
        int points = CrashPoints.forEachCall(scenario(
                World::create,
                world -> {
                    if (world.openCrane.tenants().find(ACME).isPresent()
                            || world.projection.tenants().find(ACME).isPresent()) {
                        world.deleteOnce();
                    }
                    world.reconciler.reconcile(ACME);
                },
                World::assertOnlyStateIsLeft));
        System.out.println("crash points of delete: " + points);
        assertThat(points).isGreaterThan(30);
    }

    @Test
    void createForACustomerCutAnywhereEndsWithOneTenantInTheCustomersNamespace() {
        int points = CrashPoints.forEachCall(
                scenario(world -> world.haveCustomer("gold", BOUND), World::create, World::assertRunsWithOneKey));
        System.out.println("crash points of create for a customer: " + points);
        assertThat(points).isGreaterThan(70);
    }

    @Test
    void anUpdateOfEverythingCutAnywhereRollsThePodOnceAndKeepsTheKeys() {
        int points = CrashPoints.forEachCall(scenario(
                World::create,
                world -> {
                    world.openCrane
                            .tenants()
                            .update(
                                    ACME,
                                    TenantPatch.builder()
                                            .team("research")
                                            .openclawVersion("2.0")
                                            .skillAllowlist(List.of("read"))
                                            .monthlyBudgetUsd("300")
                                            .build());
                    world.reconcileUntil(TenantPhase.RUNNING);
                },
                world -> {
                    world.assertOneKey();
                    assertThat(world.live().getMetadata().getGeneration()).isEqualTo(2);
                    assertThat(world.openCrane.tenants().get(ACME).status().lastRunningVersion())
                            .isEqualTo("2.0");
                }));
        System.out.println("crash points of an update: " + points);
        assertThat(points).isGreaterThan(30);
    }

    @Test
    void purgeCutAnywhereLeavesNothing() {
        int points = CrashPoints.forEachCall(scenario(
                World::create,
                world -> {
                    world.openCrane.tenants().purge(ACME, "acme");
                    world.reconciler.reconcile(ACME);
                    world.removeRowOfAnAbsentTenant();
                },
                World::assertNothingIsLeft));
        System.out.println("crash points of purge: " + points);
        assertThat(points).isGreaterThan(30);
    }

    @Test
    void aMoveCutAnywhereEndsWithTheSameEncryptionKeyAndOneModelKeyInTheOtherNamespace() {
        int points = CrashPoints.forEachCall(scenario(
                world -> {
                    world.haveCustomer("gold", BOUND);
                    world.create();
                },
                world -> {
                    world.haveCustomer("silver", "opencrane-silver");
                    world.openCrane
                            .tenants()
                            .update(
                                    ACME,
                                    TenantPatch.builder()
                                            .clusterTenantRef("silver")
                                            .build());
                    world.reconcileUntil(TenantPhase.RUNNING);
                },
                world -> {
                    world.modelKey = null; // a moved tenant gets a new one
                    world.assertOneKey();
                    TenantChildren old = new TenantChildren("acme", BOUND);
                    assertThat(List.of(old.deployment(), old.modelKey(), old.config(), old.serviceAccount()))
                            .allSatisfy(
                                    ref -> assertThat(world.objects.get(ref)).isEmpty());
                    assertThat(world.objects.get(old.state())).isPresent();
                    assertThat(world.moved).as("copied while nothing ran").isTrue();
                }));
        System.out.println("crash points of a move: " + points);
        assertThat(points).isGreaterThan(80);
    }

    private FreshWorlds scenario(Consumer<World> given, Consumer<World> when, Consumer<World> then) {
        return new FreshWorlds(given, when, then);
    }

    /** A fresh world for each cut; what is given happens before the count begins. */
    private final class FreshWorlds implements Function<Faults, CrashPoints.Scenario> {
        private final Consumer<World> given;
        private final Consumer<World> when;
        private final Consumer<World> then;

        FreshWorlds(Consumer<World> given, Consumer<World> when, Consumer<World> then) {
            this.given = given;
            this.when = when;
            this.then = then;
        }

        @Override
        public CrashPoints.Scenario apply(Faults faults) {
            liteLlm.clear();
            World world = new World(faults);
            given.accept(world);
            world.remember();
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
        }
    }

    /** One instance with everything behind it; the ports are cut, the systems themselves are not. */
    private final class World {
        private final InMemoryCluster memory;
        private final ObjectStore objects;
        private final InMemoryProjection projection;
        private final FakeKubelet kubelet;
        private final OpenCrane openCrane;
        private final TenantReconciler reconciler;
        private TenantChildren children = new TenantChildren("acme", NAMESPACE);
        private String customer;
        private boolean moved;
        private String encryptionKey;
        private String modelKey;

        World(Faults faults) {
            TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
            InstanceScope scope = InstanceScope.namespace(NAMESPACE);
            memory = InMemoryCluster.create(scope, clock);
            objects = memory.objects();
            kubelet = FakeKubelet.withControllers(objects);
            projection = new InMemoryProjection(clock);
            Settings settings = Settings.builder()
                    .namespace(NAMESPACE)
                    .watchNamespaces(NAMESPACE)
                    .instanceId("crash")
                    .liteLlmEnabled(true)
                    .liteLlmEndpoint(liteLlm.endpoint())
                    .liteLlmMasterKey(MASTER_KEY)
                    .build();
            KubernetesCluster cluster = KubernetesCluster.over(faults.wrap(ObjectStore.class, objects), scope);
            openCrane = OpenCrane.builder()
                    .cluster(cluster)
                    .projection(faults.wrap(ProjectionStore.class, projection))
                    .settings(settings)
                    .clock(clock)
                    .build();
            reconciler = TenantReconciler.builder(cluster, settings)
                    .modelGateway(faults.wrap(ModelGateway.class, gateway))
                    .stateMover((tenant, from, to) -> {
                        assertThat(objects.list(ObjectType.POD, from.claim().namespace(), Filter.all(), 10, null)
                                        .items())
                                .isEmpty();
                        moved = objects.get(from.claim()).isPresent()
                                && objects.get(to.claim()).isPresent();
                        return moved;
                    })
                    .clock(clock)
                    .build();
        }

        /** A customer of its own namespace, in which the tenant's children will be. */
        void haveCustomer(String name, String namespace) {
            customer = name;
            children = new TenantChildren("acme", namespace);
            memory.createNamespace(namespace);
            ResourceStore resources = KubernetesCluster.over(objects, InstanceScope.namespace(NAMESPACE))
                    .resources();
            ClusterTenant made = resources
                    .find(ClusterTenant.class, "", name)
                    .orElseGet(() -> resources.create(new ClusterTenant(
                            ResourceMetadata.of("", name),
                            ClusterTenantSpec.builder(name).build(),
                            ClusterTenantStatus.empty())));
            resources.patchStatus(
                    made,
                    made.withStatus(ClusterTenantStatus.empty().toBuilder()
                            .boundNamespace(namespace)
                            .build()));
        }

        void create() {
            NewTenant.Builder acme = NewTenant.builder("acme", "ACME Corp", "owner@acme.com")
                    .team("engineering")
                    .monthlyBudgetUsd("200");
            openCrane.tenants().create((customer == null ? acme : acme.clusterTenantRef(customer)).build());
            reconcileUntil(TenantPhase.RUNNING);
        }

        /** As an operator would: whatever may pass is tried again. */
        void createUntilDone() {
            for (int attempt = 0; ; attempt++) {
                try {
                    create();
                    return;
                } catch (OpenCraneException e) {
                    assertThat(e.isRetryable()).as("%s", e.getMessage()).isTrue();
                    assertThat(attempt).isLessThan(5);
                }
            }
        }

        void reconcileUntil(TenantPhase phase) {
            for (int i = 0; i < 10; i++) {
                var result = reconciler.reconcile(ACME).orElseThrow();
                boolean keyIsLive = result.modelKey().isPresent();
                if (result.tenant().status().phase() == phase && keyIsLive) {
                    return;
                }
                kubelet.runOnce();
            }
            throw new AssertionError("never " + phase);
        }

        void deleteOnce() {
            try {
                openCrane.tenants().delete(ACME);
            } catch (OpenCraneException e) {
                assertThat(e.code().name()).isEqualTo("TENANT_NOT_FOUND");
            }
        }

        /** As the next drift run or delete would find it. */
        void removeRowOfAnAbsentTenant() {
            if (projection.tenants().find(ACME).isPresent()) {
                deleteOnce();
            }
        }

        void remember() {
            objects.get(children.encryptionKey()).ifPresent(secret -> encryptionKey = secret.get("data", "key"));
            objects.get(children.modelKey()).ifPresent(secret -> modelKey = secret.get("data", "apiKey"));
        }

        GenericKubernetesResource live() {
            return objects.get(children.deployment()).orElseThrow();
        }

        void assertRunsWithOneKey() {
            assertRunsWithOneKeyThatMayHaveComeLate();
            assertThat(live().getMetadata().getGeneration())
                    .as("the pod never rolled")
                    .isEqualTo(1);
        }

        /** Trouble with the key never blocks the tenant, so the pod may have started without it and rolled once. */
        void assertRunsWithOneKeyThatMayHaveComeLate() {
            assertOneKey();
            assertThat(openCrane.tenants().get(ACME).status().phase()).isEqualTo(TenantPhase.RUNNING);
            assertThat(projection.tenants().find(ACME)).isPresent();
            assertThat(live().<String>get("spec", "template", "metadata", "annotations", Annotations.KEY_REVISION))
                    .isEqualTo("1");
            assertThat(live().getMetadata().getGeneration()).isLessThanOrEqualTo(2);
        }

        void assertOneKey() {
            GenericKubernetesResource secret = objects.get(children.modelKey()).orElseThrow();
            String encoded = secret.get("data", "apiKey");
            String raw = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            assertThat(liteLlm.keys()).as("exactly one key").hasSize(1);
            assertThat(liteLlm.isLive(SecretText.of(raw)))
                    .as("the recorded one")
                    .isTrue();
            assertThat(secret.getMetadata().getAnnotations()).containsEntry("opencrane.io/litellm-key-state", "live");
            if (modelKey != null) {
                assertThat(encoded).as("the key survived").isEqualTo(modelKey);
            }
            assertEncryptionKey();
        }

        void assertEncryptionKey() {
            String key = objects.get(children.encryptionKey()).orElseThrow().get("data", "key");
            assertThat(Base64.getDecoder().decode(key)).hasSize(32);
            if (encryptionKey != null) {
                assertThat(key).isEqualTo(encryptionKey);
            }
        }

        void assertOnlyStateIsLeft() {
            assertEncryptionKey();
            assertThat(objects.get(children.state())).isPresent();
            assertTenantIsGone();
        }

        void assertNothingIsLeft() {
            assertThat(objects.get(children.encryptionKey())).isEmpty();
            assertThat(objects.get(children.state())).isEmpty();
            assertTenantIsGone();
        }

        private void assertTenantIsGone() {
            assertThat(openCrane.tenants().find(ACME)).isEmpty();
            assertThat(projection.tenants().find(ACME)).isEmpty();
            assertThat(liteLlm.keys()).isEmpty();
            assertThat(List.of(
                            children.serviceAccount(),
                            children.modelKey(),
                            children.config(),
                            children.deployment(),
                            children.service(),
                            children.ingress()))
                    .allSatisfy(ref -> assertThat(objects.get(ref)).isEmpty());
        }
    }
}
