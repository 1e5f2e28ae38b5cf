package io.opencrane.k8s.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.policy.AccessPolicy;
import io.opencrane.api.tenant.Tenant;
import org.junit.jupiter.api.Test;

class ResourceCodecTest {
    private final ResourceCodec codec = new ResourceCodec();

    private static GenericKubernetesResource object(String rest) throws JsonProcessingException {
        return JsonMapper.builder()
                .build()
                .readValue(
                        "{\"apiVersion\":\"opencrane.io/v1alpha1\",\"kind\":\"Tenant\","
                                + "\"metadata\":{\"namespace\":\"opencrane\",\"name\":\"acme\"}," + rest + "}",
                        GenericKubernetesResource.class);
    }

    private OpenCraneException failure(String rest) throws JsonProcessingException {
        GenericKubernetesResource object = object(rest);
        OpenCraneException failure =
                catchThrowableOfType(OpenCraneException.class, () -> codec.model(Tenant.class, object));
        assertThat(failure.code()).isEqualTo(ErrorCode.INTERNAL);
        assertThat(failure.subject()).isEqualTo("Tenant opencrane/acme");
        assertThat(failure.isRetryable()).isFalse();
        return failure;
    }

    @Test
    void aFieldThatNoModelHoldsIsNamed() throws JsonProcessingException {
        assertThat(failure("\"spec\":{\"resources\":{\"cpu\":\"much\"}}"))
                .hasMessageContaining("at spec.resources.cpu");
        assertThat(failure("\"spec\":{},\"status\":{\"phase\":\"Hibernating\"}"))
                .hasMessageContaining("at status.phase");
        assertThat(failure("\"spec\":{\"channels\":[{\"config\":\"text\"}]}"))
                .hasMessageContaining("at spec.channels[0].config");
        assertThat(failure("\"spec\":[]")).hasMessageContaining("at spec");
    }

    @Test
    void fieldsOfANewerPlatformAreIgnored() throws JsonProcessingException {
        Tenant tenant = codec.model(
                Tenant.class,
                object("\"spec\":{\"displayName\":\"Acme\",\"email\":\"a@b.c\",\"later\":{\"x\":1}},\"later\":true"));
        assertThat(tenant.spec().displayName()).isEqualTo("Acme");
    }

    @Test
    void aKindWithoutRequiredSpecMayHaveNone() throws JsonProcessingException {
        AccessPolicy policy = codec.model(AccessPolicy.class, object("\"status\":{}"));
        assertThat(policy.spec().domains().defaultDeny()).isTrue();
    }
}
