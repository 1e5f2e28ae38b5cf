package io.opencrane.k8s.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.resource.ResourceKind;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrdBundleTest {
    private final CrdBundle bundle = CrdBundle.load();

    @ParameterizedTest
    @EnumSource(ResourceKind.class)
    void aDefinitionCarriesItsNamesScopeLabelAndBundleVersion(ResourceKind kind) {
        GenericKubernetesResource definition = bundle.definition(kind);
        assertThat(definition.getApiVersion()).isEqualTo("apiextensions.k8s.io/v1");
        assertThat(definition.getKind()).isEqualTo("CustomResourceDefinition");
        assertThat(definition.getMetadata().getName()).isEqualTo(CrdBundle.definitionName(kind));
        assertThat(definition.getMetadata().getLabels()).containsEntry("app.kubernetes.io/part-of", "opencrane");
        assertThat(definition.getMetadata().getAnnotations())
                .containsEntry(CrdBundle.VERSION_ANNOTATION, CrdBundle.VERSION);
        assertThat(definition.<String>get("spec", "group")).isEqualTo(ResourceKind.GROUP);
        assertThat(definition.<String>get("spec", "scope")).isEqualTo(kind.isNamespaced() ? "Namespaced" : "Cluster");
        assertThat(definition.<Map<String, Object>>get("spec", "names"))
                .containsEntry("kind", kind.kind())
                .containsEntry("plural", kind.plural());
        List<Map<String, Object>> versions = definition.get("spec", "versions");
        assertThat(versions)
                .singleElement()
                .satisfies(version -> assertThat(version)
                        .containsEntry("name", ResourceKind.VERSION)
                        .containsEntry("served", true)
                        .containsEntry("storage", true)
                        .containsEntry("subresources", Map.of("status", Map.of())));
    }

    @Test
    void theRenderedBundleIsAllSixDocumentsApart() {
        String[] documents = bundle.render().split("(?m)^---$");
        assertThat(documents).hasSize(6);
        assertThat(documents)
                .allSatisfy(document -> assertThat(document.strip()).startsWith("#"));
        for (ResourceKind kind : ResourceKind.values()) {
            assertThat(bundle.render()).contains("name: " + CrdBundle.definitionName(kind) + "\n");
        }
    }

    @Test
    void aChangedDefinitionDoesNotChangeTheBundle() {
        bundle.definition(ResourceKind.TENANT).getMetadata().setName("other");
        assertThat(bundle.definition(ResourceKind.TENANT).getMetadata().getName())
                .isEqualTo("tenants.opencrane.io");
    }

    @Test
    void noPatternNeedsMoreThanRe2() {
        assertThat(bundle.render()).doesNotContain("(?");
        Pattern.compile("pattern: '(.*)'")
                .matcher(bundle.render())
                .results()
                .forEach(match ->
                        assertThat(match.group(1)).startsWith("^").endsWith("$").doesNotContain("\\1"));
    }
}
