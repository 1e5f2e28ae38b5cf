package io.opencrane.testkit.cluster;

import static io.opencrane.testkit.cluster.StoreUnderTest.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore.Force;
import io.opencrane.k8s.object.ObjectType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** Server-side apply and who owns what. */
abstract class ApplyCases extends PatchCases {
    private GenericKubernetesResource map(Map<String, String> data) {
        return Samples.configMap(namespace(), "c", data);
    }

    private Map<String, Object> data() {
        return stored(configMap("c")).get("data");
    }

    private static Optional<ManagedFieldsEntry> applied(GenericKubernetesResource object, String manager) {
        return object.getMetadata().getManagedFields().stream()
                .filter(entry -> manager.equals(entry.getManager()) && "Apply".equals(entry.getOperation()))
                .findFirst();
    }

    @Test
    void applyMakesWhatIsAbsentAndRecordsWhoOwnsIt() {
        GenericKubernetesResource made = apply(Samples.labelled(map(Map.of("a", "1")), Map.of("team", "red")));
        assertThat(data()).isEqualTo(Map.of("a", "1"));
        ManagedFieldsEntry entry = applied(made, MANAGER).orElseThrow();
        assertThat(entry.getApiVersion()).isEqualTo("v1");
        assertThat(entry.getFieldsType()).isEqualTo("FieldsV1");
        assertThat(entry.getTime()).isNotEmpty();
        assertThat(entry.getFieldsV1().getAdditionalProperties())
                .isEqualTo(Map.of(
                        "f:data",
                        Map.of("f:a", Map.of()),
                        "f:metadata",
                        Map.of("f:labels", Map.of("f:team", Map.of()))));
    }

    @Test
    void applyingTheSameAgainWritesNothing() {
        GenericKubernetesResource made = apply(map(Map.of("a", "1")));
        assertThat(apply(map(Map.of("a", "1")))).isEqualTo(made);
        assertThat(version(stored(configMap("c")))).isEqualTo(version(made));
    }

    @Test
    void applyingLessRemovesWhatWasOwned() {
        apply(Samples.labelled(map(Map.of("a", "1", "b", "2")), Map.of("team", "red")));
        GenericKubernetesResource less = apply(map(Map.of("a", "1")));
        assertThat(data()).isEqualTo(Map.of("a", "1"));
        assertThat(less.getMetadata().getLabels()).isNullOrEmpty();
    }

    @Test
    void whatSomebodyElseAppliedStays() {
        apply(map(Map.of("a", "1")));
        applyAsOther(map(Map.of("b", "2")));
        apply(map(Map.of("c", "3")));
        assertThat(data()).isEqualTo(Map.of("b", "2", "c", "3"));
    }

    @Test
    void whatTwoOwnStaysUntilBothDropIt() {
        apply(map(Map.of("a", "1", "shared", "s")));
        applyAsOther(map(Map.of("shared", "s")));
        apply(map(Map.of("a", "1")));
        assertThat(data()).isEqualTo(Map.of("a", "1", "shared", "s"));
        applyAsOther(map(Map.of("b", "2")));
        assertThat(data()).isEqualTo(Map.of("a", "1", "b", "2"));
    }

    @Test
    void anUnforcedConflictNamesTheOwnerAndTheFieldAndChangesNothing() {
        GenericKubernetesResource before = applyAsOther(map(Map.of("a", "1")));
        OpenCraneException failure = assertFails(ErrorCode.CONFLICT, () -> apply(map(Map.of("a", "2", "b", "3"))));
        assertThat(failure)
                .hasMessageContaining(OTHER)
                .hasMessageContaining(".data.a")
                .hasMessageNotContaining(".data.b");
        assertThat(stored(configMap("c"))).isEqualTo(before);
    }

    @Test
    void forceTakesTheFieldFromItsOwner() {
        applyAsOther(map(Map.of("a", "1", "b", "2")));
        GenericKubernetesResource taken = objects().apply(map(Map.of("a", "9")), MANAGER, Force.YES);
        assertThat(data()).isEqualTo(Map.of("a", "9", "b", "2"));
        assertThat(applied(taken, OTHER).orElseThrow().getFieldsV1().getAdditionalProperties())
                .isEqualTo(Map.of("f:data", Map.of("f:b", Map.of())));
    }

    @Test
    void forceTakesEverythingAndTheOldOwnersEntryGoes() {
        applyAsOther(map(Map.of("a", "1")));
        GenericKubernetesResource taken = objects().apply(map(Map.of("a", "9")), MANAGER, Force.YES);
        assertThat(applied(taken, OTHER)).isEmpty();
    }

    @Test
    void aPatchTakesOwnershipFromAnApply() {
        apply(map(Map.of("a", "1")));
        merge(configMap("c"), "{\"data\":{\"a\":\"2\"}}");
        assertFails(ErrorCode.CONFLICT, () -> apply(map(Map.of("a", "1"))));
        objects().apply(map(Map.of("a", "1")), MANAGER, Force.YES);
        assertThat(data()).isEqualTo(Map.of("a", "1"));
    }

