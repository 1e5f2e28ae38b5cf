package io.opencrane.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.k8s.object.ObjectStore;
import org.junit.jupiter.api.Test;

/** The finalizer that holds a custom resource until its children are cleaned up. */
abstract class FinalizerCases extends ResourceCases {
    @Test
    void aFinalizerIsAddedOnceAndHoldsTheResource() {
        Tenant held = resources().addFinalizer(acme());
        assertThat(held.metadata().finalizers()).containsExactly(ResourceStore.FINALIZER);
        assertThat(resources().addFinalizer(held)).isEqualTo(held);
        resources().delete(held);
        Tenant going = stored(held);
        assertThat(going.metadata().isBeingDeleted()).isTrue();
        resources().removeFinalizer(going);
        assertThat(resources().find(Tenant.class, namespace(), "acme")).isEmpty();
        resources().removeFinalizer(going);
    }

    @Test
    void theFinalizersOfOthersStay() {
        Tenant made = acme();
        objects()
                .patch(
                        Samples.TENANT.named(namespace(), "acme"),
                        ObjectStore.Target.OBJECT,
                        ObjectStore.PatchType.MERGE,
                        "{\"metadata\":{\"finalizers\":[\"example.com/theirs\"]}}");
        Tenant held = resources().addFinalizer(stored(made));
        assertThat(held.metadata().finalizers()).containsExactly("example.com/theirs", ResourceStore.FINALIZER);
        resources().removeFinalizer(held);
        assertThat(stored(made).metadata().finalizers()).containsExactly("example.com/theirs");
        objects()
                .patch(
                        Samples.TENANT.named(namespace(), "acme"),
                        ObjectStore.Target.OBJECT,
                        ObjectStore.PatchType.MERGE,
                        "{\"metadata\":{\"finalizers\":null}}");
    }

    @Test
    void aStaleReadMovesNoFinalizer() {
        Tenant made = acme();
        labelledBySomebody(made);
        assertFails(ErrorCode.CONFLICT, () -> resources().addFinalizer(made));
        Tenant held = resources().addFinalizer(stored(made));
        objects()
                .patch(
                        Samples.TENANT.named(namespace(), "acme"),
                        ObjectStore.Target.OBJECT,
                        ObjectStore.PatchType.MERGE,
                        "{\"metadata\":{\"labels\":{\"somebody\":\"again\"}}}");
        assertFails(ErrorCode.CONFLICT, () -> resources().removeFinalizer(held));
        assertThat(stored(made).metadata().finalizers()).containsExactly(ResourceStore.FINALIZER);
    }

    @Test
    void removingWhatIsNotThereSendsNothing() {
        Tenant made = acme();
        labelledBySomebody(made);
        resources().removeFinalizer(made);
        assertThat(stored(made).metadata().finalizers()).isEmpty();
    }
}
