package io.opencrane.k8s.object;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/**
 * Names one object.
 *
 * @param type its type
 * @param namespace its namespace; empty for a cluster-scoped type
 * @param name its name
 */
public record ObjectRef(ObjectType type, String namespace, String name) {
    /** Refuses a namespace on a cluster-scoped type and its absence on a namespaced one. */
    public ObjectRef {
        if (name.isEmpty() || type.isNamespaced() == namespace.isEmpty()) {
            throw new IllegalArgumentException(type.kind() + " needs a name"
                    + (type.isNamespaced() ? " and a namespace." : " and no namespace; it is cluster-scoped."));
        }
    }

    /**
     * Names an object that was read.
     *
     * @param object an object of one of our own types or a {@linkplain ObjectType#known known} one
     * @return the reference
     * @throws IllegalArgumentException for any other type
     */
    public static ObjectRef of(GenericKubernetesResource object) {
        String namespace = object.getMetadata().getNamespace();
        return ObjectType.known(object.getApiVersion(), object.getKind())
                .orElseThrow(() -> new IllegalArgumentException(
                        object.getKind() + " of " + object.getApiVersion() + " is no type that is known here."))
                .named(namespace == null ? "" : namespace, object.getMetadata().getName());
    }

    /**
     * Reads like {@code Deployment opencrane/openclaw-acme}.
     *
     * @return kind, namespace and name
     */
    @Override
    public String toString() {
        return type.kind() + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