    @Test
    void postThenApplyLeavesDroppedFieldsBehind() {
        objects().create(map(Map.of("a", "1", "b", "2")));
        apply(map(Map.of("a", "1", "b", "2")));
        apply(map(Map.of("a", "1")));
        assertThat(data()).isEqualTo(Map.of("a", "1", "b", "2"));
    }

    @Test
    void aPostedFieldIsOwnedByWhoPostedIt() {
        objects().create(map(Map.of("a", "1")));
        assertFails(ErrorCode.CONFLICT, () -> apply(map(Map.of("a", "2"))));
    }

    @Test
    void applyMergesSilentlyIntoAForeignObject() {
        GenericKubernetesResource foreign = objects().create(map(Map.of("theirs", "1")));
        GenericKubernetesResource merged = apply(map(Map.of("ours", "2")));
        assertThat(merged.getMetadata().getUid())
                .isEqualTo(foreign.getMetadata().getUid());
        assertThat(data()).isEqualTo(Map.of("theirs", "1", "ours", "2"));
    }

    @Test
    void applyWithAStaleVersionIsAConflict() {
        GenericKubernetesResource made = apply(map(Map.of("a", "1")));
        apply(map(Map.of("a", "2")));
        GenericKubernetesResource stale = map(Map.of("a", "3"));
        stale.getMetadata().setResourceVersion(version(made));
        assertFails(ErrorCode.CONFLICT, () -> apply(stale));
        assertThat(data()).isEqualTo(Map.of("a", "2"));
    }

    @Test
    void aDeploymentsContainersAndVariablesMergeByName() {
        ObjectRef ref = ObjectType.DEPLOYMENT.named(namespace(), "d");
        apply(Samples.deployment(namespace(), "d", Map.of("env", List.of(variable("A", "1"), variable("B", "2")))));
        applyAsOther(Samples.deployment(namespace(), "d", Map.of("env", List.of(variable("C", "3")))));
        apply(Samples.deployment(namespace(), "d", Map.of("env", List.of(variable("B", "2")))));
        List<Map<String, Object>> containers = stored(ref).get("spec", "template", "spec", "containers");
        assertThat(containers).hasSize(1);
        assertThat(containers.get(0).get("env"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .containsExactlyInAnyOrder(variable("B", "2"), variable("C", "3"));
    }

    private static Map<String, String> variable(String name, String value) {
        return Map.of("name", name, "value", value);
    }

    @Test
    void aListElementIsOwnedByItsKey() {
        GenericKubernetesResource made = apply(Samples.deployment(
                namespace(), "d", Map.of("ports", List.of(Map.of("containerPort", 8080, "name", "gateway")))));
        Map<String, Object> owned =
                applied(made, MANAGER).orElseThrow().getFieldsV1().getAdditionalProperties();
        assertThat(GenericKubernetesResource.<Map<String, Object>>get(
                        owned, "f:spec", "f:template", "f:spec", "f:containers", "k:{\"name\":\"openclaw\"}"))
                .containsOnlyKeys(".", "f:name", "f:image", "f:ports");
        assertThat(GenericKubernetesResource.<Map<String, Object>>get(
                        owned,
                        "f:spec",
                        "f:template",
                        "f:spec",
                        "f:containers",
                        "k:{\"name\":\"openclaw\"}",
                        "f:ports"))
                .containsOnlyKeys("k:{\"containerPort\":8080,\"protocol\":\"TCP\"}");
    }

    @Test
    void anUndeclaredFieldIsRefusedForGood() {
        OpenCraneException failure = assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> apply(Samples.deployment(namespace(), "d", Map.of("imagePullTypo", "Always"))));
        assertThat(failure).hasMessageContaining("imagePullTypo");
        assertThat(failure.isRetryable()).isFalse();
    }

    @Test
    void aReplacedStrategyKeepsWhatNobodyOwned() {
        objects().create(Samples.deployment(namespace(), "d", Map.of()));
        // The defaulted strategy.rollingUpdate stays, and Recreate may not have it (DECISIONS 18).
        assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> objects()
                        .apply(
                                Samples.object(
                                        ObjectType.DEPLOYMENT,
                                        namespace(),
                                        "d",
                                        Map.of("spec", Map.of("strategy", Map.of("type", "Recreate")))),
                                MANAGER,
                                Force.YES));
    }

    @Test
    void aFinalizerOfSomebodyElseSurvivesAnApply() {
        GenericKubernetesResource made = map(Map.of("a", "1"));
        made.getMetadata().setFinalizers(List.of("example.com/theirs"));
        objects().create(made);
        GenericKubernetesResource applied = apply(map(Map.of("a", "1")));
        assertThat(applied.getMetadata().getFinalizers()).containsExactly("example.com/theirs");
        jsonPatch(configMap("c"), "[{\"op\":\"remove\",\"path\":\"/metadata/finalizers\"}]");
    }
}
