package io.opencrane.api.policy;

import io.opencrane.api.resource.ResourceKey;
import io.opencrane.api.resource.ResourceKind;

/**
 * Names an access policy: the namespace of its custom resource and its name.
 *
 * @param namespace where the custom resource is
 * @param name its name
 */
public record AccessPolicyId(String namespace, String name) {
    /** Refuses empty parts. */
    public AccessPolicyId {
        if (namespace.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException(
                    "A policy is named by its namespace and its name; neither may be empty.");
        }
    }

    /**
     * The key of the custom resource.
     *
     * @return kind, namespace and name
     */
    public ResourceKey key() {
        return new ResourceKey(ResourceKind.ACCESS_POLICY, namespace, name);
    }

    /**
     * The order of drift, lists and cursors is the byte order of this text.
     *
     * @return {@code namespace/name}
     */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
