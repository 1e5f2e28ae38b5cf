package io.opencrane.k8s.resource;

import io.opencrane.api.resource.Resource;
import io.opencrane.api.resource.ResourceKind;
import io.opencrane.api.tenant.Tenant;
import java.util.Map;

/** Which model stands for which kind. */
final class ResourceModels {
    private static final Map<Class<? extends Resource>, ResourceKind> KINDS = Map.of(Tenant.class, ResourceKind.TENANT);

    private ResourceModels() {}

    static ResourceKind kindOf(Class<? extends Resource> model) {
        ResourceKind kind = KINDS.get(model);
        if (kind == null) {
            throw new IllegalArgumentException(model.getName() + " is not the model of a custom resource.");
        }
        return kind;
    }
}
