package io.opencrane.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opencrane.api.clustertenant.ClusterTenant;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.ResourceStore;
import org.junit.jupiter.api.Test;

/** Two instances in one cluster never meet. */
abstract class ScopeCases extends FinalizerCases {
    private ResourceStore neighbour() {
        return cluster(InstanceScope.namespace(namespace() + "-neighbour")).resources();
    }

    @Test
    void anotherInstancesTenantIsNeitherReadNorWritten() {
        Tenant theirs = acme();
        assertFails(ErrorCode.VALIDATION_ERROR, () -> neighbour().find(Tenant.class, namespace(), "acme"));
        assertFails(ErrorCode.VALIDATION_ERROR, () -> neighbour().page(Tenant.class, namespace(), 10, null));
        assertFails(ErrorCode.VALIDATION_ERROR, () -> neighbour().create(newTenant("other")));
        assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> neighbour()
                        .patch(
                                theirs,
                                theirs.withSpec(
                                        theirs.spec().toBuilder().team("red").build())));
        assertFails(ErrorCode.VALIDATION_ERROR, () -> neighbour().addFinalizer(theirs));
        assertFails(ErrorCode.VALIDATION_ERROR, () -> neighbour().delete(theirs));
        assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> cluster(InstanceScope.namespace(namespace() + "-neighbour"))
                        .deletePods(theirs));
        assertThat(stored(theirs)).isEqualTo(theirs);
    }

    @Test
    void onlyAnInstanceOfTheWholeClusterListsEveryNamespace() {
        Tenant ours = acme();
        assertFails(ErrorCode.VALIDATION_ERROR, () -> resources().page(Tenant.class, "", 10, null));
        assertThat(cluster(InstanceScope.wholeCluster(namespace()))
                        .resources()
                        .page(Tenant.class, "", 10_000, null)
                        .items())
                .contains(ours);
    }

    @Test
    void customersBelongToTheCluster() {
        assertThat(resources().find(ClusterTenant.class, "", namespace())).isEmpty();
        assertThat(resources().page(ClusterTenant.class, "", 10_000, null).continueToken())
                .isNull();
    }

    @Test
    void theClusterSaysWhereItWorks() {
        assertThat(cluster(InstanceScope.namespace(namespace())).scope().home()).isEqualTo(namespace());
    }
}
