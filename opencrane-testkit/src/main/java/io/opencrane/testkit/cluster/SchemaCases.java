package io.opencrane.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.Problem;
import io.opencrane.api.error.ValidationException;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the CRD bundle makes of custom resources, and what the server makes of its own kinds. */
abstract class SchemaCases extends ApplyCases {
    private ObjectRef acme() {
        return Samples.TENANT.named(namespace(), "acme");
    }

    private GenericKubernetesResource policy(Map<String, ?> spec) {
        return Samples.object(Samples.ACCESS_POLICY, namespace(), "p", Map.of("spec", spec));
    }

    @Test
    void defaultsAreFilledInWhereTheirParentIs() {
        GenericKubernetesResource tenant = objects().create(Samples.tenant(namespace(), "acme"));
        assertThat(tenant.<Object>get("spec", "suspended")).isEqualTo(false);
        GenericKubernetesResource policy =
                objects().create(policy(Map.of("domains", Map.of("allow", List.of("example.com")))));
        assertThat(policy.<Object>get("spec", "domains", "defaultDeny")).isEqualTo(true);
        GenericKubernetesResource bare =
                Samples.object(Samples.ACCESS_POLICY, namespace(), "q", Map.of("spec", Map.of()));
        assertThat(objects().create(bare).<Map<String, Object>>get("spec")).isEmpty();
    }

    @Test
    void clearingADefaultedFieldBringsItsDefaultBack() {
        objects().create(Samples.tenant(namespace(), "acme", Map.of("suspended", true)));
        assertThat(merge(acme(), "{\"spec\":{\"suspended\":null}}").<Object>get("spec", "suspended"))
                .isEqualTo(false);
    }

    @Test
    void undeclaredFieldsArePrunedAndFreeFormsKept() {
        Map<String, Object> free = Map.of("any", Map.of("thing", List.of(1, "two")));
        GenericKubernetesResource made = objects()
                .create(Samples.tenant(namespace(), "acme", Map.of("undeclared", "x", "configOverrides", free)));
        assertThat(made.<Object>get("spec", "undeclared")).isNull();
        assertThat(made.<Object>get("spec", "configOverrides")).isEqualTo(free);
        GenericKubernetesResource patched =
                merge(acme(), "{\"spec\":{\"undeclared\":\"x\",\"resources\":{\"gpu\":\"1\",\"cpu\":\"1\"}}}");
        assertThat(patched.<Object>get("spec", "undeclared")).isNull();
        assertThat(patched.<Map<String, Object>>get("spec", "resources")).isEqualTo(Map.of("cpu", "1"));
        assertThat(mergeStatus(acme(), "{\"status\":{\"phase\":\"Running\",\"undeclared\":\"x\"}}")
                        .<Map<String, Object>>get("status"))
                .isEqualTo(Map.of("phase", "Running"));
    }

    @Test
    void aNewObjectHasNoStatus() {
        GenericKubernetesResource tenant = Samples.tenant(namespace(), "acme");
        tenant.setAdditionalProperty("status", Map.of("phase", "Running"));
        assertThat(objects().create(tenant).<Object>get("status")).isNull();
    }

    @Test
    void aMissingFieldIsNamed() {
        GenericKubernetesResource tenant =
                Samples.object(Samples.TENANT, namespace(), "acme", Map.of("spec", Map.of("displayName", "Acme")));
        ValidationException failure = (ValidationException)
                assertFails(ErrorCode.VALIDATION_ERROR, () -> objects().create(tenant));
        assertThat(failure.problems()).extracting(Problem::path).containsExactly("spec.email");
        assertThat(failure.problems()).extracting(Problem::code).containsExactly(Problem.Code.REQUIRED);
        assertThat(failure.subject()).isEqualTo("Tenant " + namespace() + "/acme");
        assertThat(objects().get(acme())).isEmpty();
    }

