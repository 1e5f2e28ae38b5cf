package io.opencrane.it.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.SecretText;
import io.opencrane.api.tenant.Placement;
import io.opencrane.api.tenant.TenantPhase;
import io.opencrane.core.port.ModelGateway;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.litellm.LiteLlmGateway;
import io.opencrane.testkit.fault.CrashPoints;
import io.opencrane.testkit.litellm.FakeLiteLlm;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Invariant 2 where the children are in a customer's own cluster: create, move and delete, cut at every call to either cluster. */
class DedicatedClusterCrashPointsTest {
    private FakeLiteLlm liteLlm;
    private ModelGateway gateway;
    private final TenantChildren children = new TenantChildren("acme", CustomersWithClusters.BOUND);

    @BeforeEach
    void startGateway() {
        liteLlm = FakeLiteLlm.start(CustomersWithClusters.MASTER_KEY);
        gateway = LiteLlmGateway.builder(liteLlm.endpoint(), CustomersWithClusters.MASTER_KEY)
                .build();
    }

    @AfterEach
    void stopGateway() {
        liteLlm.close();
    }

    private int cut(
            Consumer<CustomersWithClusters> given,
            Consumer<CustomersWithClusters> when,
            Consumer<CustomersWithClusters> then) {
        return CrashPoints.forEachCall(faults -> {
            liteLlm.clear();
            CustomersWithClusters world = new CustomersWithClusters(faults, liteLlm, gateway);
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
        });
    }

    private static void create(CustomersWithClusters world) {
        world.create(CustomersWithClusters.ACME, "gold");
        world.reconcileUntil(TenantPhase.RUNNING);
    }

    private void assertRuns(CustomersWithClusters world, String cluster) {
        assertThat(world.tenant().status().placement()).isEqualTo(new Placement(cluster, "tenants"));
        assertThat(CustomersWithClusters.objectsOf(children)).allSatisfy(ref -> {
            assertThat(world.in(cluster).get(ref)).as("%s", ref).isPresent();
            assertThat(world.home.get(ref.type().named("opencrane", ref.name())))
                    .isEmpty();
        });
        String encoded =
                world.in(cluster).get(children.modelKey()).orElseThrow().get("data", "apiKey");
        assertThat(liteLlm.keys()).hasSize(1);
        assertThat(liteLlm.isLive(
                        SecretText.of(new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8))))
                .isTrue();
        assertThat(world.in(cluster)
                        .get(children.deployment())
                        .orElseThrow()
                        .getMetadata()
                        .getGeneration())
                .as("the pod never rolled")
                .isEqualTo(1);
    }

    private void assertOnlyStateIn(CustomersWithClusters world, String cluster) {
        for (ObjectRef ref : CustomersWithClusters.objectsOf(children)) {
            boolean stays = ref.equals(children.state()) || ref.equals(children.encryptionKey());
            assertThat(world.in(cluster).get(ref).isPresent()).as("%s", ref).isEqualTo(stays);
        }
    }

    @Test
    void createCutAnywhereEndsWithOneTenantInTheCustomersCluster() {
        int points = cut(world -> {}, DedicatedClusterCrashPointsTest::create, world -> assertRuns(world, "gold"));
        System.out.println("crash points of create in a customer's cluster: " + points);
        assertThat(points).isGreaterThan(70);
    }

    @Test
    void deleteCutAnywhereLeavesOnlyStateInTheCustomersCluster() {
        int points = cut(
                DedicatedClusterCrashPointsTest::create,
                world -> {
                    deleteOnce(world);
                    world.reconciler.reconcile(CustomersWithClusters.ACME);
                    assertThat(world.openSessions).isZero();
                },
                world -> {
                    assertThat(world.openCrane.tenants().find(CustomersWithClusters.ACME))
                            .isEmpty();
                    assertThat(liteLlm.keys()).isEmpty();
                    assertOnlyStateIn(world, "gold");
                });
        System.out.println("crash points of delete in a customer's cluster: " + points);
        assertThat(points).isGreaterThan(30);
    }

    private static void deleteOnce(CustomersWithClusters world) {
        try {
            world.openCrane.tenants().delete(CustomersWithClusters.ACME);
        } catch (OpenCraneException e) {
            assertThat(e.code().name()).isEqualTo("TENANT_NOT_FOUND");
        }
    }

    @Test
    void aMoveToAnotherCustomersClusterCutAnywhereEndsThereWithTheSameKey() {
        String[] key = new String[1];
        int points = cut(
                world -> {
                    create(world);
                    key[0] = world.in("gold")
                            .get(children.encryptionKey())
                            .orElseThrow()
                            .get("data", "key");
                },
                world -> {
                    world.moveTo("silver");
                    world.reconcileUntil(TenantPhase.RUNNING);
                },
                world -> {
                    assertRuns(world, "silver");
                    assertOnlyStateIn(world, "gold");
                    assertThat(world.in("silver")
                                    .get(children.encryptionKey())
                                    .orElseThrow()
                                    .<String>get("data", "key"))
                            .isEqualTo(key[0]);
                    assertThat(world.moves).isNotEmpty();
                });
        System.out.println("crash points of a move between customers' clusters: " + points);
        assertThat(points).isGreaterThan(120);
    }
}
