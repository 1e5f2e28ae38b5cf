package io.opencrane.testkit.cluster;

import static io.opencrane.testkit.cluster.StoreUnderTest.ref;
import static io.opencrane.testkit.cluster.StoreUnderTest.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.object.Filter;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Making, reading and deleting one object. */
abstract class ObjectCases extends StoreUnderTest {
    @Test
    void whatIsCreatedIsReadBack() {
        GenericKubernetesResource made = objects().create(Samples.configMap(namespace(), "c", Map.of("a", "1")));
        assertThat(made.getMetadata().getUid()).isNotEmpty();
        assertThat(version(made)).isNotEmpty();
        assertThat(made.getMetadata().getCreationTimestamp()).isNotEmpty();
        assertThat(made.<Map<String, Object>>get("data")).isEqualTo(Map.of("a", "1"));
        assertThat(stored(configMap("c"))).isEqualTo(made);
    }

    @Test
    void aConfigMapHasNoGeneration() {
        GenericKubernetesResource made = objects().create(Samples.configMap(namespace(), "c", Map.of("a", "1")));
        assertThat(made.getMetadata().getGeneration()).isNull();
    }

    @Test
    void objectsHandedInAndOutAreCopies() {
        GenericKubernetesResource mine = Samples.configMap(namespace(), "c", Map.of("a", "1"));
        GenericKubernetesResource made = objects().create(mine);
        assertThat(mine.getMetadata().getUid()).isNull();
        made.getMetadata().setName("changed");
        made.setAdditionalProperty("data", Map.of());
        mine.setAdditionalProperty("data", Map.of());
        assertThat(stored(configMap("c")).<String>get("data", "a")).isEqualTo("1");
    }

    @Test
    void aNameIsTakenOnce() {
        objects().create(Samples.configMap(namespace(), "c", Map.of("a", "1")));
        OpenCraneException failure = assertFails(
                ErrorCode.ALREADY_EXISTS,
                () -> objects().create(Samples.configMap(namespace(), "c", Map.of("a", "2"))));
        assertThat(failure.subject()).isEqualTo("ConfigMap " + namespace() + "/c");
        assertThat(stored(configMap("c")).<String>get("data", "a")).isEqualTo("1");
    }

    @Test
    void whatCarriesAVersionIsNotCreated() {
        GenericKubernetesResource read = objects().create(Samples.configMap(namespace(), "c", Map.of("a", "1")));
        assertFails(ErrorCode.VALIDATION_ERROR, () -> objects().create(read));
        objects().delete(configMap("c"), read.getMetadata().getUid());
        assertFails(ErrorCode.VALIDATION_ERROR, () -> objects().create(read));
        assertThat(objects().get(configMap("c"))).isEmpty();
        read.getMetadata().setResourceVersion("0");
        assertThat(version(objects().create(read))).isNotEqualTo("0");
    }

    @Test
    void aNamespaceMustExist() {
        String missing = namespace() + "-missing";
        assertThat(assertFails(ErrorCode.NOT_FOUND, () -> objects().create(Samples.configMap(missing, "c", Map.of()))))
                .hasMessageContaining(missing);
        assertFails(ErrorCode.NOT_FOUND, () -> apply(Samples.configMap(missing, "c", Map.of("a", "1"))));
        assertFails(ErrorCode.NOT_FOUND, () -> objects().create(Samples.tenant(missing, "acme")));
        assertThat(objects().get(ObjectType.CONFIG_MAP.named(missing, "c"))).isEmpty();
        assertThat(objects()
                        .list(ObjectType.CONFIG_MAP, missing, Filter.all(), 10, null)
                        .items())
                .isEmpty();
    }

    @Test
    void absentIsEmpty() {
        assertThat(objects().get(configMap("c"))).isEmpty();
        assertThat(objects().get(Samples.TENANT.named(namespace(), "acme"))).isEmpty();
        assertThat(objects().get(ObjectType.NAMESPACE.named("", namespace() + "-missing")))
                .isEmpty();
    }

    @Test
    void aTypeThatIsNotServedIsNotAbsent() {
        ObjectType unserved = new ObjectType("nobody.example.com/v1", "Thing", "things", true);
        assertFails(ErrorCode.DEPENDENCY_NOT_CONFIGURED, () -> objects().get(unserved.named(namespace(), "t")));
        assertFails(
                ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                () -> objects().create(Samples.object(unserved, namespace(), "t", Map.of("spec", Map.of()))));
    }

