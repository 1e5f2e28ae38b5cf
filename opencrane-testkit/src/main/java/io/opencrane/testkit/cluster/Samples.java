package io.opencrane.testkit.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.k8s.object.ObjectType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects for the cases, as small as the server allows. */
final class Samples {
    static final ObjectType TENANT = ObjectType.of(ResourceKind.TENANT);
    static final ObjectType CLUSTER_TENANT = ObjectType.of(ResourceKind.CLUSTER_TENANT);
    static final ObjectType ACCESS_POLICY = ObjectType.of(ResourceKind.ACCESS_POLICY);

    private Samples() {}

    static GenericKubernetesResource object(
            ObjectType type, @Nullable String namespace, String name, Map<String, ?> content) {
        GenericKubernetesResource object = new GenericKubernetesResourceBuilder()
                .withApiVersion(type.apiVersion())
                .withKind(type.kind())
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build();
        content.forEach(object::setAdditionalProperty);
        return object;
    }

    static GenericKubernetesResource labelled(GenericKubernetesResource object, Map<String, String> labels) {
        object.getMetadata().setLabels(new LinkedHashMap<>(labels));
        return object;
    }

    static GenericKubernetesResource namespace(String name) {
        return object(ObjectType.NAMESPACE, null, name, Map.of());
    }

    static GenericKubernetesResource configMap(String namespace, String name, Map<String, String> data) {
        return object(ObjectType.CONFIG_MAP, namespace, name, Map.of("data", data));
    }

    static GenericKubernetesResource tenant(String namespace, String name, Map<String, ?> moreSpec) {
        Map<String, Object> spec = new LinkedHashMap<>(Map.of("displayName", "Acme", "email", "owner@acme.com"));
        spec.putAll(moreSpec);
        return object(TENANT, namespace, name, Map.of("spec", spec));
    }

    static GenericKubernetesResource tenant(String namespace, String name) {
        return tenant(namespace, name, Map.of());
    }

    /** One container with an image and further fields. */
    static GenericKubernetesResource deployment(String namespace, String name, Map<String, ?> container) {
        Map<String, Object> whole = new LinkedHashMap<>(Map.of("name", "openclaw", "image", "example.com/openclaw:1"));
        whole.putAll(container);
        Map<String, String> labels = Map.of("opencrane.io/tenant", name);
        return object(
                ObjectType.DEPLOYMENT,
                namespace,
                name,
                Map.of(
                        "spec",
                        Map.of(
                                "replicas", 0,
                                "selector", Map.of("matchLabels", labels),
                                "template",
                                        Map.of(
                                                "metadata", Map.of("labels", labels),
                                                "spec", Map.of("containers", List.of(whole))))));
    }
}
