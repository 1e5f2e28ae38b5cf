package io.opencrane.it.budget;

import static io.opencrane.it.budget.BudgetWorld.ACME;
import static io.opencrane.it.budget.BudgetWorld.ACME_TEAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.projection.RepairMode;
import io.opencrane.api.resource.SecretText;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.testkit.fault.Faults;
import io.opencrane.testkit.litellm.LiteLlmFault;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Every HTTP request of ensure, rotate, revoke and take-over goes wrong once, in each way a request can: never arrived, arrived with its
 * answer lost, arrived and acted on only later. Then the operation is called again, as after a crash, until it succeeds. The cuts between
 * the ports are {@code TenantCrashPointsTest}'s.
 */
class KeyCrashPointsTest {
    private static final Map<String, Supplier<LiteLlmFault>> FAULTS = Map.of(
            "cut", LiteLlmFault::dropRequest,
            "answer lost", LiteLlmFault::loseAnswer,
            "acts one request later", () -> LiteLlmFault.commitLater(1),
            "acts three requests later", () -> LiteLlmFault.commitLater(3),
            "acts after everything else", () -> LiteLlmFault.commitLater(60));

    @Test
    void ensureEndsWithExactlyTheOneKeyThatShouldLive() {
        int points = forEachRequest(
                world -> {},
                world -> {
                    if (world.tenants().find(ACME).isEmpty()) {
                        world.create("acme", "200");
                    }
                    world.settle(ACME);
                },
                (world, given) -> world.assertExactlyOneLiveKey(ACME, ACME_TEAM));

        print("ensure", points);
        assertThat(points).isGreaterThan(25);
    }

    @Test
    void rotateEndsWithTheNewKeyAliveAndTheOldOneDead() {
        int points = forEachRequest(
                world -> world.create("acme", "200"),
                world -> {
                    world.budgets.rotateKey(ACME, ACME_TEAM + "/1");
                    assertThat(world.liteLlm.isLive(world.key(ACME)))
                            .as("the key in use")
                            .isTrue();
                    world.settle(ACME);
                },
                (world, old) -> {
                    world.settle(ACME);
                    assertThat(world.liteLlm.isLive(old)).as("the old key").isFalse();
                    assertThat(world.podRevision(ACME)).isEqualTo(2);
                    world.assertExactlyOneLiveKey(ACME, ACME_TEAM);
                });

        print("rotate", points);
        assertThat(points).isGreaterThan(25);
    }

    @Test
    void revokeEndsWithTheOldKeyDeadAndOneNewKeyAlive() {
        int points = forEachRequest(
                world -> world.create("acme", "200"),
                world -> {
                    if (world.podRevision(ACME) == 1) {
                        world.budgets.revokeKey(ACME);
                    }
                    world.settle(ACME);
                },
                (world, old) -> {
                    world.settle(ACME);
                    assertThat(world.liteLlm.isLive(old)).as("the old key").isFalse();
                    assertThat(world.podRevision(ACME)).isGreaterThan(1);
                    world.assertExactlyOneLiveKey(ACME, ACME_TEAM);
                });

        print("revoke", points);
        assertThat(points).isGreaterThan(25);
    }

    @Test
    void takingOverEndsWithThePlatformsKeyAliveInTheTenantsTeam() {
        int points = forEachRequest(
                world -> {
                    SecretText theirs =
                            world.liteLlm.addKey("tenant-acme", new BigDecimal("50"), null, new BigDecimal("7"));
                    world.platformSecret(ACME, theirs, "tenant-acme", "50");
                },
                world -> {
                    if (world.tenants().find(ACME).isEmpty()) {
                        world.create("acme", "200");
                    }
                    world.settle(ACME);
                },
                (world, theirs) -> {
                    world.settle(ACME);
                    assertThat(world.key(ACME)).as("the platform's own").isEqualTo(theirs);
                    assertThat(world.podRevision(ACME)).isZero();
                    assertThat(world.keysOf(ACME_TEAM).get(0).maxBudgetUsd()).isNull();
                    world.assertExactlyOneLiveKey(ACME, ACME_TEAM);
                });

        print("take over", points);
        assertThat(points).isGreaterThan(25);
    }

    /** A request that is still on its way when its key is revoked comes back after everything; only a sweep can find it. */
    @Test
    void aKeyThatIsRegisteredAfterItWasRevokedIsSweptUp() {
        try (BudgetWorld world = new BudgetWorld(new Faults(), 1)) {
            world.create("acme", "200");
            world.liteLlm.failNext("POST /key/generate", LiteLlmFault.commitLater(40));
            until(world, () -> world.budgets.rotateKey(ACME, ACME_TEAM + "/1"));
            world.budgets.revokeKey(ACME);
            world.settle(ACME);
            drain(world);
            until(world, () -> world.budgets.sweep(RepairMode.APPLY));

            world.assertExactlyOneLiveKey(ACME, ACME_TEAM);
        }
    }

    private interface Check {
        /** @param before the key in the Secret before the operation, or null */
        void verify(BudgetWorld world, SecretText before);
    }

    private static int forEachRequest(Consumer<BudgetWorld> given, Consumer<BudgetWorld> when, Check then) {
        int points = 0;
        for (Map.Entry<String, Supplier<LiteLlmFault>> fault : FAULTS.entrySet()) {
            for (int k = 0; ; k++) {
                try (BudgetWorld world = new BudgetWorld(new Faults(), 1)) {
                    given.accept(world);
                    SecretText before = hasSecret(world) ? world.key(ACME) : null;
                    int requests = world.liteLlm.requestCount();
                    world.liteLlm.failAfter(k, fault.getValue().get());
                    until(world, () -> when.accept(world));
                    if (world.liteLlm.requestCount() - requests <= k) {
                        break;
                    }
                    world.liteLlm.clearFaults();
                    drain(world);
                    points++;
                    assertEnd(world, before, then, fault.getKey() + " at request " + (k + 1));
                }
            }
        }
        return points;
    }

    private static void assertEnd(BudgetWorld world, SecretText before, Check then, String where) {
        try {
            then.verify(world, before);
        } catch (AssertionError e) {
            throw new AssertionError(where + ": " + e.getMessage() + "\nrequests: " + world.liteLlm.requests(), e);
        }
    }

    private static boolean hasSecret(BudgetWorld world) {
        return world.objects
                .get(new TenantChildren("acme", "opencrane").modelKey())
                .isPresent();
    }

    /** As a scheduler does: what failed is called again. */
    private static void until(BudgetWorld world, Runnable operation) {
        for (int attempt = 1; ; attempt++) {
            try {
                operation.run();
                return;
            } catch (OpenCraneException e) {
                assertThat(e.isRetryable()).as("%s", e.getMessage()).isTrue();
                assertThat(attempt).as("attempts; the last: %s", e.getMessage()).isLessThan(6);
            }
        }
    }

    /** Lets what is still on its way arrive. */
    private static void drain(BudgetWorld world) {
        for (int i = 0; i < 61; i++) {
            world.openCrane.health();
        }
    }

    private static void print(String operation, int points) {
        System.out.println("crash points of " + operation + " over HTTP, " + FAULTS.size()
                + " ways each request goes wrong: " + points + "; after each, exactly the keys that should live");
    }
}