    @Test
    void namesAndLabelsAreValidated() {
        assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> objects().create(Samples.configMap(namespace(), "Not_A_Name", Map.of())));
        assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> objects()
                        .create(Samples.labelled(
                                Samples.configMap(namespace(), "c", Map.of()), Map.of("team", "not a label value"))));
        assertFails(ErrorCode.VALIDATION_ERROR, () -> objects().get(configMap("../secrets/s")));
    }

    @Test
    void deleteTakesExactlyTheObjectRead() {
        GenericKubernetesResource first = objects().create(Samples.configMap(namespace(), "c", Map.of("a", "1")));
        assertThat(objects().delete(configMap("c"), first.getMetadata().getUid()))
                .isTrue();
        assertThat(objects().get(configMap("c"))).isEmpty();
        GenericKubernetesResource second = objects().create(Samples.configMap(namespace(), "c", Map.of("a", "2")));
        assertThat(second.getMetadata().getUid())
                .isNotEqualTo(first.getMetadata().getUid());
        assertFails(
                ErrorCode.CONFLICT,
                () -> objects().delete(configMap("c"), first.getMetadata().getUid()));
        assertThat(stored(configMap("c"))).isEqualTo(second);
    }

    @Test
    void deletingWhatIsNotThereSaysSo() {
        assertThat(objects().delete(configMap("c"), "0f0f0f0f-0000-0000-0000-000000000000"))
                .isFalse();
    }

    @Test
    void aFinalizerHoldsADeletedObject() {
        GenericKubernetesResource object = Samples.configMap(namespace(), "c", Map.of("a", "1"));
        object.getMetadata().setFinalizers(List.of("opencrane.io/cleanup"));
        GenericKubernetesResource made = objects().create(object);
        String uid = made.getMetadata().getUid();
        assertThat(objects().delete(configMap("c"), uid)).isTrue();
        GenericKubernetesResource held = stored(configMap("c"));
        assertThat(held.getMetadata().getDeletionTimestamp()).isNotEmpty();
        assertThat(version(held)).isNotEqualTo(version(made));

        assertThat(objects().delete(configMap("c"), uid)).isTrue();
        assertThat(stored(configMap("c"))).isEqualTo(held);
        assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> merge(
                        configMap("c"),
                        "{\"metadata\":{\"finalizers\":[\"opencrane.io/cleanup\",\"example.com/another\"]}}"));
        assertFails(ErrorCode.ALREADY_EXISTS, () -> objects().create(Samples.configMap(namespace(), "c", Map.of())));

        jsonPatch(configMap("c"), "[{\"op\":\"remove\",\"path\":\"/metadata/finalizers/0\"}]");
        assertThat(objects().get(configMap("c"))).isEmpty();
    }

    @Test
    void removingTheFinalizerOfALivingObjectDoesNotDeleteIt() {
        GenericKubernetesResource object = Samples.configMap(namespace(), "c", Map.of("a", "1"));
        object.getMetadata().setFinalizers(List.of("opencrane.io/cleanup"));
        objects().create(object);
        jsonPatch(configMap("c"), "[{\"op\":\"remove\",\"path\":\"/metadata/finalizers/0\"}]");
        assertThat(stored(configMap("c")).getMetadata().getDeletionTimestamp()).isNull();
    }

    @Test
    void secretTextIsStoredAsData() {
        ObjectRef ref = ObjectType.SECRET.named(namespace(), "s");
        GenericKubernetesResource made = objects()
                .create(Samples.object(
                        ObjectType.SECRET, namespace(), "s", Map.of("stringData", Map.of("apiKey", "hunter2"))));
        assertThat(made.<String>get("data", "apiKey")).isEqualTo("aHVudGVyMg==");
        assertThat(made.<Object>get("stringData")).isNull();
        assertThat(made.<String>get("type")).isEqualTo("Opaque");
        assertThat(stored(ref).<Object>get("stringData")).isNull();
    }

    @Test
    void aRefusedSecretIsNotQuoted() {
        OpenCraneException failure = assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> objects()
                        .create(Samples.object(
                                ObjectType.SECRET, namespace(), "s", Map.of("data", Map.of("apiKey", "hunter2!")))));
        assertThat(failure).hasMessageNotContaining("hunter2").hasNoCause();
    }

    @Test
    void aNamespaceIsAnObjectToo() {
        ObjectRef ref = ObjectType.NAMESPACE.named("", namespace());
        assertThat(stored(ref).getMetadata().getNamespace()).isNull();
        assertFails(ErrorCode.ALREADY_EXISTS, () -> objects().create(Samples.namespace(namespace())));
    }

    @Test
    void aTerminatingNamespaceTakesNothingNew() {
        assumeTrue(hasControllers(), "needs a controller-manager");
        GenericKubernetesResource holder = Samples.configMap(namespace(), "holder", Map.of("a", "1"));
        holder.getMetadata().setFinalizers(List.of("opencrane.io/cleanup"));
        objects().create(holder);
        ObjectRef ref = ObjectType.NAMESPACE.named("", namespace());
        assertThat(objects().delete(ref, stored(ref).getMetadata().getUid())).isTrue();
        assertThat(stored(ref).<String>get("status", "phase")).isEqualTo("Terminating");
        assertThat(assertFails(
                                ErrorCode.BEING_DELETED,
                                () -> objects().create(Samples.configMap(namespace(), "c", Map.of("a", "1"))))
                        .isRetryable())
                .isTrue();
        assertFails(ErrorCode.BEING_DELETED, () -> apply(Samples.configMap(namespace(), "c", Map.of("a", "1"))));
        merge(ref(holder), "{\"data\":{\"a\":\"2\"}}");
        jsonPatch(ref(holder), "[{\"op\":\"remove\",\"path\":\"/metadata/finalizers/0\"}]");
    }
}
