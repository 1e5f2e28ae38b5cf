package io.opencrane.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceMetadata;
import io.opencrane.api.tenant.Tenant;
import io.opencrane.api.tenant.TenantSpec;
import io.opencrane.api.tenant.TenantStatus;
import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.Cluster;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.k8s.object.ObjectStore;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the groups of cases share. */
abstract class ClusterUnderTest {
    abstract ObjectStore objects();

    abstract Cluster cluster(InstanceScope scope);

    abstract String namespace();

    final ResourceStore resources() {
        return cluster(InstanceScope.namespace(namespace())).resources();
    }

    final Tenant newTenant(String name) {
        return new Tenant(
                ResourceMetadata.of(namespace(), name),
                TenantSpec.builder("Acme", "owner@acme.com").build(),
                TenantStatus.empty());
    }

    final Tenant acme() {
        return resources().create(newTenant("acme"));
    }

    /** The resource as it is now. */
    @SuppressWarnings("unchecked") // models are final, so the class of an R is Class<R>
    final <R extends Resource> R stored(R resource) {
        return (R) resources()
                .find(
                        resource.getClass(),
                        resource.metadata().namespace(),
                        resource.metadata().name())
                .orElseThrow();
    }

    /** A change behind the library's back. */
    final void labelledBySomebody(Tenant tenant) {
        objects()
                .patch(
                        Samples.TENANT.named(namespace(), tenant.metadata().name()),
                        ObjectStore.Target.OBJECT,
                        ObjectStore.PatchType.MERGE,
                        "{\"metadata\":{\"labels\":{\"somebody\":\"else\"}}}");
    }

    /** Asserts that a call fails with a code. */
    final OpenCraneException assertFails(ErrorCode code, ThrowingCallable call) {
        OpenCraneException failure = catchThrowableOfType(OpenCraneException.class, call);
        assertThat(failure).as("a failure").isNotNull();
        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
        return failure;
    }
}
