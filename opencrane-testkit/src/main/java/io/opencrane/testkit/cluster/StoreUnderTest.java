package io.opencrane.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectStore.Force;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;

/** What the groups of cases share. */
abstract class StoreUnderTest {
    /** The field manager of the library. */
    static final String MANAGER = "opencrane";

    /** Somebody else's field manager. */
    static final String OTHER = "somebody-else";

    abstract ObjectStore objects();

    abstract String namespace();

    abstract boolean hasControllers();

    final ObjectRef configMap(String name) {
        return ObjectType.CONFIG_MAP.named(namespace(), name);
    }

    final GenericKubernetesResource stored(ObjectRef ref) {
        return objects().get(ref).orElseThrow();
    }

    final GenericKubernetesResource apply(GenericKubernetesResource object) {
        return objects().apply(object, MANAGER, Force.NO);
    }

    final GenericKubernetesResource applyAsOther(GenericKubernetesResource object) {
        return objects().apply(object, OTHER, Force.NO);
    }

    final GenericKubernetesResource merge(ObjectRef ref, String body) {
        return objects().patch(ref, Target.OBJECT, PatchType.MERGE, body);
    }

    final GenericKubernetesResource mergeStatus(ObjectRef ref, String body) {
        return objects().patch(ref, Target.STATUS, PatchType.MERGE, body);
    }

    final GenericKubernetesResource jsonPatch(ObjectRef ref, String body) {
        return objects().patch(ref, Target.OBJECT, PatchType.JSON, body);
    }

    /** Asserts that a call fails with a code. */
    final OpenCraneException assertFails(ErrorCode code, ThrowingCallable call) {
        OpenCraneException failure = catchThrowableOfType(OpenCraneException.class, call);
        assertThat(failure).as("a failure").isNotNull();
        assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
        return failure;
    }

    static ObjectRef ref(GenericKubernetesResource object) {
        @Nullable String namespace = object.getMetadata().getNamespace();
        return ObjectType.known(object.getApiVersion(), object.getKind())
                .orElseThrow()
                .named(namespace == null ? "" : namespace, object.getMetadata().getName());
    }

    static String version(GenericKubernetesResource object) {
        return object.getMetadata().getResourceVersion();
    }
}
