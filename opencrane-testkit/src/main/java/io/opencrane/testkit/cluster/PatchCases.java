package io.opencrane.testkit.cluster;

import static io.opencrane.testkit.cluster.StoreUnderTest.version;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectStore.PatchType;
import io.opencrane.k8s.object.ObjectStore.Target;
import io.opencrane.k8s.object.ObjectType;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Merge patches and JSON patches. */
abstract class PatchCases extends ListCases {
    private ObjectRef acme() {
        return Samples.TENANT.named(namespace(), "acme");
    }

    @Test
    void aMergePatchSetsAndNullRemoves() {
        objects().create(Samples.configMap(namespace(), "c", Map.of("a", "1", "b", "2")));
        GenericKubernetesResource patched = merge(
                configMap("c"), "{\"data\":{\"a\":null,\"c\":\"3\"},\"metadata\":{\"labels\":{\"team\":\"red\"}}}");
        assertThat(patched.<Map<String, Object>>get("data")).isEqualTo(Map.of("b", "2", "c", "3"));
        assertThat(patched.getMetadata().getLabels()).isEqualTo(Map.of("team", "red"));
        assertThat(stored(configMap("c"))).isEqualTo(patched);
    }

    @Test
    void aMergePatchReplacesListsWhole() {
        objects().create(Samples.tenant(namespace(), "acme", Map.of("skillAllowlist", List.of("a", "b"))));
        GenericKubernetesResource patched = merge(acme(), "{\"spec\":{\"skillAllowlist\":[\"c\"]}}");
        assertThat(patched.<List<String>>get("spec", "skillAllowlist")).containsExactly("c");
    }

    @Test
    void aChangeGivesAGreaterVersionAndNoChangeKeepsIt() {
        GenericKubernetesResource made = objects().create(Samples.tenant(namespace(), "acme"));
        GenericKubernetesResource same = merge(acme(), "{\"spec\":{\"displayName\":\"Acme\",\"team\":null}}");
        assertThat(same).isEqualTo(made);
        GenericKubernetesResource changed = merge(acme(), "{\"spec\":{\"displayName\":\"Other\"}}");
        assertThat(new BigInteger(version(changed))).isGreaterThan(new BigInteger(version(made)));
        GenericKubernetesResource status = mergeStatus(acme(), "{\"status\":{\"phase\":\"Running\"}}");
        assertThat(new BigInteger(version(status))).isGreaterThan(new BigInteger(version(changed)));
        assertThat(mergeStatus(acme(), "{\"status\":{\"phase\":\"Running\"}}")).isEqualTo(status);
        assertThat(jsonPatch(acme(), "[{\"op\":\"replace\",\"path\":\"/spec/displayName\",\"value\":\"Other\"}]"))
                .isEqualTo(status);
    }

    @Test
    void aStaleVersionIsAConflict() {
        GenericKubernetesResource made = objects().create(Samples.tenant(namespace(), "acme"));
        String guard = "{\"metadata\":{\"resourceVersion\":\"" + version(made) + "\"},";
        GenericKubernetesResource changed = merge(acme(), guard + "\"spec\":{\"team\":\"red\"}}");
        assertFails(ErrorCode.CONFLICT, () -> merge(acme(), guard + "\"spec\":{\"team\":\"blue\"}}"));
        assertFails(ErrorCode.CONFLICT, () -> mergeStatus(acme(), guard + "\"status\":{\"phase\":\"Running\"}}"));
        assertThat(stored(acme())).isEqualTo(changed);
    }

    @Test
    void aStaleVersionIsAConflictEvenWhenNothingWouldChange() {
        GenericKubernetesResource made = objects().create(Samples.tenant(namespace(), "acme"));
        merge(acme(), "{\"spec\":{\"team\":\"red\"}}");
        assertFails(
                ErrorCode.CONFLICT,
                () -> merge(
                        acme(),
                        "{\"metadata\":{\"resourceVersion\":\"" + version(made)
                                + "\"},\"spec\":{\"displayName\":\"Acme\"}}"));
    }