    @Test
    void everyRefusedFieldIsNamed() {
        assertThat(problemPaths(Map.of("email", "nobody", "monthlyBudgetUsd", -1)))
                .containsExactlyInAnyOrder("spec.email", "spec.monthlyBudgetUsd");
        assertThat(problemPaths(Map.of("displayName", ""))).containsExactly("spec.displayName");
        assertThat(problemPaths(Map.of("displayName", 5))).containsExactly("spec.displayName");
        assertThat(problemPaths(Map.of("channels", List.of(Map.of("config", Map.of())))))
                .containsExactly("spec.channels.adapter");
        assertThat(problemPaths(Map.of("resources", Map.of("cpu", "much")))).containsExactly("spec.resources.cpu");
    }

    private List<String> problemPaths(Map<String, ?> spec) {
        ValidationException failure = (ValidationException) assertFails(
                ErrorCode.VALIDATION_ERROR, () -> objects().create(Samples.tenant(namespace(), "acme", spec)));
        return failure.problems().stream().map(Problem::path).distinct().toList();
    }

    @Test
    void aPatchIsValidatedLikeANewObject() {
        GenericKubernetesResource made = objects().create(Samples.tenant(namespace(), "acme"));
        assertFails(ErrorCode.VALIDATION_ERROR, () -> merge(acme(), "{\"spec\":{\"email\":null}}"));
        assertFails(ErrorCode.VALIDATION_ERROR, () -> merge(acme(), "{\"spec\":{\"email\":\"nobody\"}}"));
        assertFails(ErrorCode.VALIDATION_ERROR, () -> mergeStatus(acme(), "{\"status\":{\"phase\":\"Sleeping\"}}"));
        assertThat(stored(acme())).isEqualTo(made);
    }

    @Test
    void anEnumTakesItsValuesOnly() {
        GenericKubernetesResource customer = Samples.object(
                Samples.CLUSTER_TENANT,
                null,
                namespace(),
                Map.of("spec", Map.of("displayName", "Acme", "isolationTier", "huge")));
        assertFails(ErrorCode.VALIDATION_ERROR, () -> objects().create(customer));
        customer.setAdditionalProperty("spec", Map.of("displayName", "Acme", "isolationTier", "shared"));
        GenericKubernetesResource made = objects().create(customer);
        assertThat(made.getMetadata().getNamespace()).isNull();
        assertThat(objects().delete(StoreUnderTest.ref(made), made.getMetadata().getUid()))
                .isTrue();
    }

    @Test
    void aDeploymentsQuantitiesAreCanonicalAndOursAreKeptAsWritten() {
        Map<String, Object> requests = new LinkedHashMap<>(Map.of("cpu", "1000m", "memory", "1024Mi"));
        GenericKubernetesResource deployment = objects()
                .create(Samples.deployment(namespace(), "d", Map.of("resources", Map.of("requests", requests))));
        assertThat(deployment.<Map<String, Object>>get(
                        "spec", "template", "spec", "containers", 0, "resources", "requests"))
                .isEqualTo(Map.of("cpu", "1", "memory", "1Gi"));
        GenericKubernetesResource tenant =
                objects().create(Samples.tenant(namespace(), "acme", Map.of("resources", requests)));
        assertThat(tenant.<Object>get("spec", "resources")).isEqualTo(requests);
    }

    @Test
    void aDeploymentsSelectorCannotChange() {
        objects().create(Samples.deployment(namespace(), "d", Map.of()));
        assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> merge(
                        ObjectType.DEPLOYMENT.named(namespace(), "d"),
                        "{\"spec\":{\"selector\":{\"matchLabels\":{\"a\":\"b\"}},"
                                + "\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}}}}}"));
    }

    @Test
    void aDeploymentNeedsAContainer() {
        assertFails(
                ErrorCode.VALIDATION_ERROR,
                () -> objects()
                        .create(Samples.object(
                                ObjectType.DEPLOYMENT,
                                namespace(),
                                "d",
                                Map.of(
                                        "spec",
                                        Map.of(
                                                "selector",
                                                Map.of("matchLabels", Map.of("a", "b")),
                                                "template",
                                                Map.of())))));
    }
}
