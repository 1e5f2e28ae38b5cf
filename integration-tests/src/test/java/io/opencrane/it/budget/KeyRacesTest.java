package io.opencrane.it.budget;

import static io.opencrane.it.budget.BudgetWorld.ACME;
import static io.opencrane.it.budget.BudgetWorld.ACME_TEAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opencrane.api.projection.RepairMode;
import io.opencrane.k8s.blueprint.TenantChildren;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import io.opencrane.testkit.fault.Failure;
import io.opencrane.testkit.fault.Faults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A tenant is deleted, or made anew, after the service read it and before its key is seen to. */
class KeyRacesTest {
    private final Faults faults = new Faults();
    private final BudgetWorld world = new BudgetWorld(faults, 2);
    private boolean overtaken;

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void ensuringLeavesNoKeyOfATenantThatIsGone() {
        world.create("acme", "200");
        beforeTheKeyIsSeenTo(this::delete);

        assertThatThrownBy(() -> world.budgets.ensureKey(ACME)).hasMessageContaining("TENANT_NOT_FOUND");

        assertNothingIsLeft();
    }

    @Test
    void mendingLeavesNoKeyOfATenantThatIsGone() {
        world.create("acme", "200");
        world.liteLlm.clear();
        beforeTheKeyIsSeenTo(this::delete);

        assertThatThrownBy(() -> world.budgets.checkTruth(ACME, RepairMode.APPLY))
                .hasMessageContaining("TENANT_NOT_FOUND");

        assertNothingIsLeft();
    }

    @Test
    void sweepingLeavesNoKeyOfATenantThatIsGone() {
        world.create("acme", "200");
        world.liteLlm.clear();
        beforeTheKeyIsSeenTo(this::delete);

        assertThat(world.budgets.sweep(RepairMode.APPLY).isSound()).isFalse();

        assertNothingIsLeft();
    }

    @Test
    void theKeyOfATenantThatWasMadeAnewIsNotTakenFromIt() {
        world.create("acme", "200");
        world.objects.delete(
                new TenantChildren("acme", "opencrane").modelKey(),
                world.secret(ACME).getMetadata().getUid());
        beforeTheKeyIsSeenTo(() -> {
            delete();
            world.create("acme", "200");
        });

        assertThatThrownBy(() -> world.budgets.ensureKey(ACME)).hasMessageContaining("CONFLICT");

        world.assertExactlyOneLiveKey(ACME, ACME_TEAM);
    }

    private void delete() {
        world.tenants().delete(ACME);
        world.reconcile(ACME);
    }

    private void assertNothingIsLeft() {
        assertThat(world.tenants().find(ACME)).isEmpty();
        assertThat(world.keysOf(ACME_TEAM)).isEmpty();
        assertThat(world.objects.get(new TenantChildren("acme", "opencrane").modelKey()))
                .isEmpty();
    }

    /** The service asks for the workload's revision last. */
    private void beforeTheKeyIsSeenTo(Runnable change) {
        faults.failWhile(
                call -> {
                    boolean now = call.is(ObjectStore.class, "get")
                            && call.argument(ObjectRef.class)
                                    .filter(ref -> ref.type().equals(ObjectType.DEPLOYMENT))
                                    .isPresent();
                    if (now && !overtaken) {
                        overtaken = true;
                        change.run();
                    }
                    return false;
                },
                Failure.UPSTREAM_ERROR);
    }
}
