package io.opencrane.testkit.fault;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.util.Map;

/** Objects for these tests. */
final class Objects {
    private Objects() {}

    static GenericKubernetesResource secret(String name) {
        GenericKubernetesResource secret = new GenericKubernetesResourceBuilder()
                .withApiVersion("v1")
                .withKind("Secret")
                .withNewMetadata()
                .withNamespace("opencrane")
                .withName(name)
                .endMetadata()
                .build();
        secret.setAdditionalProperty("stringData", Map.of("key", "secret text"));
        return secret;
    }
}
