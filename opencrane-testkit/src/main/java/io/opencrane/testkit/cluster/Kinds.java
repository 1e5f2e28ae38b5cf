package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.LimitRange;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.opencrane.api.error.ErrorCode;
import io.opencrane.api.error.OpenCraneException;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.k8s.object.ObjectType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The kinds of contract §3 and our six; shapes are made when a kind is first used. Not thread-safe. */
final class Kinds {
    private static final Map<ObjectType, Class<?>> BUILT_IN = Map.ofEntries(
            Map.entry(ObjectType.NAMESPACE, Namespace.class),
            Map.entry(ObjectType.POD, Pod.class),
            Map.entry(ObjectType.SERVICE_ACCOUNT, ServiceAccount.class),
            Map.entry(ObjectType.SECRET, Secret.class),
            Map.entry(ObjectType.CONFIG_MAP, ConfigMap.class),
            Map.entry(ObjectType.PERSISTENT_VOLUME_CLAIM, PersistentVolumeClaim.class),
            Map.entry(ObjectType.SERVICE, Service.class),
            Map.entry(ObjectType.RESOURCE_QUOTA, ResourceQuota.class),
            Map.entry(ObjectType.LIMIT_RANGE, LimitRange.class),
            Map.entry(ObjectType.DEPLOYMENT, Deployment.class),
            Map.entry(ObjectType.INGRESS, Ingress.class),
            Map.entry(ObjectType.NETWORK_POLICY, NetworkPolicy.class),
            Map.entry(ObjectType.ROLE_BINDING, RoleBinding.class));

    private final ModelShapes models = new ModelShapes();
    private final Map<String, ObjectType> served = new HashMap<>();
    private final Map<ObjectType, KindInfo> known = new HashMap<>();

    Kinds() {
        BUILT_IN.keySet().forEach(this::serve);
        for (ResourceKind kind : ResourceKind.values()) {
            serve(ObjectType.of(kind));
        }
    }

    private void serve(ObjectType type) {
        served.put(key(type.apiVersion(), type.kind()), type);
    }

    /** A further kind, kept without a schema: nothing is pruned, defaulted or validated but its metadata. */
    void serveFreeForm(ObjectType type) {
        serve(type);
        Map<String, Shape> fields = new HashMap<>();
        fields.put("apiVersion", Shape.value(Shape.Type.STRING));
        fields.put("kind", Shape.value(Shape.Type.STRING));
        fields.put("metadata", models.of(ObjectMeta.class));
        fields.put("spec", Shape.FREE_FORM);
        fields.put("status", Shape.FREE_FORM);
        Shape shape = Shape.object(fields);
        known.put(type, new KindInfo(type, shape, shape, false));
    }

    KindInfo of(String apiVersion, String kind) {
        ObjectType type = served.get(key(apiVersion, kind));
        if (type == null) {
            throw new OpenCraneException(
                    ErrorCode.DEPENDENCY_NOT_CONFIGURED,
                    kind + " of " + apiVersion,
                    "The in-memory cluster does not serve this type, only " + new TreeSet<>(served.keySet()) + ".");
        }
        return known.computeIfAbsent(type, this::describe);
    }

    KindInfo of(ObjectType type) {
        return of(type.apiVersion(), type.kind());
    }

    private KindInfo describe(ObjectType type) {
        @Nullable Class<?> model = BUILT_IN.get(type);
        if (model != null) {
            Shape shape = models.of(model);
            return new KindInfo(type, shape, shape, true);
        }
        JsonNode schema = schemaOf(type);
        Shape shape = CrdShapes.of(schema, models.of(ObjectMeta.class));
        return new KindInfo(type, shape, CrdShapes.isUsableForOwnership(schema) ? shape : Shape.FREE_FORM, false);
    }

    private static String key(String apiVersion, String kind) {
        return apiVersion + " " + kind;
    }

    private static JsonNode schemaOf(ObjectType type) {
        String resource = "/io/opencrane/k8s/crds/" + type.plural() + ".yaml";
        try (InputStream yaml = Kinds.class.getResourceAsStream(resource)) {
            if (yaml == null) {
                throw new IllegalStateException("opencrane-k8s has no " + resource + ".");
            }
            JsonNode crd = new KubernetesSerialization(new ObjectMapper(), false).unmarshal(yaml, JsonNode.class);
            return crd.path("spec").path("versions").path(0).path("schema").path("openAPIV3Schema");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
