package io.opencrane.it.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.NewTenant;
import io.opencrane.api.tenant.TenantId;
import io.opencrane.api.tenant.TenantPatch;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.OpenCrane;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.core.port.ProjectionStore;
import io.opencrane.core.settings.Settings;
import io.opencrane.k8s.KubernetesCluster;
import io.opencrane.k8s.blueprint.Annotations;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectStore;
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
    private static final TenantChildren CHILDREN = new TenantChildren("acme", NAMESPACE);

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
                            || world.projection.find(ACME).isPresent()) {
                        world.deleteOnce();
                    }
                    world.reconciler.reconcile(ACME);
                },
                World::assertOnlyStateIsLeft));
        System.out.println("crash points of delete: " + points);
        assertThat(points).isGreaterThan(30);
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
            liteLlm.teams().forEach(team -> gateway.deleteTeam(team.teamId()));
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
        private final ObjectStore objects;
        private final InMemoryProjection projection;
        private final FakeKubelet kubelet;
        private final OpenCrane openCrane;
        private final TenantReconciler reconciler;
        private String encryptionKey;
        private String modelKey;

        World(Faults faults) {
            TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
            InstanceScope scope = InstanceScope.namespace(NAMESPACE);
            objects = InMemoryCluster.create(scope, clock).objects();
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
                    .clock(clock)
                    .build();
        }

        void create() {
            openCrane
                    .tenants()
                    .create(NewTenant.builder("acme", "ACME Corp", "owner@acme.com")
                            .team("engineering")
                            .monthlyBudgetUsd("200")
                            .build());
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

        void remember() {
            objects.get(CHILDREN.encryptionKey()).ifPresent(secret -> encryptionKey = secret.get("data", "key"));
            objects.get(CHILDREN.modelKey()).ifPresent(secret -> modelKey = secret.get("data", "apiKey"));
        }

        GenericKubernetesResource live() {
            return objects.get(CHILDREN.deployment()).orElseThrow();
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
            assertThat(projection.find(ACME)).isPresent();
            assertThat(live().<String>get("spec", "template", "metadata", "annotations", Annotations.KEY_REVISION))
                    .isEqualTo("1");
            assertThat(live().getMetadata().getGeneration()).isLessThanOrEqualTo(2);
        }

        void assertOneKey() {
            GenericKubernetesResource secret = objects.get(CHILDREN.modelKey()).orElseThrow();
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
            String key = objects.get(CHILDREN.encryptionKey()).orElseThrow().get("data", "key");
            assertThat(Base64.getDecoder().decode(key)).hasSize(32);
            if (encryptionKey != null) {
                assertThat(key).isEqualTo(encryptionKey);
            }
        }

        void assertOnlyStateIsLeft() {
            assertEncryptionKey();
            assertThat(objects.get(CHILDREN.state())).isPresent();
            assertThat(openCrane.tenants().find(ACME)).isEmpty();
            assertThat(projection.find(ACME)).isEmpty();
            assertThat(liteLlm.keys()).isEmpty();
            assertThat(List.of(
                            CHILDREN.serviceAccount(),
                            CHILDREN.modelKey(),
                            CHILDREN.config(),
                            CHILDREN.deployment(),
                            CHILDREN.service(),
                            CHILDREN.ingress()))
                    .allSatisfy(ref -> assertThat(objects.get(ref)).isEmpty());
        }
    }
}
