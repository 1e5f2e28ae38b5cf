package io.opencrane.k8s.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.opencrane.api.resource.Quantity;
import io.opencrane.api.tenant.ComputeResources;
import io.opencrane.k8s.object.ObjectStore;
import io.opencrane.k8s.object.ObjectType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The default limits of our LimitRange in a customer's namespace (DECISIONS 19). */
final class LimitDefaults {
    private static final String LIMIT_RANGE = "opencrane-cluster-tenant-limits";

    private LimitDefaults() {}

    static ComputeResources read(ObjectStore objects, String namespace) {
        return objects.get(ObjectType.LIMIT_RANGE.named(namespace, LIMIT_RANGE))
                .map(LimitDefaults::ofContainers)
                .orElse(ComputeResources.NONE);
    }

    private static ComputeResources ofContainers(GenericKubernetesResource limitRange) {
        List<Map<String, Object>> limits = limitRange.get("spec", "limits");
        if (limits == null) {
            return ComputeResources.NONE;
        }
        return limits.stream()
                .filter(limit -> "Container".equals(limit.get("type")) && limit.get("default") instanceof Map<?, ?>)
                .findFirst()
                .map(limit -> (Map<?, ?>) limit.get("default"))
                .map(defaults -> new ComputeResources(quantity(defaults.get("cpu")), quantity(defaults.get("memory"))))
                .orElse(ComputeResources.NONE);
    }

    private static @Nullable Quantity quantity(@Nullable Object value) {
        return value == null ? null : Quantity.parse(value.toString());
    }
}
