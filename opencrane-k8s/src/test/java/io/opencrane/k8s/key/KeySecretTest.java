package io.opencrane.k8s.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.k8s.object.ObjectRef;
import io.opencrane.k8s.object.ObjectType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeySecretTest {
    private static final ObjectRef REF = ObjectType.SECRET.named("tenants", "openclaw-acme-litellm-key");

    /** No API server of ours stores it, but a customer's may be anything, and others' keys are swept with this one's. */
    @Test
    void aKeyThatIsNotBase64IsUnreadableAndNotQuoted() {
        for (Object garbage : List.of("%garbage%", 12345, List.of("garbage"))) {
            GenericKubernetesResource secret = new GenericKubernetesResource();
            secret.setMetadata(new ObjectMetaBuilder().withName(REF.name()).build());
            secret.setAdditionalProperty("data", Map.of("apiKey", garbage, "apiKey.next", garbage));

            assertThatThrownBy(() -> KeySecret.entry(REF, secret))
                    .isInstanceOfSatisfying(
                            OpenCraneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
                    .hasMessageContaining("not base64")
                    .hasMessageNotContaining("garbage")
                    .hasNoCause();
        }
    }
}
