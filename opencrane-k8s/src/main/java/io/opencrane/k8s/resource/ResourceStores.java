package io.opencrane.k8s.resource;

import io.opencrane.core.InstanceScope;
import io.opencrane.core.port.ResourceStore;
import io.opencrane.k8s.object.ObjectStore;

/** Makes the custom resources of a cluster out of its objects. */
public final class ResourceStores {
    private ResourceStores() {}

    /**
     * The custom resources among objects.
     *
     * @param objects the cluster's objects
     * @param scope the namespaces this instance works in; a resource or a list outside is refused with {@code VALIDATION_ERROR}
     * @return the store
     */
    public static ResourceStore over(ObjectStore objects, InstanceScope scope) {
        return new ObjectResourceStore(objects, scope);
    }
}
