package io.opencrane.k8s.resource;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceMetadata;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Custom resources between model, JSON tree and Kubernetes object. Thread-safe. */
public final class ResourceCodec {
    private final JsonMapper mapper = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /**
     * Reads a model. A newer platform or somebody with kubectl may have stored what no model can hold; that names the field and is no
     * fault of the caller.
     *
     * @param type the model
     * @param object an object of its kind
     * @param <R> the model
     * @return the model
     * @throws OpenCraneException {@code INTERNAL} naming the field that the model cannot hold
     */
    public <R extends Resource> R model(Class<R> type, GenericKubernetesResource object) {
        try {
            ObjectNode tree = mapper.valueToTree(object);
            if (!tree.has("spec")) {
                tree.putObject("spec"); // not every kind requires one, and the models do
            }
            return mapper.treeToValue(tree, type);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            ResourceMetadata metadata = name(object);
            throw new OpenCraneException(
                    ErrorCode.INTERNAL,
                    ResourceModels.kindOf(type).kind() + " "
                            + (metadata.namespace().isEmpty() ? "" : metadata.namespace() + "/") + metadata.name(),
                    "The stored object holds what this version cannot read" + at(e)
                            + "; correct it with kubectl, or upgrade this library.",
                    OpenCraneException.Retry.POINTLESS,
                    e);
        }
    }

    ObjectNode tree(Resource resource) {
        return mapper.valueToTree(resource);
    }

    ObjectNode object() {
        return mapper.createObjectNode();
    }

    GenericKubernetesResource object(JsonNode tree) {
        return mapper.convertValue(tree, GenericKubernetesResource.class);
    }

    String text(JsonNode tree) {
        try {
            return mapper.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ResourceMetadata name(GenericKubernetesResource object) {
        return object.getMetadata() == null
                ? ResourceMetadata.of("", "")
                : new ResourceMetadata(
                        object.getMetadata().getNamespace(),
                        object.getMetadata().getName(),
                        "",
                        "",
                        0,
                        null,
                        null,
                        Map.of(),
                        Map.of(),
                        List.of());
    }

    private static String at(Exception e) {
        if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
            return "";
        }
        return " at "
                + mapping.getPath().stream()
                        .map(step ->
                                step.getFieldName() == null ? "[" + step.getIndex() + "]" : "." + step.getFieldName())
                        .collect(Collectors.joining())
                        .substring(1);
    }
}