    @Test
    void aFreshVersionGuardsStatusToo() {
        GenericKubernetesResource made = objects().create(Samples.tenant(namespace(), "acme"));
        GenericKubernetesResource patched = mergeStatus(
                acme(),
                "{\"metadata\":{\"resourceVersion\":\"" + version(made) + "\"},\"status\":{\"phase\":\"Running\"}}");
        assertThat(patched.<String>get("status", "phase")).isEqualTo("Running");
    }

    @Test
    void whatIsGoneCannotBePatched() {
        assertFails(ErrorCode.NOT_FOUND, () -> merge(acme(), "{\"spec\":{\"team\":\"red\"}}"));
        assertFails(ErrorCode.NOT_FOUND, () -> mergeStatus(acme(), "{\"status\":{\"phase\":\"Running\"}}"));
        assertFails(
                ErrorCode.NOT_FOUND,
                () -> jsonPatch(acme(), "[{\"op\":\"add\",\"path\":\"/spec/team\",\"value\":\"red\"}]"));
    }

    @Test
    void statusIsNotWrittenThroughTheObject() {
        GenericKubernetesResource made = objects().create(Samples.tenant(namespace(), "acme"));
        GenericKubernetesResource patched = merge(acme(), "{\"status\":{\"phase\":\"Running\"}}");
        // The version moves all the same: the server notes in managedFields who tried.
        assertThat(patched.<Object>get("status")).isNull();
        assertThat(patched.<Object>get("spec")).isEqualTo(made.<Object>get("spec"));
    }

    @Test
    void theObjectIsNotWrittenThroughStatus() {
        GenericKubernetesResource made = objects().create(Samples.tenant(namespace(), "acme"));
        GenericKubernetesResource patched = mergeStatus(
                acme(),
                "{\"metadata\":{\"labels\":{\"a\":\"b\"},\"annotations\":{\"a\":\"b\"},\"finalizers\":[\"example.com/a\"]},"
                        + "\"spec\":{\"team\":\"red\"},\"status\":{\"phase\":\"Running\"}}");
        assertThat(patched.<String>get("status", "phase")).isEqualTo("Running");
        assertThat(patched.<Object>get("spec")).isEqualTo(made.<Object>get("spec"));
        assertThat(patched.getMetadata().getLabels()).isNullOrEmpty();
        assertThat(patched.getMetadata().getAnnotations()).isNullOrEmpty();
        assertThat(patched.getMetadata().getFinalizers()).isNullOrEmpty();
    }

