package io.opencrane.testkit.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecretReference;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shapes of built-in kinds: fields from fabric8's models, so a new model brings its fields, and from this table how their lists merge in
 * the OpenAPI document of Kubernetes 1.20 (lists not named here are atomic). Not thread-safe.
 */
final class ModelShapes {
    private static final Map<String, List<String>> KEYED = Map.ofEntries(
            Map.entry("PodSpec.containers", List.of("name")),
            Map.entry("PodSpec.initContainers", List.of("name")),
            Map.entry("PodSpec.ephemeralContainers", List.of("name")),
            Map.entry("PodSpec.volumes", List.of("name")),
            Map.entry("PodSpec.imagePullSecrets", List.of("name")),
            Map.entry("PodSpec.hostAliases", List.of("ip")),
            Map.entry("PodSpec.topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable")),
            Map.entry("Container.env", List.of("name")),
            Map.entry("Container.ports", List.of("containerPort", "protocol")),
            Map.entry("Container.volumeMounts", List.of("mountPath")),
            Map.entry("Container.volumeDevices", List.of("devicePath")),
            Map.entry("ServiceSpec.ports", List.of("port", "protocol")),
            Map.entry("ServiceAccount.secrets", List.of("name")),
            Map.entry("ObjectMeta.ownerReferences", List.of("uid")),
            Map.entry("DeploymentStatus.conditions", List.of("type")),
            Map.entry("ServiceStatus.conditions", List.of("type")),
            Map.entry("NamespaceStatus.conditions", List.of("type")),
            Map.entry("PersistentVolumeClaimStatus.conditions", List.of("type")),
            Map.entry("PodStatus.conditions", List.of("type")),
            Map.entry("PodStatus.podIPs", List.of("ip")));

    private static final Set<String> SETS = Set.of("ObjectMeta.finalizers");

    /** References that 1.20 merges field by field have no entry here; these are owned as a whole. */
    private static final Set<Class<?>> ATOMIC = Set.of(LabelSelector.class);

    private final Map<Class<?>, Shape> known = new HashMap<>();

    Shape of(Class<?> model) {
        Shape shape = known.get(model);
        if (shape == null) {
            Map<String, Shape> fields = new HashMap<>();
            for (Field field : model.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getName().equals("additionalProperties")) {
                    String name = nameOf(field);
                    fields.put(name, shapeOf(field.getGenericType(), model.getSimpleName() + "." + name));
                }
            }
            shape = Shape.object(fields);
            shape = ATOMIC.contains(model) ? shape.atomic() : shape;
            known.put(model, shape);
        }
        return shape;
    }

    private static String nameOf(Field field) {
        @Nullable JsonProperty named = field.getAnnotation(JsonProperty.class);
        return named == null || named.value().isEmpty() ? field.getName() : named.value();
    }

    private Shape shapeOf(Type type, String where) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            Shape element = shapeOf(arguments[arguments.length - 1], where);
            if (arguments.length == 2) {
                return Shape.map(element);
            }
            List<String> keys = KEYED.getOrDefault(where, List.of());
            Shape.Merge merge =
                    SETS.contains(where) ? Shape.Merge.SET : keys.isEmpty() ? Shape.Merge.ATOMIC : Shape.Merge.KEYED;
            return Shape.list(element, merge, keys);
        }
        if (type == String.class) {
            return Shape.value(Shape.Type.STRING);
        } else if (type == Integer.class || type == Long.class) {
            return Shape.value(Shape.Type.INTEGER);
        } else if (type == Boolean.class) {
            return Shape.value(Shape.Type.BOOLEAN);
        } else if (type == Quantity.class) {
            return Shape.value(Shape.Type.QUANTITY);
        } else if (type == IntOrString.class) {
            return Shape.value(Shape.Type.INT_OR_STRING);
        }
        boolean model =
                type instanceof Class<?> found && found.getName().startsWith(SecretReference.class.getPackageName());
        return model ? of((Class<?>) type) : Shape.FREE_FORM;
    }
}