    @Test
    void onlyASpecChangeCountsAsAGeneration() {
        GenericKubernetesResource made = objects().create(Samples.tenant(namespace(), "acme"));
        assertThat(made.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(mergeStatus(acme(), "{\"status\":{\"phase\":\"Running\"}}")
                        .getMetadata()
                        .getGeneration())
                .isEqualTo(1);
        assertThat(merge(acme(), "{\"metadata\":{\"labels\":{\"a\":\"b\"},\"annotations\":{\"a\":\"b\"}}}")
                        .getMetadata()
                        .getGeneration())
                .isEqualTo(1);
        assertThat(merge(acme(), "{\"spec\":{\"team\":\"red\"}}").getMetadata().getGeneration())
                .isEqualTo(2);
    }

    @Test
    void aFailedTestChangesNothing() {
        GenericKubernetesResource made = objects().create(Samples.tenant(namespace(), "acme"));
        String add = "{\"op\":\"add\",\"path\":\"/metadata/finalizers\",\"value\":[\"opencrane.io/cleanup\"]}]";
        assertFails(
                ErrorCode.CONFLICT,
                () -> jsonPatch(
                        acme(), "[{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\",\"value\":\"1\"}," + add));
        assertThat(stored(acme())).isEqualTo(made);
        GenericKubernetesResource patched = jsonPatch(
                acme(),
                "[{\"op\":\"test\",\"path\":\"/metadata/resourceVersion\",\"value\":\"" + version(made) + "\"}," + add);
        assertThat(patched.getMetadata().getFinalizers()).containsExactly("opencrane.io/cleanup");
    }

    @Test
    void aJsonPatchThatDoesNotFitIsRefused() {
        objects().create(Samples.tenant(namespace(), "acme"));
        assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> jsonPatch(acme(), "[{\"op\":\"remove\",\"path\":\"/spec/nothing\"}]"));
        assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> jsonPatch(
                        acme(), "[{\"op\":\"add\",\"path\":\"/metadata/finalizers/-\",\"value\":\"example.com/a\"}]"));
        assertFails(ErrorCode.VALIDATION_ERROR, () -> merge(acme(), "no JSON"));
    }

    @Test
    void aPatchOfTheWrongShapeIsRefused() {
        GenericKubernetesResource made = objects().create(Samples.tenant(namespace(), "acme"));
        for (String body : List.of("[]", "\"x\"", "1", "true", "null", "")) {
            assertFails(ErrorCode.VALIDATION_ERROR, () -> merge(acme(), body));
            assertFails(ErrorCode.VALIDATION_ERROR, () -> mergeStatus(acme(), body));
        }
        for (String body : List.of(
                "{}",
                "{\"op\":\"remove\",\"path\":\"/spec\"}",
                "\"x\"",
                "[1]",
                "[null]",
                "[{}]",
                "",
                "[{\"op\":\"replace\",\"path\":\"\",\"value\":[]}]")) {
            assertFails(ErrorCode.VALIDATION_ERROR, () -> jsonPatch(acme(), body));
        }
        assertThat(stored(acme())).isEqualTo(made);
        assertThat(merge(acme(), "{}")).isEqualTo(made);
        assertThat(jsonPatch(acme(), "[]")).isEqualTo(made);
    }

    @Test
    void aJsonPatchOfStatusStaysInStatus() {
        objects().create(Samples.tenant(namespace(), "acme"));
        GenericKubernetesResource patched = objects()
                .patch(
                        acme(),
                        Target.STATUS,
                        PatchType.JSON,
                        "[{\"op\":\"add\",\"path\":\"/status\",\"value\":{\"phase\":\"Running\"}},"
                                + "{\"op\":\"add\",\"path\":\"/spec/team\",\"value\":\"red\"}]");
        assertThat(patched.<String>get("status", "phase")).isEqualTo("Running");
        assertThat(patched.<Object>get("spec", "team")).isNull();
    }

    @Test
    void identityCannotBePatched() {
        GenericKubernetesResource made = objects().create(Samples.tenant(namespace(), "acme"));
        assertFails(ErrorCode.VALIDATION_ERROR, () -> merge(acme(), "{\"metadata\":{\"name\":\"other\"}}"));
        assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> merge(acme(), "{\"metadata\":{\"uid\":\"0f0f0f0f-0000-0000-0000-000000000000\"}}"));
        assertThat(stored(acme())).isEqualTo(made);
    }

    @Test
    void aDeploymentCountsSpecChangesOnly() {
        ObjectRef ref = ObjectType.DEPLOYMENT.named(namespace(), "d");
        GenericKubernetesResource made = objects().create(Samples.deployment(namespace(), "d", Map.of()));
        assertThat(made.getMetadata().getGeneration()).isEqualTo(1);
        assertThat(merge(ref, "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}")
                        .getMetadata()
                        .getGeneration())
                .isEqualTo(1);
        assertThat(mergeStatus(ref, "{\"status\":{\"conditions\":[]}}")
                        .getMetadata()
                        .getGeneration())
                .isEqualTo(1);
        assertThat(merge(ref, "{\"spec\":{\"minReadySeconds\":5}}")
                        .getMetadata()
                        .getGeneration())
                .isEqualTo(2);
    }
}
